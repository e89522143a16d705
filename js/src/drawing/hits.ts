/** What lies under a point: handles before ports, ports before cards, cards before flows. */
import { distanceTo } from "./bezier";
import { type Camera, toScreen } from "./camera";
import { centreOf, contains, distance, grow, type Point, type Rect } from "./geometry";
import type { NodeItem } from "./items";
import { LABEL_ZOOM, levelAt, typeScale } from "./level";
import { routeBox } from "./routes";
import type { Scene } from "./scene";
import type { Hit, SurfaceState } from "./state";
import { handles, ports } from "./tools";

/** Generous, in pixels of the screen: a finger is no needle. */
const END_REACH = 11;
const PORT_REACH = 13;
const FLOW_REACH = 7;

export function hitAt(scene: Scene, camera: Camera, state: SurfaceState, world: Point): Hit {
  const screen = toScreen(camera, world);
  const away = (at: Point): number => distance(toScreen(camera, at), screen);
  for (const { at, key, end } of handles(scene, state)) if (away(at) <= END_REACH) return { type: "end", key, end };
  for (const { id, side, at, rect } of ports(scene, camera, state)) {
    // A small card keeps its middle free for being dragged.
    const inside = Math.min(PORT_REACH, Math.min(rect.width, rect.height) * camera.k * 0.3);
    if (away(at) <= (contains(rect, world) ? inside : PORT_REACH + 2)) return { type: "port", id, side };
  }
  const node = topmost(scene, world);
  if (node) return { type: "node", id: node.id };
  const key = levelAt(camera.k) === "far" ? undefined : flowAt(scene, camera, world);
  return key === undefined ? { type: "empty" } : { type: "flow", key };
}

function topmost(scene: Scene, { x, y }: Point): NodeItem | undefined {
  const found = scene.items.allNodesIn({ x, y, width: 0, height: 0 });
  return found.findLast(({ outline }) => outline.shape !== "diamond" || isInDiamond(outline.rect, { x, y }));
}

function isInDiamond(rect: Rect, point: Point): boolean {
  const { x, y } = centreOf(rect);
  return Math.abs(point.x - x) / rect.width + Math.abs(point.y - y) / rect.height <= 0.52;
}

function flowAt(scene: Scene, camera: Camera, world: Point): string | undefined {
  const reach = FLOW_REACH / camera.k;
  const items = scene.items.flowsIn(grow({ x: world.x, y: world.y, width: 0, height: 0 }, reach + 60));
  if (camera.k >= LABEL_ZOOM) {
    for (const label of scene.labels.placed(items, typeScale(camera.k)))
      if (contains(label.rect, world)) return label.key;
  }
  let nearest: string | undefined;
  let least = Infinity;
  for (const item of items) {
    const route = scene.ways.route(item);
    if (!route) continue;
    const { width } = scene.looks.style(item.key);
    if (!contains(grow(routeBox(route, width), reach), world)) continue;
    const d = Math.min(distanceTo(route.curve, world) - width / 2, distance(route.tip, world) - width);
    if (d <= reach && d < least) {
      least = d;
      nearest = item.key;
    }
  }
  return nearest;
}
