/** Nearer, farther, all of it. */
import { IconButton } from "./buttons";
import type { PanelContext } from "./context";

export function Zoom({ context: { pan, surface } }: { context: PanelContext }) {
  const fit = () => surface.fit(undefined, { animate: true });
  return (
    <div class="panel crm-zoom" role="toolbar" aria-label="Zoom" aria-orientation="vertical">
      <IconButton icon="add" label="Nearer" keys="+" onClick={() => pan.zoomBy(1.3)} />
      <IconButton icon="minus" label="Farther" keys="−" onClick={() => pan.zoomBy(1 / 1.3)} />
      <IconButton icon="fit" label="Show all of the map" keys="F" onClick={fit} />
    </div>
  );
}
