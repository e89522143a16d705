/** The still picture of a part of the map, as steps that can be spread over several frames. */
import { GEOMETRY } from "../generated/schema";
import { grow, overlaps, type Rect } from "./geometry";
import { heatColour } from "./heat";
import type { FlowItem, NodeItem } from "./items";
import { levelAt, typeScale } from "./level";
import { type CardLook, paintCard, paintGlow, paintText } from "./paintcard";
import { paintFlow, paintLabel } from "./paintflow";
import { routeBox } from "./routes";
import { CARD_REACH, type Scene } from "./scene";

/** Elements painted in one step: small enough that a step is a few milliseconds. */
const FLOWS_A_STEP = 40;
const CARDS_A_STEP = 12;
const FAR_A_STEP = 600;

/** Labels below this zoom would be too small to read even in larger type. */
export const LABEL_ZOOM = 0.3;

export interface Omitted {
  readonly editing: string | null;
  readonly flow: string | null;
}

/** Paints what lies in `region`; the context is already in world coordinates, `k` device-independent pixels a unit. */
export function* paintRegion(
  context: CanvasRenderingContext2D,
  scene: Scene,
  region: Rect,
  k: number,
  omitted: Omitted,
): Generator<void, void, void> {
  paintGround(context, scene, region, k);
  yield;
  if (levelAt(k) === "far") yield* paintFar(context, scene, region, k, omitted);
  else yield* paintNear(context, scene, region, k, omitted);
}

function paintGround(context: CanvasRenderingContext2D, scene: Scene, region: Rect, k: number): void {
  const { tokens } = scene.looks.theme;
  context.fillStyle = tokens.background;
  context.fillRect(region.x, region.y, region.width, region.height);
  paintDots(context, region, k, tokens.dot);
  for (const [i, lane] of scene.lanes.entries()) {
    if (!overlaps(lane.rect, region)) continue;
    const { x, y, width, height } = lane.rect;
    context.fillStyle = i % 2 === 0 ? tokens.lane : tokens.lane_other;
    context.beginPath();
    context.roundRect(x, y, width, height, 12);
    context.fill();
    // The header keeps a legible size, up to what its strip allows.
    const size = Math.min(GEOMETRY.small_size * Math.max(1, 0.75 / k), 26);
    const name = lane.name.toLocaleUpperCase().slice(0, 60);
    paintText(context, name, x + 14, y + 7, size, 600, Math.max(size * 1.4, 16), tokens.faint);
  }
}

/** Dots on the grid, doubled apart until they are far enough from each other on the screen. */
function paintDots(context: CanvasRenderingContext2D, region: Rect, k: number, colour: string): void {
  let step = GEOMETRY.grid * 3;
  while (step * k < 17) step *= 2;
  const size = 1.7 / k;
  context.fillStyle = colour;
  const fromX = Math.floor(region.x / step) * step;
  const fromY = Math.floor(region.y / step) * step;
  for (let y = fromY; y < region.y + region.height; y += step) {
    for (let x = fromX; x < region.x + region.width; x += step)
      context.fillRect(x - size / 2, y - size / 2, size, size);
  }
}

function* paintNear(
  context: CanvasRenderingContext2D,
  scene: Scene,
  region: Rect,
  k: number,
  omitted: Omitted,
): Generator<void, void, void> {
  const nodes = scene.items.nodesIn(grow(region, CARD_REACH));
  const scale = typeScale(k);
  for (const some of slices(nodes, CARDS_A_STEP * 4)) {
    for (const item of some) {
      if (scene.looks.content(item.id).heat !== null) paintHalo(context, scene, item, scale);
    }
    yield;
  }
  const flows: FlowItem[] = [];
  for (const some of slices(scene.items.flowsIn(region), FLOWS_A_STEP)) {
    for (const item of some) {
      const route = scene.ways.route(item);
      if (!route || item.key === omitted.flow) continue;
      const style = scene.looks.style(item.key);
      // The flows whose line is elsewhere have no label here either, but for its width.
      if (!overlaps(routeBox(route, style.width), region, 70)) continue;
      flows.push(item);
      paintFlow(context, route, style);
    }
    yield;
  }
  for (const some of slices(nodes, CARDS_A_STEP)) {
    for (const item of some) {
      const look = cardLook(scene, item, scale, k, omitted.editing);
      paintShadow(context, scene, look);
      paintCard(context, look, scene.looks.theme);
    }
    yield;
  }
  if (k < LABEL_ZOOM) return;
  const labels = scene.labels.placed(flows, scale);
  for (const some of slices(labels, FLOWS_A_STEP)) {
    for (const label of some)
      if (overlaps(label.rect, region)) paintLabel(context, label.rect, label.fitted, scene.looks.theme);
    yield;
  }
}

function paintHalo(context: CanvasRenderingContext2D, scene: Scene, item: NodeItem, scale: number): void {
  paintGlow(context, cardLook(scene, item, scale, 1, null), scene.looks.theme);
}

function paintShadow(context: CanvasRenderingContext2D, scene: Scene, look: CardLook): void {
  if (look.content.heat === null) paintGlow(context, look, scene.looks.theme);
}

export function cardLook(scene: Scene, item: NodeItem, scale: number, k: number, editing: string | null): CardLook {
  return {
    outline: item.outline,
    content: scene.looks.content(item.id),
    plan: scene.looks.plan(item, scale),
    colour: scene.looks.colour(item),
    hideTitle: editing === item.id,
    isWhole: scale === 1 && k >= 0.5,
  };
}

/** Far away a node is a block in its colour, or in the colour of its heat, and flows are thin lines, one for each pair. */
function* paintFar(
  context: CanvasRenderingContext2D,
  scene: Scene,
  region: Rect,
  k: number,
  omitted: Omitted,
): Generator<void, void, void> {
  const { tokens } = scene.looks.theme;
  const flows = scene.items.flowsIn(region);
  context.lineWidth = Math.max(0.9 / k, GEOMETRY.flow_width * 0.6);
  context.globalAlpha = flows.length > 2000 ? 0.55 : 0.8;
  const seenPairs = new Set<string>();
  for (const some of slices(flows, FAR_A_STEP)) {
    const byColour = new Map<string, [number, number, number, number][]>();
    for (const item of some) {
      const pair = `${item.source}\n${item.target}`;
      if (item.key === omitted.flow || seenPairs.has(pair)) continue;
      seenPairs.add(pair);
      const source = scene.items.node(item.source)?.outline.rect;
      const target = scene.items.node(item.target)?.outline.rect;
      if (!source || !target || source === target) continue;
      const { colour } = scene.looks.style(item.key);
      let lines = byColour.get(colour);
      if (!lines) {
        lines = [];
        byColour.set(colour, lines);
      }
      lines.push([
        source.x + source.width / 2,
        source.y + source.height / 2,
        target.x + target.width / 2,
        target.y + target.height / 2,
      ]);
    }
    for (const [colour, lines] of byColour) {
      context.strokeStyle = colour;
      context.beginPath();
      for (const [x0, y0, x1, y1] of lines) {
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
      }
      context.stroke();
    }
    yield;
  }
  context.globalAlpha = 1;
  const isPainted = scene.looks.overlay !== undefined && Object.keys(scene.looks.overlay.nodes).length > 0;
  const rounded = k > 0.08;
  // Many blocks side by side in full colour would shout.
  context.globalAlpha = isPainted ? 1 : 0.8;
  for (const some of slices(scene.items.nodesIn(region), FAR_A_STEP)) {
    const byColour = new Map<string, NodeItem[]>();
    for (const item of some) {
      const heat = isPainted ? (scene.looks.paint(item.id)?.heat ?? null) : null;
      const colour =
        heat !== null
          ? heatColour(heat, scene.looks.theme.heat)
          : isPainted
            ? tokens.line_strong
            : scene.looks.colour(item);
      const group = byColour.get(colour);
      if (group) group.push(item);
      else byColour.set(colour, [item]);
    }
    for (const [colour, group] of byColour) {
      context.fillStyle = colour;
      if (rounded) {
        context.beginPath();
        for (const { outline } of group) {
          const { x, y, width, height } = outline.rect;
          if (outline.shape === "diamond") addDiamond(context, outline.rect);
          else context.roundRect(x, y, width, height, outline.shape === "card" ? 14 : height / 2);
        }
        context.fill();
      } else {
        for (const { outline } of group)
          context.fillRect(outline.rect.x, outline.rect.y, outline.rect.width, outline.rect.height);
      }
    }
    yield;
  }
  context.globalAlpha = 1;
}

function addDiamond(context: CanvasRenderingContext2D, { x, y, width, height }: Rect): void {
  context.moveTo(x + width / 2, y);
  context.lineTo(x + width, y + height / 2);
  context.lineTo(x + width / 2, y + height);
  context.lineTo(x, y + height / 2);
  context.closePath();
}

function* slices<T>(items: readonly T[], size: number): Generator<readonly T[], void, void> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}
