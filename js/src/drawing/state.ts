/** What a view has in mind: selection, pointer, gesture in hand. It never leaves the browser. */
import type { Corner } from "./frames";
import type { Point, Rect, Side } from "./geometry";

export type Hit =
  | { type: "node"; id: string }
  | { type: "port"; id: string; side: Side }
  | { type: "flow"; key: string }
  /** A flow that happens and is not drawn. */
  | { type: "ghost"; ghost: string }
  /** The handle on an end of a selected flow. */
  | { type: "end"; key: string; end: "source" | "target" }
  /** The mark that opens what lies within a card, or folds a frame. */
  | { type: "inside"; id: string }
  /** The corner of a selected frame. */
  | { type: "corner"; id: string; corner: Corner }
  /** The name of a lane, the mark that folds it, or the border below it. */
  | { type: "lane" | "lane_fold" | "lane_edge"; name: string }
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

/** What a search has found: it stands out, all else is dimmed. */
export interface Found {
  readonly nodes: ReadonlySet<string>;
  readonly flows: ReadonlySet<string>;
  /** Which of them is looked at: the id of a node, or the key of a flow. */
  readonly active: string | null;
}

export interface SurfaceState {
  selectedNodes: ReadonlySet<string>;
  selectedFlows: ReadonlySet<string>;
  /** The ghost that is looked at. */
  ghost: string | null;
  hover: Hit | null;
  /** The card where the keyboard is, while that is not the selection. */
  cursor: string | null;
  found: Found | null;
  /** Nodes in the hand: painted on the moving layer, with their flows. */
  dragging: ReadonlySet<string>;
  /** Box selection, in the world. */
  box: Rect | null;
  /** A finger is at work: what can be taken hold of is larger. */
  isCoarse: boolean;
  /** The line that is drawn around cards, in the world. */
  lasso: readonly Point[] | null;
  guides: readonly Guide[];
  draft: Draft | null;
  /** The flow being reconnected, hidden meanwhile. */
  draftFlow: string | null;
  dropTarget: string | null;
  /** The name of the painted answer. */
  overlay: string | null;
  /** No hand changes the map: nothing is offered to be taken hold of. */
  isReadOnly: boolean;
  /** The node whose title is being renamed: its title is hidden. */
  editing: string | null;
}

export const initialState = (): SurfaceState => ({
  selectedNodes: new Set(),
  selectedFlows: new Set(),
  ghost: null,
  hover: null,
  cursor: null,
  found: null,
  dragging: new Set(),
  box: null,
  isCoarse: false,
  lasso: null,
  guides: [],
  draft: null,
  draftFlow: null,
  dropTarget: null,
  overlay: null,
  isReadOnly: false,
  editing: null,
});

/** The card that is pointed at, or one of whose ports is. */
export function hoveredNode({ hover }: SurfaceState): string | null {
  return hover?.type === "node" || hover?.type === "port" ? hover.id : null;
}

/** The flow or ghost that is pointed at, or the flow one of whose ends is. */
export function hoveredFlow({ hover }: SurfaceState): string | null {
  if (hover?.type === "ghost") return hover.ghost;
  return hover?.type === "flow" || hover?.type === "end" ? hover.key : null;
}
