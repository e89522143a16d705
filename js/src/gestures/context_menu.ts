/** Opens the context menu: under the pointer, under a finger, or at what is selected for the keyboard. */
import { listen } from "../drawing/dom";
import { centreOf, clamp, type Point } from "../drawing/geometry";
import type { Hit } from "../drawing/state";
import { placeOf } from "./actions";
import type { Bench } from "./bench";
import { chooseGhost } from "./ghosts";
import type { PointerGestures } from "./pointer";
import { flowMiddle } from "./rename";

/** Selects what is under the point, as the menu is about that, and opens there. */
export function openMenu(bench: Bench, client: Point, hit: Hit): void {
  const { session, spot, surface } = bench;
  const on = placeOf(hit);
  if ("id" in hit) {
    if (!session.nodes.has(hit.id)) session.select([hit.id]);
  } else if (hit.type === "ghost") chooseGhost(bench, hit.ghost);
  else if ("key" in hit) {
    if (!session.flows.has(hit.key)) session.select([], [hit.key]);
  } else session.clear();
  if (on !== "empty") session.turnToSelection();
  spot.choose(client);
  surface.setState({ hover: null });
  session.set({ menu: { ...inside(bench, client), on, byKey: false } });
}

/** At the first selected card, else at the first selected flow, else in the middle; always within the view. */
export function openMenuByKey(bench: Bench): void {
  const { session, spot, surface } = bench;
  const [node] = session.nodes;
  const [flow = session.ghost ?? undefined] = session.flows;
  const rect = node === undefined ? undefined : surface.nodeRect(node);
  const at = rect ? surface.toClient(centreOf(rect)) : flow === undefined ? null : flowMiddle(bench, flow);
  spot.choose(null);
  const on = rect ? "node" : session.ghost !== null ? "ghost" : flow === undefined ? "empty" : "flow";
  session.set({ menu: { ...inside(bench, at ?? surface.toClient(spot.middle)), on, byKey: true } });
}

/** A point of the page as one of the view. */
function inside({ layer }: Bench, { x, y }: Point): Point {
  const { left, top, width, height } = layer.getBoundingClientRect();
  return { x: clamp(x - left, 0, width), y: clamp(y - top, 0, height) };
}

/** With Shift the menu is the page's own: JupyterLab's, or the browser's. */
export function contextMenu(bench: Bench, pointer: PointerGestures): () => void {
  const { session, surface } = bench;
  return listen(surface.element, {
    contextmenu(event) {
      const isFromKey = session.menu !== null; // the key itself has opened it before
      if (event.shiftKey && !isFromKey) return;
      event.preventDefault();
      event.stopPropagation();
      // A finger that rests has a clock of its own, which says the same on every machine.
      if (isFromKey || (event as PointerEvent).pointerType === "touch") return;
      pointer.cancel(); // on a Mac a press with Ctrl began one
      const client = { x: event.clientX, y: event.clientY };
      openMenu(bench, client, surface.hit(client));
    },
  });
}
