/** Nearer, farther, all of it. */
import type { PanelContext } from "./context";
import { IconButton } from "./icons";

export function Zoom({ context }: { context: PanelContext }) {
  return (
    <div class="crm-panel crm-zoom" role="toolbar" aria-label="Zoom" aria-orientation="vertical">
      <IconButton icon="add" label="Nearer" keys="+" onClick={() => context.zoomBy(1.3)} />
      <IconButton icon="minus" label="Farther" keys="−" onClick={() => context.zoomBy(1 / 1.3)} />
      <IconButton
        icon="fit"
        label="Show all of the map"
        keys="F"
        onClick={() => context.surface.fit(undefined, { animate: true })}
      />
    </div>
  );
}
