/** What every gesture works with. */
import type { Surface } from "../drawing/surface";
import type { Session } from "../model/session";
import type { Settings } from "../model/settings";
import type { Store } from "../model/store";
import type { PanZoom } from "./pan_zoom";
import type { Spot } from "./spot";

export interface Bench {
  readonly store: Store;
  readonly surface: Surface;
  readonly session: Session;
  /** Lies exactly over the surface; native inputs are placed in it. */
  readonly layer: HTMLElement;
  readonly pan: PanZoom;
  readonly spot: Spot;
  readonly settings: Settings;
  /** Whether this view may only look. */
  readonly isReadOnly: boolean;
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
