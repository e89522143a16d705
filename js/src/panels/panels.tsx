/** All panels of a view, floating over its map. */
import { render } from "preact";
import { Connect } from "./connect";
import type { PanelContext } from "./context";
import { ContextMenu } from "./context_menu";
import { Empty } from "./empty";
import { Filter } from "./filter_bar";
import { Find } from "./find";
import { Keys } from "./keys";
import { Legend } from "./legend";
import { MinimapPanel } from "./minimap";
import { Outline } from "./outline";
import { Palette } from "./palette";
import { QuickEntry } from "./quick_entry";
import { Side, sideContent } from "./side";
import { Toasts } from "./toasts";
import { Toolbar } from "./toolbar";
import { UnmatchedPanel } from "./unmatched";
import { Way } from "./way";
import { Zoom } from "./zoom";

function Panels({ context }: { context: PanelContext }) {
  const { shown, session, overlay, isNarrow } = context;
  const legend = overlay?.[1].legend;
  // Where it is narrow, an open answer shows its legend itself.
  const isInSheet = isNarrow && session.sheetOpen && sideContent(context) === "answer";
  const isEmpty = shown.nodes.size === 0;
  const toasts = <Toasts context={context} />;
  const side = <Side context={context} />;
  return (
    <>
      <Outline context={context} />
      <Toolbar context={context} />
      <Way context={context} />
      {!context.isReadOnly && <Palette context={context} />}
      {!isEmpty && <Filter context={context} />}
      {session.left === "keys" && <Keys context={context} />}
      {session.left === "unmatched" && <UnmatchedPanel context={context} />}
      {session.findOpen && <Find context={context} />}
      {session.connecting && <Connect context={context} connecting={session.connecting} />}
      {isEmpty && <Empty context={context} />}
      {!isEmpty && session.isEntryOpen && !context.isReadOnly && <QuickEntry context={context} />}
      {!isNarrow && side}
      <div class="crm-low">
        {isNarrow && toasts}
        <div class="crm-dock">
          {legend && !isInSheet && <Legend legend={legend} />}
          {isNarrow ? <span class="space" /> : toasts}
          {!isEmpty && !isNarrow && <MinimapPanel context={context} />}
          {!isEmpty && <Zoom context={context} />}
        </div>
        {isNarrow && side}
      </div>
      {session.menu && (
        <ContextMenu key={`${session.menu.x} ${session.menu.y}`} context={context} menu={session.menu} />
      )}
      <div class="spoken" aria-live="polite">
        {session.spoken}
      </div>
    </>
  );
}

export function renderPanels(host: HTMLElement, context: PanelContext | null): void {
  render(context && <Panels context={context} />, host);
}
