/** All panels of a view, floating over its map. */
import { render } from "preact";
import type { PanelContext } from "./context";
import { Empty } from "./empty";
import { Legend } from "./legend";
import { Palette } from "./palette";
import { Side, sideContent } from "./side";
import { Toasts } from "./toast";
import { Toolbar } from "./toolbar";
import { Unsaved } from "./unsaved";
import { Zoom } from "./zoom";

function Panels({ context }: { context: PanelContext }) {
  const { store, session, overlay, isNarrow } = context;
  const legend = overlay?.[1].legend;
  // Where it is narrow, an open answer shows its legend itself.
  const isInSheet = isNarrow && session.sheetOpen && sideContent(context) === "answer";
  const toasts = (
    <div class="crm-toasts">
      <Unsaved context={context} />
      <Toasts session={session} />
    </div>
  );
  const side = <Side context={context} />;
  return (
    <>
      <Toolbar context={context} />
      <Palette context={context} />
      {store.nodes.size === 0 && <Empty context={context} />}
      {!isNarrow && side}
      <div class="crm-low">
        {isNarrow && toasts}
        <div class="crm-dock">
          {legend && !isInSheet && <Legend legend={legend} />}
          {isNarrow ? <span class="crm-space" /> : toasts}
          {store.nodes.size > 0 && <Zoom context={context} />}
        </div>
        {isNarrow && side}
      </div>
      <div class="crm-spoken" aria-live="polite">
        {session.spoken}
      </div>
    </>
  );
}

export function renderPanels(host: HTMLElement, context: PanelContext | null): void {
  render(context && <Panels context={context} />, host);
}
