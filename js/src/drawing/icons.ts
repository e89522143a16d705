/** The few small pictures of badges, as paths on a 12 × 12 field, for canvas and SVG alike. */

export const ICONS = {
  comment: "M1.5 2.5h9v6h-5l-2.5 2v-2h-1.500z",
  table: "M1.5 2h9v8h-9zM1.5 4.800h9M1.5 7.400h9M5 4.800V10",
  warning: "M6 1.500 11 10.500H1zM6 5v2.500M6 9v.2",
} as const;

export type IconName = keyof typeof ICONS;

const SVG = "http://www.w3.org/2000/svg";

export function iconElement(name: IconName): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 12 12");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  svg.append(strokePath(ICONS[name]));
  return svg;
}

export function strokePath(d: string): SVGPathElement {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", d);
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-linecap", "round");
  path.setAttribute("stroke-linejoin", "round");
  return path;
}

const drawn = new Map<IconName, Path2D>();

/** The icon with its top left corner at x, y. */
export function drawIcon(context: CanvasRenderingContext2D, name: IconName, x: number, y: number, size: number): void {
  let path = drawn.get(name);
  if (!path) {
    path = new Path2D(ICONS[name]);
    drawn.set(name, path);
  }
  context.save();
  context.translate(x, y);
  context.scale(size / 12, size / 12);
  context.lineWidth = 1.3;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.stroke(path);
  context.restore();
}
