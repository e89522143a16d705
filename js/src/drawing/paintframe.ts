/** Frames and lanes on canvas: the grounds behind the cards, and their names, legible at any zoom. */
import { GEOMETRY } from "../generated/schema";
import { laneId } from "../model/nesting";
import { foldMark } from "./frames";
import { clamp, overlaps, type Rect } from "./geometry";
import { drawIcon } from "./icons";
import type { NodeItem } from "./items";
import { LANE_STRIP, laneMark } from "./lanes";
import { typeScale } from "./level";
import { fillRound, paintPieces, paintText } from "./paintcard";
import { CARD_REACH, type Scene } from "./scene";
import { tracePath } from "./shapes";
import { ellipsis, fontOf } from "./text";
import { voteMark } from "./vote_mark";

export function paintLanes(context: CanvasRenderingContext2D, scene: Scene, region: Rect): void {
  for (const [i, { rect }] of scene.lanes.entries()) {
    if (!overlaps(rect, region)) continue;
    context.fillStyle = laneColour(scene, i);
    fillRound(context, rect.x, rect.y, rect.width, rect.height, 12);
  }
}

function laneColour(scene: Scene, i: number): string {
  return scene.looks.theme.tokens[i % 2 === 0 ? "lane" : "lane_other"];
}

/** Names keep a legible size on the screen: what the strip above the cards is too low for stands out over the band. */
export function paintLaneNames(context: CanvasRenderingContext2D, scene: Scene, region: Rect, k: number): void {
  const { size, leading } = nameType(k);
  const over = Math.max(leading + 7 - LANE_STRIP, 0);
  for (const [i, { name, rect }] of scene.lanes.entries()) {
    if (!overlaps(rect, region, over) || rect.height < leading) continue;
    const text = name.toLocaleUpperCase().slice(0, 60);
    const mark = laneMark(rect);
    const isNear = over === 0 && k > 0.5;
    const [x, y] = [isNear ? mark.x + mark.width + 2 : rect.x + 14, rect.y + 7 - over];
    if (isNear) {
      const isFolded = scene.reading.nodes.has(laneId(name));
      context.strokeStyle = scene.looks.theme.tokens.faint;
      drawIcon(context, isFolded ? "folded" : "down", mark.x + 2, mark.y + 2, mark.width - 4);
    }
    if (over > 0) {
      context.font = fontOf({ size, weight: 600 });
      context.fillStyle = laneColour(scene, i);
      fillRound(context, x - size / 3, y, context.measureText(text).width + (size * 2) / 3, leading, size / 3);
    }
    context.fillStyle = scene.looks.theme.tokens.faint;
    paintText(context, text, x, y, size, 600, leading);
  }
}

function nameType(k: number): { size: number; leading: number } {
  const least = GEOMETRY.small_size;
  const size = Math.max(least / k, least * clamp(0.75 / k, 1, 26 / least));
  return { size, leading: Math.max(size * 1.4, 16) };
}

/** Frames from the outside in, each a shade of its own on what it lies in. */
export function paintFrames(
  context: CanvasRenderingContext2D,
  scene: Scene,
  frames: readonly NodeItem[],
  region: Rect,
  k: number,
): void {
  const { tokens } = scene.looks.theme;
  for (const item of frames) {
    if (!overlaps(item.outline.rect, region, CARD_REACH)) continue;
    const depth = scene.items.framesAround([item.id]).length;
    tracePath(context, item.outline);
    context.fillStyle = tokens[depth % 2 === 0 ? "lane" : "background"];
    context.fill();
    context.strokeStyle = tokens.line_strong;
    context.lineWidth = Math.max(1, 0.8 / k);
    context.stroke();
    paintHeader(context, scene, item, k);
    const { theme, measure } = scene.looks;
    const { x, y } = item.outline.rect;
    context.save();
    context.translate(x, y);
    paintPieces(context, voteMark(scene.looks.content(item.id), typeScale(k), measure), tokens.text, theme);
    context.restore();
  }
}

/** The fold mark, the name and the number of what is inside; far out the name alone, as large as there is room for. */
function paintHeader(context: CanvasRenderingContext2D, scene: Scene, item: NodeItem, k: number): void {
  const { tokens } = scene.looks.theme;
  const { rect } = item.outline;
  const { title, inside } = scene.looks.content(item.id);
  const near = { size: 12, weight: 650, leading: GEOMETRY.frame_header };
  const scale = clamp(0.8 / k, 1, 3);
  if (12 * scale * k < 5) return;
  const size = near.size * scale;
  const leading = near.leading * Math.min(scale, 1.6);
  const mark = foldMark(rect);
  const isPlain = scale > 1.3;
  const x = isPlain ? rect.x + 14 : mark.x + mark.width + 4;
  if (!isPlain) {
    context.strokeStyle = tokens.soft;
    drawIcon(context, "down", mark.x, mark.y, mark.width);
  }
  const count = isPlain || inside === 0 ? "" : String(inside);
  const room = rect.x + rect.width - x - 16 - count.length * 8;
  const text = ellipsis(title, room, fontOf({ size, weight: near.weight }), scene.looks.measure);
  context.fillStyle = tokens.text;
  paintText(context, text, x, rect.y + 4, size, near.weight, leading);
  if (count === "") return;
  const from = x + scene.looks.measure(text, fontOf({ size, weight: near.weight })) + 7;
  context.fillStyle = tokens.soft;
  paintText(context, count, from, rect.y + 4, GEOMETRY.small_size, 400, leading);
}
