/** What every gesture works with. */
import type { Surface } from "../drawing/surface";
import type { Ghosts } from "../model/ghosts";
import type { Nesting } from "../model/nesting";
import type { Session } from "../model/session";
import type { Settings, Wishes } from "../model/settings";
import type { Store } from "../model/store";
import type { PanZoom } from "./pan_zoom";
import type { Spot } from "./spot";

export interface Bench {
  readonly store: Store;
  readonly surface: Surface;
  readonly session: Session;
  /** What of the map this view shows: within a card or at the top, with what is folded stood for. */
  readonly shown: Nesting;
  /** The same with what happens and is not drawn. */
  readonly ghosts: Ghosts;
  /** Lies exactly over the surface; native inputs are placed in it. */
  readonly layer: HTMLElement;
  readonly pan: PanZoom;
  readonly spot: Spot;
  readonly settings: Settings;
  /** Sets what may be set from here, for every view of the map. */
  wish(wishes: Partial<Wishes>): void;
  /** Whether this view may only look. */
  readonly isReadOnly: boolean;
  /** Brings nodes into sight, wherever they lie; with `fit` they fill the view, else it moves as little as it can. */
  go(ids: readonly string[], how?: { fit: boolean }): void;
}

/** A press and what came of it; positions are those of the pointer now. */
export interface Pointer {
  readonly client: { readonly x: number; readonly y: number };
  readonly world: { readonly x: number; readonly y: number };
  readonly shift: boolean;
  readonly toggle: boolean;
  readonly alt: boolean;
}

/** A gesture under way. It ends with exactly one of `end` and `cancel`. */
export interface Gesture {
  move(at: Pointer): void;
  end(at: Pointer): void;
  cancel(): void;
}
