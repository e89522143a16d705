/** Carries a kind from the palette onto the map. */
import { div, listen, place } from "../drawing/dom";
import { around, contains, distance } from "../drawing/geometry";
import { kindOf } from "../model/kinds";
import { nameNewNode } from "./add";
import type { Bench } from "./bench";

const DRAG_PX = 4;

export function dragFromPalette(bench: Bench, kind: string, down: PointerEvent, onDrop?: () => void): void {
  if (down.button !== 0) return;
  const { surface, layer, session } = bench;
  const button = down.currentTarget as HTMLElement;
  const { width, height } = kindOf(kind);
  const carried = div("carried");
  button.setPointerCapture(down.pointerId);

  const pointermove = (event: PointerEvent) => {
    const at = { x: event.clientX, y: event.clientY };
    if (!carried.isConnected && distance(at, { x: down.clientX, y: down.clientY }) < DRAG_PX) return;
    layer.append(carried);
    const { k } = surface.camera;
    const origin = layer.getBoundingClientRect();
    place(carried, around({ x: at.x - origin.x, y: at.y - origin.y }, width * k, height * k));
  };
  const pointerup = (event: PointerEvent) => {
    const wasCarried = carried.isConnected;
    stop();
    if (!wasCarried) return; // a click, which the button takes
    // With the pointer captured, a click on the button follows: it is not meant. A later one is.
    setTimeout(listen(button, { click: (click) => click.stopImmediatePropagation() }, { capture: true }));
    const at = { x: event.clientX, y: event.clientY };
    const isOver = contains(surface.element.getBoundingClientRect(), at);
    if (!isOver || at.x < button.getBoundingClientRect().right) return;
    session.set({ kind });
    onDrop?.();
    nameNewNode(bench, surface.toWorld(at), { kind });
  };
  const stop = () => {
    unlisten();
    carried.remove();
  };
  const unlisten = listen(button, { pointermove, pointerup, pointercancel: stop });
}
