/** What a view has in mind: selection, pointer, gesture in hand. It never leaves the browser. */
import type { Point, Rect, Side } from "./geometry";

export type Hit =
  | { type: "node"; id: string }
  | { type: "port"; id: string; side: Side }
  | { type: "flow"; key: string }
  /** The handle on an end of a selected flow. */
  | { type: "end"; key: string; end: "source" | "target" }
  | { type: "empty" };

/** A flow being drawn or reconnected: a string is the id of a node. */
export interface Draft {
  from: Point | string;
  to: Point | string;
}

/** A line that something in the hand meets, or a gap of its that equals another; upright or level. */
export interface Guide {
  readonly type: "line" | "gap";
  readonly from: Point;
  readonly to: Point;
}

export interface SurfaceState {
  selectedNodes: ReadonlySet<string>;
  selectedFlows: ReadonlySet<string>;
  hover: Hit | null;
  /** Nodes in the hand: painted on the moving layer, with their flows. */
  dragging: ReadonlySet<string>;
  /** Box selection, in the world. */
  box: Rect | null;
  guides: readonly Guide[];
  draft: Draft | null;
  /** The flow being reconnected, hidden meanwhile. */
  draftFlow: string | null;
  dropTarget: string | null;
  /** The name of the painted answer. */
  overlay: string | null;
  /** The node whose title is being renamed: its title is hidden. */
  editing: string | null;
}

export const initialState = (): SurfaceState => ({
  selectedNodes: new Set(),
  selectedFlows: new Set(),
  hover: null,
  dragging: new Set(),
  box: null,
  guides: [],
  draft: null,
  draftFlow: null,
  dropTarget: null,
  overlay: null,
  editing: null,
});

/** The card that is pointed at, or one of whose ports is. */
export function hoveredNode({ hover }: SurfaceState): string | null {
  return hover?.type === "node" || hover?.type === "port" ? hover.id : null;
}

/** The flow that is pointed at, or one of whose ends is. */
export function hoveredFlow({ hover }: SurfaceState): string | null {
  return hover?.type === "flow" || hover?.type === "end" ? hover.key : null;
}
