/** Which cards lie on the table: those in the view and a little beyond it, as long as it is near enough to read them. */
import type { Camera } from "./camera";
import type { Deck } from "./deck";
import { encloses, grow, type Rect } from "./geometry";
import { levelAt, typeScale } from "./level";
import type { Scene } from "./scene";

/** Cards are kept ready this far beyond the view, in pixels. */
const BEYOND = 160;

export class Dealer {
  #isDone = true;
  /** What of the world the cards were dealt for; null when they have to be gone through again. */
  #dealt: Rect | null = null;

  constructor(
    readonly deck: Deck,
    readonly scene: Scene,
  ) {}

  /** Whether all cards are there that should be: time may have been too short for some. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** Goes through all cards at the next deal, wherever the view is. */
  again(): void {
    this.#dealt = null;
  }

  /** `isStretched`: the picture below is not drawn for this zoom. */
  deal(camera: Camera, view: Rect, moving: { isMoving: boolean; isStretched: boolean }, deadline: number): void {
    const isNear = levelAt(camera.k) === "near";
    this.deck.setMoving(moving.isMoving && isNear);
    if (!isNear) {
      this.deck.clear();
      this.#dealt = null;
      this.#isDone = true;
      return;
    }
    // While the zoom changes the picture below shows the same cards; new elements would cost frames.
    if (moving.isMoving && moving.isStretched) return;
    if (this.deck.setType(typeScale(camera.k))) this.#dealt = null;
    if (this.#isDone && this.#dealt && encloses(this.#dealt, grow(view, BEYOND / 3 / camera.k))) return;
    const wide = grow(view, BEYOND / camera.k);
    this.#isDone = this.deck.sync(this.scene.items.allNodesIn(wide), view, deadline);
    this.#dealt = wide;
  }
}
