/** What a card says: the texts of one node, from its attributes, its figures and the painted answer. */
import { type Card, type Figure, NODE_KINDS, type Overlay, type Paint, type Shape } from "../generated/schema";
import { kindOf, titleOf } from "../model/kinds";
import { type Numbers, numbersOf } from "../model/numbers";
import type { NodeAttributes } from "../model/reading";
import { brief, oneLine } from "./text";

export type Trouble = "" | "warn" | "bad";

export interface CardContent {
  readonly shape: Shape;
  readonly kind: string;
  readonly title: string;
  /** The line under the title: a painted figure with its small print, or who and where. */
  readonly strong: string;
  readonly soft: string;
  /** Who and where, else what kind. */
  readonly subtitle: string;
  readonly isPainted: boolean;
  readonly heat: number | null;
  readonly figures: readonly Figure[];
  /** Said instead of figures when there are none. */
  readonly text: string;
  readonly tables: number;
  /** Threads that are not resolved. */
  readonly comments: number;
  readonly votes: number;
  /** Whether the vote of who looks at it is among them. */
  readonly hasVoted: boolean;
  /** How many cards lie right within it. */
  readonly inside: number;
  readonly isLocked: boolean;
  readonly trouble: Trouble;
  readonly outcome: "" | "won" | "lost";
  /** The whole card in words, for who does not see it. */
  readonly spoken: string;
}

/** A text attribute as one line, or the first of a list; empty when it is missing. */
function first(value: unknown): string {
  if (Array.isArray(value)) return first(value[0]);
  if (typeof value === "string") return oneLine(value);
  return typeof value === "number" ? String(value) : "";
}

function joined(parts: readonly string[], by: string): string {
  return parts.filter((part) => part !== "").join(by);
}

/** The first of these attributes that says anything. */
function firstOf(node: NodeAttributes, ...names: string[]): string {
  return names.map((name) => first(node[name])).find((text) => text !== "") ?? "";
}

const HOUSE = numbersOf("");

export function cardContent(
  node: NodeAttributes,
  card: Card | undefined,
  comments: number,
  paint: Paint | undefined,
  given: Trouble,
  numbers: Numbers = HOUSE,
  inside = 0,
  voters: ReadonlySet<string> = new Set(),
  voter = "",
): CardContent {
  // What is drawn with a card's words is a card, a folded group too.
  const kindShape = kindOf(node.kind).shape;
  const shape = kindShape === "frame" ? "card" : kindShape;
  const kindTitle = kindOf(node.kind).title ?? titleOf(NODE_KINDS, node.kind);
  const title = first(node.label) || kindTitle;
  const who = firstOf(node, "team", "owner", "department", "vendor");
  const where = firstOf(node, "systems", "channel", "data_type", "category");
  const subtitle = joined([who, where], " · ") || kindTitle;
  const strong = oneLine(paint?.text ?? "");
  const detail = brief(paint?.detail ?? "");
  const isPainted = strong !== "" || detail !== "";
  const figures = card?.figures.length ? card.figures.slice(0, 3) : ownFigures(node, numbers);
  const tables = card?.tables.length ?? 0;
  const actions = Array.isArray(node.actions) ? joined(node.actions.slice(0, 12).map(first), " · ") : "";
  const trouble = given || worst(figures);
  const votes = voters.size;
  const hasVoted = voters.has(voter);
  const spoken = [
    title,
    kindTitle,
    subtitle === kindTitle ? "" : subtitle,
    joined([strong, oneLine(paint?.detail ?? "")], " "),
    ...figures.map(({ label, text, trend }) => joined([label, text, trend?.text ?? ""], " ")),
    tables > 0 ? `${tables} table${tables > 1 ? "s" : ""} attached` : "",
    comments > 0 ? `${comments} open comment${comments > 1 ? "s" : ""}` : "",
    votes > 0 ? `${votes} vote${votes > 1 ? "s" : ""}${hasVoted ? " with yours" : ""}` : "",
    inside > 0 ? `${inside} card${inside > 1 ? "s" : ""} inside` : "",
    node.locked === true ? "locked" : "",
    trouble && (trouble === "bad" ? "problem" : "warning"),
  ];
  return {
    shape,
    kind: node.kind,
    title,
    strong,
    soft: isPainted ? detail : subtitle,
    subtitle,
    isPainted,
    heat: paint?.heat ?? null,
    figures,
    text:
      firstOf(node, "objective", "description", "need", "pain_point") || actions || firstOf(node, "actions", "policy"),
    tables,
    comments,
    votes,
    hasVoted,
    inside,
    isLocked: node.locked === true,
    trouble,
    outcome: node.outcome === "won" || node.outcome === "lost" ? node.outcome : "",
    spoken: joined(spoken, ", "),
  };
}

/** A capability bears its own figure: the level it has of the level it wants. */
function ownFigures(node: NodeAttributes, numbers: Numbers): readonly Figure[] {
  const { current, goal_level: goal } = node;
  if (typeof current !== "number") return [];
  const target = typeof goal === "number" && goal > 0 ? goal : null;
  return [
    {
      label: target === null ? "level" : `of ${numbers.write(target)}`,
      value: current,
      text: numbers.write(current),
      target,
      progress: target === null ? current / 5 : Math.min(current / target, 1),
    },
  ];
}

/** A painted answer that begins with a number, as the figure of a card that has no other. */
export function headline({ figures, isPainted, strong, soft }: CardContent): Figure | undefined {
  const [, text = "", rest = ""] = /^([^ ]*\d[^ ]*)(?: ·)?(?: (.*))?$/.exec(strong) ?? [];
  if (figures.length > 0 || !isPainted || text === "") return undefined;
  return { label: rest || soft, value: null, text };
}

function worst(figures: readonly Figure[]): Trouble {
  return (["bad", "warn"] as const).find((status) => figures.some((figure) => figure.status === status)) ?? "";
}

/** Whether anything stands out of the card's upper border. */
export function hasBadges({ comments, votes, isLocked, trouble }: CardContent): boolean {
  return comments + votes > 0 || isLocked || trouble !== "";
}

/** What the findings of a painted answer say about each node. */
export function troubles(overlay: Overlay | undefined): Map<string, Trouble> {
  const found = new Map<string, Trouble>();
  for (const finding of overlay?.findings ?? []) {
    if (finding.severity !== "bad" && finding.severity !== "warn") continue;
    for (const id of finding.nodes) if (found.get(id) !== "bad") found.set(id, finding.severity);
  }
  return found;
}

/** The colour token of a figure's trend: whether the move is welcome decides, not its direction. */
export function trendTone(figure: Figure): "good" | "bad" | "soft" {
  const isGood = figure.trend?.is_good;
  return isGood === true ? "good" : isGood === false ? "bad" : "soft";
}

/** A trend is told by colour and by a sign: one is added where the text bears none. */
export function trendText(figure: Figure): string {
  const trend = figure.trend;
  if (!trend) return "";
  const text = oneLine(trend.text);
  if (/^[+\-−–±↑↓▲▼]/.test(text)) return text;
  return `${trend.direction === "up" ? "↑" : trend.direction === "down" ? "↓" : "→"} ${text}`;
}
