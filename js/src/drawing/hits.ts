/** What lies under a point: handles before ports, ports before cards, cards before flows. */
import { distanceTo } from "./bezier";
import { type Camera, toScreen } from "./camera";
import { contains, distance, grow, type Point, type Rect, SIDES } from "./geometry";
import type { NodeItem } from "./items";
import { levelAt, typeScale } from "./level";
import { LABEL_ZOOM } from "./painter";
import { routeBox } from "./routes";
import type { Scene } from "./scene";
import type { Hit, SurfaceState } from "./state";
import { handles, portOwners, portPoint } from "./tools";

/** Generous, in pixels of the screen: a finger is no needle. */
const END_REACH = 11;
const PORT_REACH = 13;
const FLOW_REACH = 7;

export function hitAt(scene: Scene, camera: Camera, state: SurfaceState, world: Point): Hit {
  const screen = toScreen(camera, world);
  const away = (at: Point): number => distance(toScreen(camera, at), screen);
  for (const { at, key, end } of handles(scene, state)) if (away(at) <= END_REACH) return { type: "end", key, end };
  for (const id of portOwners(scene, camera, state)) {
    const rect = scene.items.node(id)?.outline.rect;
    if (!rect) continue;
    // A small card keeps its middle free for being dragged.
    const reach = Math.min(PORT_REACH, Math.min(rect.width, rect.height) * camera.k * 0.3);
    for (const side of SIDES) {
      const at = portPoint(scene, id, side);
      const isOutside = !contains(rect, world);
      if (at && away(at) <= (isOutside ? PORT_REACH + 2 : reach)) return { type: "port", id, side };
    }
  }
  const node = topmost(scene, world);
  if (node) return { type: "node", id: node.id };
  const key = levelAt(camera.k) === "far" ? undefined : flowAt(scene, camera, world);
  return key === undefined ? { type: "empty" } : { type: "flow", key };
}

function topmost(scene: Scene, world: Point): NodeItem | undefined {
  const here: Rect = { x: world.x, y: world.y, width: 0, height: 0 };
  const found = [
    ...scene.items.nodesIn(here),
    ...scene.items.liftedNodes().filter((item) => contains(item.outline.rect, world)),
  ];
  return found.findLast((item) => item.outline.shape !== "diamond" || isInDiamond(item.outline.rect, world));
}

function isInDiamond(rect: Rect, point: Point): boolean {
  const dx = Math.abs(point.x - rect.x - rect.width / 2) / (rect.width / 2);
  const dy = Math.abs(point.y - rect.y - rect.height / 2) / (rect.height / 2);
  return dx + dy <= 1.04;
}

function flowAt(scene: Scene, camera: Camera, world: Point): string | undefined {
  const reach = FLOW_REACH / camera.k;
  const items = scene.items.flowsIn(grow({ x: world.x, y: world.y, width: 0, height: 0 }, reach + 60));
  if (camera.k >= LABEL_ZOOM) {
    for (const label of scene.labels.placed(items, typeScale(camera.k)))
      if (contains(label.rect, world)) return label.key;
  }
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const route = scene.ways.route(item);
    if (!route) continue;
    const { width } = scene.looks.style(item.key);
    if (!contains(grow(routeBox(route, width), reach), world)) continue;
    const off = distanceTo(route.curve, world) - width / 2;
    const head = distance(route.tip, world) - width;
    const d = Math.min(off, head);
    if (d <= reach && d < least) {
      least = d;
      nearest = item.key;
    }
  }
  return nearest;
}
