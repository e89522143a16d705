/** A still of the map, or of a part of it, on a canvas of its own, with the legend below if an answer is painted. */
import { GEOMETRY, type Legend } from "../generated/schema";
import { context2d } from "./dom";
import { GHOST_DASH } from "./flowstyle";
import { bounds, grow, type Rect } from "./geometry";
import { heatColour } from "./heat";
import { fillRound, paintText } from "./paintcard";
import { paintRegion } from "./painter";
import { CARD_REACH, type Scene } from "./scene";
import { ellipsis, fontOf, oneLine } from "./text";

/** Twice as many pixels as the map has units: sharp on a good screen and on paper. */
const SCALE = 2;
/** What browsers can hold, and what can be handed on. */
const MOST_SIDE = 16_000;
const MOST_PIXELS = 40_000_000;
const NOTHING = { editing: null, flow: null };
/** The legend, in pixels of a page. */
const LEGEND = { width: 208, height: 62, gap: 16 };
const GHOSTS_ROW = 20;

/** `undefined` where there is nothing to be seen. */
export function still(scene: Scene): HTMLCanvasElement | undefined {
  const world = worldOf(scene);
  if (!world) return undefined;
  const legend = scene.looks.overlay?.legend ?? null;
  const scale = scaleFor(world);
  const canvas = document.createElement("canvas");
  const least = legend ? (LEGEND.width + 2 * LEGEND.gap) * SCALE : 0;
  canvas.width = Math.max(Math.ceil(world.width * scale), least);
  const height = legend ? LEGEND.height + (legend.ghosts ? GHOSTS_ROW : 0) : 0;
  canvas.height = Math.ceil(world.height * scale) + (legend ? (height + LEGEND.gap) * SCALE : 0);
  const context = context2d(canvas, { alpha: false });
  // The map in the middle of what is wider than it.
  const region = {
    x: world.x - (canvas.width / scale - world.width) / 2,
    y: world.y,
    width: canvas.width / scale,
    height: canvas.height / scale,
  };
  context.setTransform(scale, 0, 0, scale, -region.x * scale, -region.y * scale);
  for (const _ of paintRegion(context, scene, region, scale / SCALE, NOTHING));
  if (legend) {
    context.setTransform(SCALE, 0, 0, SCALE, LEGEND.gap * SCALE, canvas.height - (height + LEGEND.gap) * SCALE);
    paintLegend(context, scene, legend, height);
  }
  return canvas;
}

/** All that is painted: cards with what stands out of them, lanes, flows and their labels. */
function worldOf(scene: Scene): Rect | undefined {
  const { items, lanes, labels } = scene;
  const cards = items.extent();
  if (!cards) return undefined;
  labels.placed([...items.flows.values()], 1); // so that their room is known
  const flows = [...items.flows.keys()].map((key) => scene.flowBox(key)).filter((box) => box !== undefined);
  return bounds([grow(cards, CARD_REACH), ...[...lanes.map(({ rect }) => rect), ...flows].map((box) => grow(box, 16))]);
}

function scaleFor({ width, height }: Rect): number {
  return Math.min(SCALE, MOST_SIDE / width, MOST_SIDE / height, Math.sqrt(MOST_PIXELS / (width * height)));
}

/** As the panel on the map shows it (panels/legend.tsx). */
function paintLegend(
  context: CanvasRenderingContext2D,
  scene: Scene,
  { title, unit, ticks, ghosts = "" }: Legend,
  height: number,
): void {
  const { theme, measure } = scene.looks;
  const { tokens, heat } = theme;
  const { width } = LEGEND;
  context.fillStyle = tokens.panel;
  fillRound(context, 0, 0, width, height, 11);
  context.strokeStyle = tokens.line;
  context.lineWidth = 1;
  context.stroke();
  const size = GEOMETRY.small_size;
  const [left, right] = [12, width - 12];
  const words = unit ? `${oneLine(title)} (${oneLine(unit)})` : oneLine(title);
  context.fillStyle = tokens.text;
  paintText(context, ellipsis(words, right - left, fontOf({ size, weight: 600 }), measure), left, 8, size, 600, 15);
  const ramp = context.createLinearGradient(left, 0, right, 0);
  for (const [i, colour] of heat.entries()) ramp.addColorStop(i / (heat.length - 1), colour);
  context.fillStyle = ramp;
  fillRound(context, left, 29, right - left, 8, 4);
  context.stroke();
  context.fillStyle = tokens.soft;
  for (const [i, tick] of ticks.entries()) {
    const share = ticks.length > 1 ? i / (ticks.length - 1) : 0;
    context.textAlign = share === 0 ? "left" : share === 1 ? "right" : "center";
    paintText(context, oneLine(tick), left + share * (right - left), 41, size, 400, 15);
  }
  context.textAlign = "left";
  if (ghosts === "") return;
  context.strokeStyle = heatColour(0.7, heat);
  context.lineWidth = 2;
  context.setLineDash(GHOST_DASH as number[]);
  context.beginPath();
  context.moveTo(left, 69);
  context.lineTo(left + 34, 69);
  context.stroke();
  context.setLineDash([]);
  paintText(
    context,
    ellipsis(oneLine(ghosts), right - left - 42, fontOf({ size, weight: 400 }), measure),
    left + 42,
    61,
    size,
    400,
    15,
  );
}
