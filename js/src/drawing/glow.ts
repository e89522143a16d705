/** Shadows and halos: blurred once per shape, size and colour, then stamped. */
import { SHADOWS, type ThemeName } from "../generated/schema";
import type { Outline } from "./borders";
import { context2d, resizeCanvas } from "./dom";
import { haloStrength, heatColour } from "./heat";
import { tracePath } from "./shapes";
import type { Theme } from "./theme";

const MARGIN = 34;
const AWAY = 4000;
const MOST = 200;
const stamps = new Map<string, HTMLCanvasElement>();

export function stampShadow(context: CanvasRenderingContext2D, outline: Outline, theme: ThemeName): void {
  stamp(context, outline, `shadow ${theme}`, (sheet, shape) => {
    for (const { colour, blur, y } of SHADOWS[theme]) blurred(sheet, shape, 0, colour, blur, y);
  });
}

export function stampHalo(context: CanvasRenderingContext2D, outline: Outline, heat: number, theme: Theme): void {
  const colour = heatColour(heat, theme.heat);
  context.globalAlpha = haloStrength(heat);
  stamp(context, outline, `halo ${colour}`, (sheet, shape) => {
    blurred(sheet, shape, 9, colour, 19, 0);
    // A firmer core next to the border keeps pale heat visible.
    blurred(sheet, shape, 2, colour, 5, 0);
  });
  context.globalAlpha = 1;
}

function stamp(
  context: CanvasRenderingContext2D,
  outline: Outline,
  look: string,
  draw: (sheet: CanvasRenderingContext2D, shape: Outline) => void,
): void {
  const { rect, shape } = outline;
  const name = `${look} ${shape} ${rect.width} ${rect.height}`;
  let canvas = stamps.get(name);
  if (!canvas) {
    canvas = document.createElement("canvas");
    resizeCanvas(canvas, rect.width + 2 * MARGIN, rect.height + 2 * MARGIN, 1);
    draw(context2d(canvas), { shape, rect: { x: MARGIN, y: MARGIN, width: rect.width, height: rect.height } });
    if (stamps.size >= MOST) stamps.clear();
    stamps.set(name, canvas);
  }
  context.drawImage(canvas, rect.x - MARGIN, rect.y - MARGIN);
}

/** Only the blurred shadow of the shape: the shape itself is drawn where nobody sees it. */
function blurred(
  sheet: CanvasRenderingContext2D,
  { rect, shape }: Outline,
  by: number,
  colour: string,
  blur: number,
  y: number,
): void {
  sheet.shadowColor = colour;
  sheet.shadowBlur = blur;
  sheet.shadowOffsetX = AWAY;
  sheet.shadowOffsetY = y;
  tracePath(sheet, { shape, rect: { ...rect, x: rect.x - AWAY } }, by);
  sheet.fill();
}
