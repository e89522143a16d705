/** The stylesheet of surface and cards; it lives in a shadow root and speaks only in the theme's custom properties. */

export const SURFACE_CSS = `
.surface{position:absolute;inset:0;overflow:hidden;background:var(--crm-background);color:var(--crm-text);
  font:13px/17px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;touch-action:none;user-select:none;-webkit-user-select:none;
  outline:none;contain:strict;-webkit-tap-highlight-color:transparent}
.surface *{box-sizing:border-box}
.surface .picture{position:absolute;inset:0;pointer-events:none}
.surface canvas{position:absolute;left:0;top:0;transform-origin:0 0;pointer-events:none;max-width:none}
.surface .picture canvas{will-change:transform}
.surface .deck{position:absolute;left:0;top:0;width:0;height:0;transform-origin:0 0}
.surface .card{position:absolute;left:0;top:0;contain:layout style size;background:var(--crm-card);border-radius:10px;
  box-shadow:inset 0 0 0 1px var(--crm-line);color:var(--crm-text);text-align:left;cursor:default;outline:0 solid transparent}
.surface .card>*{position:absolute;overflow:hidden;pointer-events:none}
.surface .card .edge{left:0;top:10px;bottom:10px;width:4px;border-radius:0 3px 3px 0;background:var(--colour)}
.surface .title,.surface .text{display:-webkit-box;-webkit-box-orient:vertical;overflow-wrap:anywhere}
.surface .title{font-weight:650}
.surface .strong,.surface .soft,.surface .value,.surface .trend{white-space:pre;text-overflow:ellipsis}
.surface .strong,.surface .value{font-weight:650;font-variant-numeric:tabular-nums}
.surface .soft,.surface .text,.surface .tables{color:var(--crm-soft)}
.surface .soft,.surface .trend{font-variant-numeric:tabular-nums}
.surface .trend{font-weight:500;color:var(--crm-soft)}
.surface .trend[data-tone=good]{color:var(--crm-good)}
.surface .trend[data-tone=bad]{color:var(--crm-bad)}
.surface .spark{color:var(--colour)}
.surface .progress{border-radius:2px;background:var(--crm-line)}
.surface .progress i{position:absolute;left:0;top:0;bottom:0;min-width:4px;border-radius:2px;background:var(--colour)}
.surface .progress i[style*="width: 0%"]{min-width:0}
.surface .progress i[data-status=good]{background:var(--crm-good)}
.surface .progress i[data-status=warn]{background:var(--crm-warn)}
.surface .progress i[data-status=bad]{background:var(--crm-bad)}
.surface .tables{font-size:10.5px;line-height:15px;white-space:nowrap}
.surface .tables .icon{position:absolute;left:0;top:1.5px;width:11px;height:11px}
.surface .tables span{position:absolute;left:14px;top:0}
.surface .icon path{stroke-width:1.3}
.surface .card .badges{right:10px;top:-9px;height:18px;display:flex;gap:4px;overflow:visible}
.surface .badge{position:relative;height:18px;width:32px;border-radius:9px;background:var(--crm-card);
  box-shadow:inset 0 0 0 1px var(--crm-line-strong);color:var(--crm-soft);white-space:nowrap;
  font:600 10.5px/18px system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.surface .badge .icon{position:absolute;left:7px;top:3.5px;width:11px;height:11px}
.surface .badge span{position:absolute;left:21px;top:.5px}
.surface .badge.wide{width:38px}
.surface .badge.trouble{width:26px}
.surface .badge.trouble .icon{top:3px;width:12px;height:12px}
.surface .badge[data-tone=warn]{color:var(--crm-warn)}
.surface .badge[data-tone=bad]{color:var(--crm-bad)}
.surface .card[data-shape=pill]{border-radius:999px;box-shadow:inset 0 0 0 var(--border) var(--colour)}
.surface .card[data-shape=diamond]{background:none;box-shadow:none;border-radius:18px}
.surface .card .diamond{display:none}
.surface .card[data-shape=diamond] .diamond{display:block;inset:0;width:100%;height:100%;overflow:visible}
.surface .diamond path{fill:var(--crm-card);stroke:var(--colour);stroke-width:var(--border)}
.surface .card:not([data-shape=card]) .edge{display:none}
.surface .card[data-outcome=won]{--colour:var(--crm-good)!important}
.surface .card[data-outcome=lost]{--colour:var(--crm-bad)!important}
.surface .card.hovered:not([data-shape=diamond]){box-shadow:inset 0 0 0 1px var(--crm-line-strong)}
.surface .card[data-shape=pill].hovered{box-shadow:inset 0 0 0 calc(var(--border) + .5px) var(--colour)}
.surface .card.selected,.surface .card:focus-visible{outline:2px solid var(--crm-ring);outline-offset:3px}
.surface .card.selected:focus-visible{outline-width:3px}
.surface .card[data-shape=diamond].selected,.surface .card[data-shape=diamond]:focus-visible{outline:none}
.surface .card[data-shape=diamond].selected .diamond path,.surface .card[data-shape=diamond]:focus-visible .diamond path,
.surface .card[data-shape=diamond].target .diamond path{stroke:var(--crm-ring);stroke-width:3px}
.surface .card.target{outline:3px solid var(--crm-ring);outline-offset:2px}
.surface .card.dragging{z-index:1000000!important;cursor:grabbing}
.surface .card.dragging[data-shape=card]{box-shadow:inset 0 0 0 1px var(--crm-line-strong),var(--crm-shadow)}
.surface .card.editing .title{visibility:hidden}
.surface .tools{position:absolute;left:0;top:0;width:0;height:0;pointer-events:none}
.surface .tools>*{position:absolute;left:0;top:0}
.surface .port,.surface .end{width:12px;height:12px;margin:-6px 0 0 -6px;border-radius:50%;background:var(--crm-card);
  border:2px solid var(--crm-ring)}
.surface .port.active{width:16px;height:16px;margin:-8px 0 0 -8px;background:var(--crm-ring)}
.surface .end{background:var(--crm-ring);border-color:var(--crm-card);box-shadow:0 0 0 1px var(--crm-ring)}
.surface .box{border:1px solid var(--crm-accent);background:color-mix(in srgb,var(--crm-accent) 10%,transparent);border-radius:3px}
@media (forced-colors:active){.surface .card,.surface .badge{border:1px solid CanvasText}}
`;
