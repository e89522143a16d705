/** Free-form outlines: whether a point lies inside, and as a path to be drawn. */
import { bounds, type Point, type Rect } from "./geometry";

/** Inside by the even-odd rule, as a line that crosses itself is seen; a point on the outline may be either. */
export function isInside(polygon: readonly Point[], { x, y }: Point): boolean {
  let inside = false;
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before && corner.y > y !== before.y > y) {
      const at = before.x + ((y - before.y) / (corner.y - before.y)) * (corner.x - before.x);
      if (x < at) inside = !inside;
    }
    before = corner;
  }
  return inside;
}

export function boxOf(polygon: readonly Point[]): Rect | undefined {
  return bounds(polygon.map(({ x, y }) => ({ x, y, width: 0, height: 0 })));
}

/** The outline as the data of an SVG path. */
export function pathOf(polygon: readonly Point[]): string {
  return polygon.length > 1 ? `M${polygon.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`).join("L")}Z` : "";
}
