/** The frames of groups: how large, what of them the pointer can take, and how they are painted. */
import { GEOMETRY, NODE_KINDS } from "../generated/schema";
import { own } from "../model/kinds";
import type { Position } from "../model/reading";
import { around, contains, grow, type Point, type Rect, union } from "./geometry";
import type { NodeItem } from "./items";

/** How near to its border, in pixels of the screen, a frame is taken hold of. */
const BORDER_REACH = 5;

/** The rectangle of a frame: what its content needs, and what it was given by hand; an empty one has its kind's size. */
export function frameRect(at: Position, content: Rect | undefined): Rect {
  const { frame_padding: pad, frame_header: header } = GEOMETRY;
  const given = at.width !== undefined && at.height !== undefined ? around(at, at.width, at.height) : undefined;
  if (!content) {
    const { width = 320, height = 200 } = own(NODE_KINDS, "group") ?? {};
    return given ?? around(at, width, height);
  }
  const { x, y, width, height } = grow(content, pad);
  const needed = { x, y: y - header, width, height: height + header };
  return given ? union(needed, given) : needed;
}

/** The strip that bears the name. */
export function frameHeader({ x, y, width }: Rect): Rect {
  return { x, y, width, height: GEOMETRY.frame_header + 8 };
}

/** The mark at the beginning of the header that folds the frame. */
export function foldMark({ x, y }: Rect): Rect {
  return { x: x + 10, y: y + 9, width: 18, height: 18 };
}

/** The innermost of these frames that holds a point; they come from the outside in. */
export function frameAt(frames: readonly NodeItem[], point: Point): NodeItem | undefined {
  return frames.findLast(({ outline }) => contains(outline.rect, point));
}

/** Whether a point is on what a frame is taken hold of by: its header and its border. */
export function isOnFrame(rect: Rect, point: Point, k: number): boolean {
  const reach = BORDER_REACH / k;
  if (!contains(grow(rect, reach), point)) return false;
  return contains(frameHeader(rect), point) || !contains(grow(rect, -reach), point);
}

export const CORNERS = ["nw", "ne", "sw", "se"] as const;
export type Corner = (typeof CORNERS)[number];

export function cornerOf({ x, y, width, height }: Rect, corner: Corner): Point {
  return { x: corner.endsWith("e") ? x + width : x, y: corner.startsWith("s") ? y + height : y };
}
