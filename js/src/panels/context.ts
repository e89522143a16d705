/** What the panels read and drive. They are drawn anew, top down, whenever the view says so. */
import type { Overlay } from "../generated/schema";
import type { Bench } from "../gestures/bench";

export interface PanelContext extends Bench {
  /** Narrow outputs fold the toolbar and show the side panel as a sheet at the bottom. */
  readonly isNarrow: boolean;
  /** The answer that is painted now: its name and content. */
  readonly overlay: readonly [name: string, overlay: Overlay] | null;
  /** Whether edits have waited for the kernel long enough to say so. */
  readonly isStuck: boolean;
}
