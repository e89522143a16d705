/** Where something new goes: where a menu was opened, else under the pointer, else into the middle of what is in sight. */
import { listen } from "../drawing/dom";
import type { Point } from "../drawing/geometry";
import type { Surface } from "../drawing/surface";

export class Spot {
  /** In the world: the page may be scrolled while a menu is open. */
  #chosen: Point | null = null;
  /** In client pixels: the map may move under a pointer that rests. */
  #pointer: Point | null = null;
  readonly destroy: () => void;

  constructor(readonly surface: Surface) {
    const follow = (event: PointerEvent) => {
      this.#pointer = { x: event.clientX, y: event.clientY };
      this.#chosen = null;
    };
    this.destroy = listen(surface.element, {
      pointermove: follow,
      pointerdown: follow,
      pointerleave: () => {
        this.#pointer = null;
      },
    });
  }

  /** Holds a place until the pointer is on the map again: what is picked from a menu is meant for where it was opened. */
  choose(client: Point | null): void {
    this.#chosen = client && this.surface.toWorld(client);
    this.#pointer = null;
  }

  /** Where a menu was opened, in the world. */
  get chosen(): Point | null {
    return this.#chosen;
  }

  /** The place that a hand has shown, in the world. */
  get pointed(): Point | null {
    return this.#chosen ?? (this.#pointer && this.surface.toWorld(this.#pointer));
  }

  /** The middle of what is in sight, in the world. */
  get middle(): Point {
    const { left, top, width, height } = this.surface.element.getBoundingClientRect();
    return this.surface.toWorld({ x: left + width / 2, y: top + height / 2 });
  }
}
