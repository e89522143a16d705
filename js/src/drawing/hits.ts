/** What lies under a point: handles before ports, ports before cards, cards before flows. */
import { isGhost } from "../model/ghosts";
import { distanceTo } from "./bezier";
import { type Camera, toScreen } from "./camera";
import { insideMark } from "./cardplan";
import { foldMark, isOnFrame } from "./frames";
import { centreOf, contains, distance, grow, type Point, type Rect } from "./geometry";
import type { NodeItem } from "./items";
import { LANE_GAP, LANE_NAME, LANE_STRIP, laneMark } from "./lanes";
import { LABEL_ZOOM, LARGEST_WHOLE, levelAt, typeScale } from "./level";
import { routeBox } from "./routes";
import type { Scene } from "./scene";
import type { Hit, SurfaceState } from "./state";
import { corners, handles, ports } from "./tools";

/** In pixels of the screen: generous for a pointer, and for a finger targets 44 pixels wide. */
const REACHES = {
  fine: { end: 11, port: 13, flow: 7 },
  coarse: { end: 22, port: 22, flow: 14 },
} as const;
const FLOW_REACH = REACHES.fine.flow;
const MARK_BELOW = 11;
const MARK_WIDTH = 60;

export function hitAt(scene: Scene, camera: Camera, state: SurfaceState, world: Point): Hit {
  const screen = toScreen(camera, world);
  const reach = REACHES[state.isCoarse ? "coarse" : "fine"];
  const away = (at: Point): number => distance(toScreen(camera, at), screen);
  const nearest = <T extends { at: Point }>(of: readonly T[]): T | undefined =>
    of.length ? of.reduce((a, b) => (away(b.at) < away(a.at) ? b : a)) : undefined;
  const handle = nearest(handles(scene, state));
  if (handle && away(handle.at) <= reach.end) return { type: "end", key: handle.key, end: handle.end };
  const port = nearest(ports(scene, camera, state));
  if (port) {
    const { id, side, at, rect } = port;
    // A small card keeps its middle free for being dragged.
    const inside = Math.min(reach.port, Math.min(rect.width, rect.height) * camera.k * 0.3);
    if (away(at) <= (contains(rect, world) ? inside : reach.port + 2)) return { type: "port", id, side };
  }
  const corner = nearest(corners(scene, state));
  if (corner && away(corner.at) <= reach.end) return { type: "corner", id: corner.id, corner: corner.corner };
  const node = topmost(scene, world);
  if (node) return { type: isOnInside(scene, node, camera.k, world) ? "inside" : "node", id: node.id };
  const key = levelAt(camera.k) === "far" ? undefined : flowAt(scene, camera, world, reach.flow);
  if (key !== undefined) return isGhost(key) ? { type: "ghost", ghost: key } : { type: "flow", key };
  const frame = scene.items.stillFrames().findLast(({ outline }) => isOnFrame(outline.rect, world, camera.k));
  if (frame) {
    const isMark = camera.k > 0.5 && contains(grow(foldMark(frame.outline.rect), 3), world);
    return { type: isMark ? "inside" : "node", id: frame.id };
  }
  return laneHit(scene, camera.k, world) ?? { type: "empty" };
}

/** Whether a point is on the mark of a near card that opens what lies within. */
function isOnInside(scene: Scene, { id, outline }: NodeItem, k: number, { x, y }: Point): boolean {
  const { inside } = scene.looks.content(id);
  if (inside === 0 || typeScale(k) > LARGEST_WHOLE) return false;
  const { rect } = outline;
  const mark = insideMark(rect.width, rect.height, inside);
  return contains(grow(mark, 3), { x: x - rect.x, y: y - rect.y });
}

function laneHit({ lanes }: Scene, k: number, world: Point): Hit | undefined {
  const reach = FLOW_REACH / k;
  for (const [i, { name, rect }] of lanes.entries()) {
    const below = rect.y + rect.height;
    const isWithin = world.x >= rect.x && world.x <= rect.x + rect.width;
    if (isWithin && i < lanes.length - 1 && Math.abs(world.y - below - LANE_GAP / 2) <= Math.max(reach, LANE_GAP / 2))
      return { type: "lane_edge", name };
    if (k > 0.5 && contains(laneMark(rect), world)) return { type: "lane_fold", name };
    if (contains({ ...rect, width: Math.min(LANE_NAME, rect.width), height: Math.min(LANE_STRIP, rect.height) }, world))
      return { type: "lane", name };
  }
  return undefined;
}

function topmost(scene: Scene, { x, y }: Point): NodeItem | undefined {
  // The mark of what lies within stands out of a card's lower border.
  const below = scene.items.allNodesIn({ x, y: y - MARK_BELOW, width: 0, height: MARK_BELOW });
  const found = below.filter(({ id, outline: { rect } }) => {
    const isBelow = y > rect.y + rect.height;
    return !isBelow || (x > rect.x + rect.width - MARK_WIDTH && scene.looks.content(id).inside > 0);
  });
  return found.findLast(({ outline }) => outline.shape !== "diamond" || isInDiamond(outline.rect, { x, y }));
}

function isInDiamond(rect: Rect, point: Point): boolean {
  const { x, y } = centreOf(rect);
  return Math.abs(point.x - x) / rect.width + Math.abs(point.y - y) / rect.height <= 0.52;
}

function flowAt(scene: Scene, camera: Camera, world: Point, reachPx: number): string | undefined {
  const reach = reachPx / camera.k;
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
