/** A finger that rests: told after half a second, with a ring where it is and, where there is one, a short buzz. */
import { div, place } from "../drawing/dom";
import { around, type Point } from "../drawing/geometry";

const REST_MS = 500;
const BUZZ_MS = 8;
const RING_MS = 400;
const RING_PX = 64;

export interface LongPress {
  start(client: Point): void;
  stop(): void;
}

/** The ring is shown in `layer`, which lies over the map and takes no pointer. */
export function longPress(layer: HTMLElement, onRest: (client: Point) => void): LongPress {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    start(client) {
      clearTimeout(timer);
      timer = setTimeout(() => {
        cue(layer, client);
        onRest(client);
      }, REST_MS);
    },
    stop: () => clearTimeout(timer),
  };
}

function cue(layer: HTMLElement, client: Point): void {
  const { left, top } = layer.getBoundingClientRect();
  const ring = div("cue");
  place(ring, around({ x: client.x - left, y: client.y - top }, RING_PX, RING_PX));
  layer.append(ring);
  setTimeout(() => ring.remove(), RING_MS);
  navigator.vibrate?.(BUZZ_MS);
}
