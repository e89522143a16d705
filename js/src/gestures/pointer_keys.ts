/** What is done with the pointer, or by keys that are no actions: said for the sheet of keys. */
import type { ActionGroup } from "./actions";

export interface GestureHelp {
  readonly group: ActionGroup;
  readonly title: string;
  /** Keys and what the pointer does, each by its name. */
  readonly how: readonly string[];
  /** It changes the map, so that a read-only one does not tell of it. */
  readonly edits?: boolean;
}

export const GESTURES: readonly GestureHelp[] = [
  { group: "Add", title: "Add a card there", how: ["Double-click"], edits: true },
  { group: "Add", title: "Draw a flow", how: ["Drag a port"], edits: true },
  { group: "Edit", title: "Duplicate there", how: ["Alt+Drag"], edits: true },
  { group: "Edit", title: "Rename, or label a flow", how: ["Double-click"], edits: true },
  { group: "Edit", title: "Lead a flow elsewhere", how: ["Drag its end"], edits: true },
  { group: "Edit", title: "Back to the canvas", how: ["Escape"] },
  { group: "Select", title: "Next card, previous card", how: ["Tab", "Shift+Tab"] },
  { group: "Select", title: "Several cards", how: ["Shift+Click"] },
  { group: "Select", title: "All in a box", how: ["Shift+Drag"] },
  { group: "Select", title: "All in a drawn line", how: ["Shift+Alt+Drag"] },
  { group: "Select", title: "Nothing", how: ["Escape"] },
  { group: "Arrange", title: "Move the selection", how: ["Arrows"], edits: true },
  { group: "Arrange", title: "Move it farther", how: ["Shift+Arrows"], edits: true },
  { group: "Arrange", title: "Move it off grid and lines", how: ["Drag, then Alt"], edits: true },
  { group: "View", title: "Move the view", how: ["Drag", "Space+Drag"] },
  { group: "View", title: "Nearer, farther", how: ["Wheel"] },
];
