/** Moves the view by the minimap: a press brings it there, a drag takes it along. */
import { toWorld } from "../drawing/camera";
import { listen } from "../drawing/dom";
import type { Point } from "../drawing/geometry";
import type { Surface } from "../drawing/surface";

export function dragOnMinimap(surface: Surface): () => void {
  const { minimap } = surface;
  const { element } = minimap;
  /** From the middle of the view to where it is held. */
  let grip: Point | null = null;
  const middle = (): Point => {
    const { clientWidth, clientHeight } = surface.element;
    return toWorld(surface.camera, { x: clientWidth / 2, y: clientHeight / 2 });
  };
  const centreOn = ({ x, y }: Point, animate: boolean) => {
    const { clientWidth, clientHeight } = surface.element;
    const { k } = surface.camera;
    surface.setCamera({ k, x: clientWidth / 2 - x * k, y: clientHeight / 2 - y * k }, { animate });
  };
  return listen(element, {
    pointerdown(event) {
      if (event.button !== 0) return;
      event.preventDefault(); // the focus stays where it is
      element.setPointerCapture(event.pointerId);
      const at = minimap.worldAt({ x: event.clientX, y: event.clientY });
      const onFrame = (event.target as Element).classList.contains("minimap-frame");
      const from = middle();
      grip = onFrame ? { x: at.x - from.x, y: at.y - from.y } : { x: 0, y: 0 };
      if (!onFrame) centreOn(at, true);
    },
    pointermove(event) {
      if (!grip || !element.hasPointerCapture(event.pointerId)) return;
      const at = minimap.worldAt({ x: event.clientX, y: event.clientY });
      centreOn({ x: at.x - grip.x, y: at.y - grip.y }, false);
    },
    pointerup() {
      grip = null;
    },
    pointercancel() {
      grip = null;
    },
  });
}
