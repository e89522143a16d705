/** Nearer, farther, all of it, on the whole screen. */
import { isFullScreen, toggleFullScreen } from "../gestures/full_screen";
import { IconButton } from "./buttons";
import type { PanelContext } from "./context";

export function Zoom({ context }: { context: PanelContext }) {
  const { pan, surface } = context;
  const fit = () => surface.fit(undefined, { animate: true });
  const isFull = isFullScreen(context);
  return (
    <div class="panel crm-zoom" role="toolbar" aria-label="Zoom" aria-orientation="vertical">
      <IconButton icon="add" label="Nearer" keys="+" onClick={() => pan.zoomBy(1.3)} />
      <IconButton icon="minus" label="Farther" keys="−" onClick={() => pan.zoomBy(1 / 1.3)} />
      <IconButton icon="fit" label="Show all of the map" keys="F" onClick={fit} />
      {document.fullscreenEnabled && (
        <IconButton
          icon={isFull ? "leave_screen" : "full_screen"}
          label={isFull ? "Leave the full screen" : "Full screen"}
          keys="Shift+F"
          onClick={() => toggleFullScreen(context)}
        />
      )}
    </div>
  );
}
