/** Carries a kind from the palette onto the map. */
import { NODE_KINDS } from "../generated/schema";
import { addAt } from "./add";
import type { Bench } from "./bench";

const DRAG_PX = 4;

export function dragFromPalette(bench: Bench, kind: string, down: PointerEvent, onDrop: () => void): void {
  if (down.button !== 0) return;
  const { surface, layer, session } = bench;
  const button = down.currentTarget as HTMLElement;
  const size = NODE_KINDS[kind] ?? { width: 200, height: 120 };
  let carried: HTMLElement | null = null;
  button.setPointerCapture(down.pointerId);

  const onMove = (event: PointerEvent) => {
    if (!carried) {
      if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) < DRAG_PX) return;
      carried = document.createElement("div");
      carried.className = "crm-carried";
      layer.append(carried);
    }
    const { k } = surface.camera;
    const origin = layer.getBoundingClientRect();
    Object.assign(carried.style, {
      left: `${event.clientX - origin.x - (size.width * k) / 2}px`,
      top: `${event.clientY - origin.y - (size.height * k) / 2}px`,
      width: `${size.width * k}px`,
      height: `${size.height * k}px`,
    });
  };
  const stop = () => {
    button.removeEventListener("pointermove", onMove);
    button.removeEventListener("pointerup", onUp);
    button.removeEventListener("pointercancel", stop);
    carried?.remove();
  };
  const onUp = (event: PointerEvent) => {
    const wasCarried = carried !== null;
    stop();
    if (!wasCarried) return; // a click, which the button takes
    // With the pointer captured, a click on the button follows: it is not meant. A later one is.
    const swallow = (click: Event) => click.stopImmediatePropagation();
    button.addEventListener("click", swallow, { capture: true });
    setTimeout(() => button.removeEventListener("click", swallow, { capture: true }));
    const box = surface.element.getBoundingClientRect();
    const inside =
      event.clientX > box.left && event.clientX < box.right && event.clientY > box.top && event.clientY < box.bottom;
    const home = button.getBoundingClientRect();
    if (!inside || event.clientX < home.right) return;
    session.set({ kind });
    onDrop();
    addAt(bench, surface.toWorld({ x: event.clientX, y: event.clientY }), kind);
  };
  button.addEventListener("pointermove", onMove);
  button.addEventListener("pointerup", onUp);
  button.addEventListener("pointercancel", stop);
}
