"""The look of a report: the colours and sizes of the house, on a screen in light and dark, on paper in light."""

from __future__ import annotations

from crmwidget.design import THEMES
from crmwidget.formats.svg_text import FAMILY

__all__ = ["STYLE"]

_USED = ("background", "panel", "line", "line_strong", "text", "soft", "accent", "accent_soft", "good", "warn", "bad")


def _variables(theme: str) -> str:
    return "".join(f"--{name}:{THEMES[theme][name]};" for name in _USED)


STYLE = f"""
:root{{{_variables("light")}color-scheme:light dark}}
.dark{{display:none!important}}
@media screen and (prefers-color-scheme:dark){{
:root{{{_variables("dark")}}}
.light{{display:none!important}}
.dark{{display:block!important}}
}}
*{{box-sizing:border-box}}
html{{background:var(--background);scroll-padding-top:24px;-webkit-text-size-adjust:100%}}
body{{margin:0;color:var(--text);font:15px/1.55 {FAMILY};overflow-wrap:anywhere}}
main{{max-width:960px;margin:0 auto;padding:56px 32px 96px}}
h1,h2,h3,p,ul,ol,dl,dd,figure{{margin:0;padding:0}}
h1{{font-size:32px;line-height:1.2;font-weight:650;letter-spacing:-.015em}}
h2{{font-size:19px;line-height:1.3;font-weight:650;letter-spacing:-.005em}}
h3{{font-size:13px;line-height:1.4;font-weight:650}}
a{{color:var(--accent);text-decoration-line:underline;text-decoration-thickness:1px;text-underline-offset:.18em}}
a:hover{{text-decoration-thickness:2px}}
:focus-visible{{outline:2px solid var(--accent);outline-offset:2px;border-radius:2px}}
.kind{{font-size:11px;font-weight:650;letter-spacing:.08em;text-transform:uppercase;color:var(--soft);margin-bottom:8px}}
.of{{color:var(--soft);margin-top:8px}}
nav{{margin-top:24px;padding-top:16px;border-top:1px solid var(--line);font-size:13px}}
nav ul{{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px}}
section{{margin-top:56px}}
section>h2+p{{color:var(--soft);max-width:44em;margin-top:4px}}
.base{{font-size:13px;color:var(--soft);margin-top:4px}}
.numbers{{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin-top:16px}}
.numbers>div{{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 16px;
display:flex;flex-direction:column}}
dt{{font-size:11px;line-height:1.5;color:var(--soft)}}
.value{{font-size:24px;line-height:1.35;font-weight:650;font-variant-numeric:tabular-nums;letter-spacing:-.01em}}
.numbers .base{{margin-top:2px;font-size:11px;line-height:1.45}}
.findings{{list-style:none;margin-top:20px;display:grid;gap:20px}}
.finding{{position:relative;padding-left:20px;max-width:48em}}
.finding::before{{content:"";position:absolute;left:0;top:6px;width:10px;height:10px;border-radius:5px;
background:var(--soft)}}
.finding.bad::before{{background:var(--bad)}}
.finding.warn::before{{background:var(--warn)}}
.finding.good::before{{background:var(--good)}}
.finding:target .sentence{{background:var(--accent_soft);box-shadow:0 0 0 4px var(--accent_soft);border-radius:2px}}
.sentence{{font-weight:650}}
.mark{{font-size:11px;font-weight:650;margin-right:6px;color:var(--soft)}}
.bad>.sentence .mark,.bad>.mark{{color:var(--bad)}}
.warn>.sentence .mark,.warn>.mark{{color:var(--warn)}}
.good>.sentence .mark,.good>.mark{{color:var(--good)}}
.small,.finding p+p,.step p+p{{font-size:13px;color:var(--soft);margin-top:2px}}
.brief{{list-style:none;margin-top:20px;border-top:1px solid var(--line)}}
.brief li{{padding:10px 0;border-bottom:1px solid var(--line)}}
.trouble{{margin-top:16px;padding:14px 16px;border:1px solid var(--line_strong);border-radius:10px;max-width:48em}}
figure{{margin-top:24px}}
figcaption,caption{{font-size:11px;line-height:1.5;color:var(--soft);text-align:left}}
figcaption{{margin-top:8px}}
.scroll{{overflow-x:auto;max-width:100%}}
.layers{{position:relative;min-width:640px}}
.layers>div>svg{{display:block;width:100%;height:auto}}
.places{{position:absolute;inset:0;width:100%;height:100%}}
.places a{{outline:none}}
.places rect{{fill:transparent;stroke:transparent;stroke-width:2.5}}
.places a:hover rect{{stroke:var(--line_strong)}}
.places a:focus-visible rect,.places a:target rect{{stroke:var(--accent)}}
.chart img{{display:block;max-width:100%;height:auto}}
.chart .dark{{display:none}}
table{{border-collapse:collapse;font-size:13px;line-height:1.45;margin-top:24px}}
caption{{padding-bottom:6px}}
th,td{{padding:6px 24px 6px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}}
thead th{{font-size:11px;color:var(--soft);border-bottom-color:var(--line_strong);white-space:nowrap}}
tbody th{{min-width:9em}}
.figure{{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}}
tr:target{{background:var(--accent_soft)}}
.notes{{margin-top:24px}}
.notes ul{{padding-left:18px;font-size:13px;color:var(--soft);margin-top:4px;max-width:52em}}
.plan{{list-style:none;margin-top:16px;max-width:52em;border-top:1px solid var(--line)}}
.step{{position:relative;padding:14px 0 14px 32px;border-bottom:1px solid var(--line)}}
.step::before{{content:"";position:absolute;left:2px;top:18px;width:13px;height:13px;border-radius:3px;
border:1.5px solid var(--soft)}}
.step .what{{font-weight:650}}
.step b{{font-weight:650;color:var(--text)}}
@media screen and (prefers-reduced-motion:no-preference){{html{{scroll-behavior:smooth}}}}
@media (max-width:600px){{
main{{padding:32px 16px 64px}}
h1{{font-size:26px}}
section{{margin-top:44px}}
.numbers{{grid-template-columns:repeat(auto-fit,minmax(136px,1fr));gap:8px}}
.value{{font-size:19px}}
th,td{{padding-right:16px}}
}}
@media print{{
@page{{margin:18mm 16mm 20mm;@bottom-right{{content:counter(page) " / " counter(pages);font:9pt {FAMILY};
color:{THEMES["light"]["soft"]}}}}}
html,body{{background:none}}
body{{font-size:10.5pt}}
main{{max-width:none;padding:0}}
nav{{display:none}}
section{{margin-top:28pt}}
h2,h3,section>h2+p,.base,caption,thead{{break-after:avoid}}
figure,.scroll,.finding,.step,.numbers>div,tr,.trouble,.brief li{{break-inside:avoid}}
p,li{{orphans:3;widows:3}}
.scroll{{overflow:visible}}
.layers{{min-width:0}}
.numbers{{grid-template-columns:repeat(auto-fit,minmax(112px,1fr));gap:8px}}
.numbers>div{{padding:10px 12px}}
.value{{font-size:16pt}}
.places a:target rect{{stroke:transparent}}
tr:target,.finding:target .sentence{{background:none;box-shadow:none}}
}}
"""
