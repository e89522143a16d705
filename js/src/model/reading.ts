/** What drawing and panels may read of the map: the document with this view's own unsaved edits laid over it. */
import type { About, Attributes, Card, Overlay, Status } from "../generated/schema";

/** The centre of a node on the plane of the map. */
export interface Position {
  readonly x: number;
  readonly y: number;
  readonly pinned: boolean;
  /** Of a frame that was given a size by hand. */
  readonly width?: number;
  readonly height?: number;
}

/** A flow's attributes; `source` and `target` are always there. */
export interface FlowAttributes extends Attributes {
  source: string;
  target: string;
  kind: string;
}

/** A node's attributes; `kind` and `label` are always there. */
export interface NodeAttributes extends Attributes {
  kind: string;
  label: string;
}

/** What a change touched, so that a reader redraws no more than it must. `everything` stands for all of it. */
export interface Touched {
  readonly everything: boolean;
  readonly nodes: ReadonlySet<string>;
  readonly flows: ReadonlySet<string>;
  readonly positions: ReadonlySet<string>;
  readonly cards: ReadonlySet<string>;
  /** Or votes. */
  readonly comments: boolean;
  readonly map: boolean;
  readonly overlays: boolean;
  readonly status: boolean;
}

export interface MapReading {
  readonly map: Attributes;
  readonly nodes: ReadonlyMap<string, NodeAttributes>;
  readonly flows: ReadonlyMap<string, FlowAttributes>;
  /** Positions in the current lens. */
  readonly positions: ReadonlyMap<string, Position>;
  readonly comments: ReadonlyMap<string, Attributes>;
  /** Who votes for each node that has votes. */
  readonly votes: ReadonlyMap<string, ReadonlySet<string>>;
  readonly cards: ReadonlyMap<string, Card>;
  readonly overlays: ReadonlyMap<string, Overlay>;
  readonly status: Status;
  readonly about: About;
  /** Keys of the flows that touch a node. */
  flowsOf(node: string): ReadonlySet<string>;
  /** The nodes whose parent it is. */
  contentOf(node: string): ReadonlySet<string>;
  subscribe(listener: (touched: Touched) => void): () => void;
}
