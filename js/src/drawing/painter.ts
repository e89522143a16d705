/** The still picture of a part of the map, as steps that can be spread over several frames. */
import { GEOMETRY } from "../generated/schema";
import { isGhost } from "../model/ghosts";
import { grouped } from "../model/grouped";
import { centreOf, grow, overlaps, type Rect } from "./geometry";
import { heatColour } from "./heat";
import type { FlowItem, NodeItem } from "./items";
import { LABEL_ZOOM, levelAt, typeScale } from "./level";
import { type CardLook, paintCard, paintGlow } from "./paintcard";
import { paintFlow, paintLabel } from "./paintflow";
import { paintFrames, paintLaneNames, paintLanes } from "./paintframe";
import { routeBox } from "./routes";
import { CARD_REACH, type Scene } from "./scene";
import { addOutline } from "./shapes";

/** Elements painted in one step: small enough that a step is a few milliseconds. */
const FLOWS_A_STEP = 40;
const CARDS_A_STEP = 12;
const FAR_A_STEP = 600;

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
  paintLanes(context, scene, region);
  paintFrames(context, scene, scene.items.stillFrames(), region, k);
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
  const { items, looks, ways } = scene;
  const scale = typeScale(k);
  const cards = items
    .nodesIn(grow(region, CARD_REACH))
    .map((item) => ({ item, isHot: looks.content(item.id).heat !== null }));
  const glow = (item: NodeItem): void => paintGlow(context, cardLook(scene, item, scale, omitted.editing), looks.theme);
  // Halos lie below the flows, plain shadows right below their card.
  yield* inSlices(cards, CARDS_A_STEP * 4, ({ item, isHot }) => {
    if (isHot) glow(item);
  });
  const flows: FlowItem[] = [];
  yield* inSlices(items.flowsIn(region), FLOWS_A_STEP, (item) => {
    const route = ways.route(item);
    if (!route || item.key === omitted.flow) return;
    const style = looks.style(item.key);
    // The flows whose line is elsewhere have no label here either, but for its width.
    if (!overlaps(routeBox(route, style.width), region, 70)) return;
    flows.push(item);
    paintFlow(context, route, style);
  });
  yield* inSlices(cards, CARDS_A_STEP, ({ item, isHot }) => {
    if (!isHot) glow(item);
    paintCard(context, cardLook(scene, item, scale, omitted.editing), looks.theme);
  });
  paintLaneNames(context, scene, region, k);
  if (k < LABEL_ZOOM) return;
  yield* inSlices(scene.labels.placed(flows, scale), FLOWS_A_STEP, (label) => {
    if (overlaps(label.rect, region)) paintLabel(context, label, looks.theme);
  });
}

export function cardLook(scene: Scene, item: NodeItem, scale: number, editing: string | null): CardLook {
  const { looks } = scene;
  return {
    outline: item.outline,
    content: looks.content(item.id),
    plan: looks.plan(item, scale),
    colour: looks.colour(item),
    hideTitle: editing === item.id,
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
  const { items, looks } = scene;
  const { tokens, heat: scale } = looks.theme;
  const flows = items.flowsIn(region);
  context.lineWidth = Math.max(0.9 / k, GEOMETRY.flow_width * 0.6);
  context.globalAlpha = flows.length > 2000 ? 0.55 : 0.8;
  const seenPairs = new Set<string>();
  const isFirst = ({ key, source, target }: FlowItem): boolean => {
    const pair = `${source}\n${target}`;
    if (key === omitted.flow || source === target || seenPairs.has(pair)) return false;
    seenPairs.add(pair);
    return true;
  };
  for (const some of slices(flows, FAR_A_STEP)) {
    for (const isDashed of [false, true]) {
      const alike = some.filter((item) => isGhost(item.key) === isDashed && isFirst(item));
      context.setLineDash(isDashed ? [6 / k, 5 / k] : []);
      for (const [colour, group] of grouped(alike, ({ key }) => looks.style(key).colour)) {
        context.strokeStyle = colour;
        strokeLines(context, scene, group);
      }
    }
    context.setLineDash([]);
    yield;
  }
  const isPainted = Object.keys(looks.overlay?.nodes ?? {}).length > 0;
  const colourOf = (item: NodeItem): string => {
    if (!isPainted) return looks.colour(item);
    const heat = looks.paint(item.id)?.heat ?? null;
    return heat === null ? tokens.line_strong : heatColour(heat, scale);
  };
  // Many blocks side by side in full colour would shout.
  context.globalAlpha = isPainted ? 1 : 0.8;
  for (const some of slices(items.nodesIn(region), FAR_A_STEP)) {
    for (const [colour, group] of grouped(some, colourOf)) {
      context.fillStyle = colour;
      context.beginPath();
      for (const { outline } of group) {
        const { x, y, width, height } = outline.rect;
        // A path of thousands is slow to fill; smaller than this nobody sees its corners.
        if (k <= 0.08) context.fillRect(x, y, width, height);
        else addOutline(context, outline, 0, 14);
      }
      context.fill();
    }
    yield;
  }
  context.globalAlpha = 1;
  paintLaneNames(context, scene, region, k);
}

/** Straight lines from card to card, for flows that are many or far. */
export function strokeLines(context: CanvasRenderingContext2D, scene: Scene, flows: readonly FlowItem[]): void {
  context.beginPath();
  for (const item of flows) {
    const source = scene.items.rectOf(item.source);
    const target = scene.items.rectOf(item.target);
    if (!source || !target) continue;
    const [from, to] = [centreOf(source), centreOf(target)];
    context.moveTo(from.x, from.y);
    context.lineTo(to.x, to.y);
  }
  context.stroke();
}

function* slices<T>(items: readonly T[], size: number): Generator<readonly T[], void, void> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size);
}

function* inSlices<T>(items: readonly T[], size: number, paint: (item: T) => void): Generator<void, void, void> {
  for (const some of slices(items, size)) {
    some.forEach(paint);
    yield;
  }
}
