/** How a flow looks: width by volume, colour by heat, dashes by kind, and the words of its label. */
import { FLOW_KINDS, GEOMETRY, type Overlay, type Paint } from "../generated/schema";
import { own } from "../model/kinds";
import { type Numbers, numbersOf } from "../model/numbers";
import type { FlowAttributes } from "../model/reading";
import { clamp } from "./geometry";
import { heatColour } from "./heat";
import { brief, ellipsis, fontOf, type Measure, oneLine, wholeParts } from "./text";
import type { Theme } from "./theme";

export interface FlowStyle {
  readonly width: number;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly label: Label | null;
  /** What its head is filled with, where that is hollow. */
  readonly hollow: string;
  /** What is placed and kept first when there is not room for all. */
  readonly weight: number;
}

export interface Label {
  readonly strong: string;
  readonly soft: string;
}

/** A label cut to size: its parts, their places, and the box it needs. */
export interface FittedLabel extends Label {
  readonly width: number;
  readonly height: number;
  readonly strongX: number;
  readonly softX: number;
  readonly size: number;
}

/** The greatest volume, or painted width, that any flow has: what the widest line stands for. */
export interface Widths {
  readonly volume: number;
  readonly painted: number;
}

const RETURN_DASH = [6, 5];
export const GHOST_DASH: readonly number[] = [GEOMETRY.ghost_dash, GEOMETRY.ghost_gap];

export function widthsOf(flows: Iterable<FlowAttributes>, overlay: Overlay | undefined): Widths {
  let volume = 0;
  for (const flow of flows) if (typeof flow.volume === "number" && flow.volume > volume) volume = flow.volume;
  let painted = 0;
  const ghosts = overlay?.ghosts?.map(({ paint }) => paint) ?? [];
  for (const paint of [...Object.values(overlay?.flows ?? {}), ...ghosts])
    painted = Math.max(painted, paint.width ?? 0);
  return { volume, painted };
}

/** Width as the square root of the share of the greatest: twice the width is four times as much. */
export function flowWidth(flow: FlowAttributes, paint: Paint | undefined, widths: Widths): number {
  const { flow_width: least, flow_width_max: most } = GEOMETRY;
  const share =
    paint?.width != null
      ? paint.width / Math.max(widths.painted, 1e-9)
      : typeof flow.volume === "number" && widths.volume > 0
        ? flow.volume / widths.volume
        : 0;
  return least + (most - least) * Math.sqrt(clamp(share, 0, 1));
}

const HOUSE = numbersOf("");

export function labelOf(flow: FlowAttributes, paint: Paint | undefined, numbers: Numbers = HOUSE): Label | null {
  const painted = paint && { strong: oneLine(paint.text), soft: brief(paint.detail) };
  if (painted && labelWords(painted) !== "") return painted;
  const [words] = [flow.label, flow.condition]
    .map((text) => (typeof text === "string" ? oneLine(text) : ""))
    .filter(Boolean);
  if (words) return { strong: "", soft: words };
  const figure = typeof flow.volume === "number" ? numbers.write(flow.volume) : "";
  return figure === "" ? null : { strong: figure, soft: "" };
}

export function flowStyle(
  flow: FlowAttributes,
  paint: Paint | undefined,
  widths: Widths,
  theme: Theme,
  numbers: Numbers = HOUSE,
  isGhost = false,
): FlowStyle {
  const width = flowWidth(flow, paint, widths);
  // A ghost is never as pale as what is drawn.
  const heat = isGhost ? 0.35 + 0.65 * (paint?.heat ?? 0) : (paint?.heat ?? null);
  return {
    width,
    colour: heat === null ? theme.tokens.flow : heatColour(0.25 + 0.75 * heat, theme.heat),
    dash: isGhost ? GHOST_DASH : (own(FLOW_KINDS, flow.kind)?.dash ?? []),
    label: labelOf(flow, paint, numbers),
    hollow: isGhost ? theme.tokens.background : "",
    weight: (paint ? 100 : 0) + width,
  };
}

/** What comes back is dashed, where the kind has no dashes of its own. */
export function dashOf(style: FlowStyle, returns: boolean): readonly number[] {
  if (style.dash.length > 0)
    return style.dash.map((step) => Math.max(step, style.width > 3 && step > 2 ? style.width * 1.6 : step));
  return returns ? RETURN_DASH.map((step) => Math.max(step, style.width * 1.6)) : style.dash;
}

export function fitLabel(label: Label, scale: number, measure: Measure): FittedLabel {
  const size = GEOMETRY.small_size * scale;
  const strongX = GEOMETRY.label_padding * scale;
  const most = GEOMETRY.label_max_width * scale - 2 * strongX;
  const fitted = (text: string, weight: number, room: number): { text: string; width: number } => {
    const font = fontOf({ size, weight });
    const cut = weight > 400 ? wholeParts(text, room, font, measure)[0] : ellipsis(text, room, font, measure);
    return { text: cut, width: measure(cut, font) };
  };
  const strong = fitted(label.strong, 650, most);
  const gap = label.strong !== "" && label.soft !== "" ? 4 * scale : 0;
  const room = most - strong.width - gap;
  const soft = fitted(room < 14 * scale ? "" : label.soft, 400, room);
  const softX = strongX + strong.width + gap;
  const end = soft.text === "" ? strongX + strong.width : softX + soft.width;
  return {
    strong: strong.text,
    soft: soft.text,
    size,
    width: Math.ceil(end + strongX),
    height: GEOMETRY.label_height * scale,
    strongX,
    softX,
  };
}

export function labelWords(label: Label): string {
  return `${label.strong} ${label.soft}`.trim();
}
