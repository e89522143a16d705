/** What a card says: the texts of one node, from its attributes, its figures and the painted answer. */
import {
  type Card,
  type Figure,
  NODE_KINDS,
  type NodeKind,
  type Overlay,
  type Paint,
  type Shape,
} from "../generated/schema";
import type { NodeAttributes } from "../model/reading";
import { brief, oneLine } from "./text";

export type Trouble = "" | "warn" | "bad";

export interface CardContent {
  readonly shape: Shape;
  readonly kind: string;
  readonly kindTitle: string;
  readonly title: string;
  /** The line under the title: a painted figure with its small print, or who and where. */
  readonly strong: string;
  readonly soft: string;
  readonly isPainted: boolean;
  readonly heat: number | null;
  readonly figures: readonly Figure[];
  /** Said instead of figures when there are none. */
  readonly text: string;
  readonly tables: number;
  readonly comments: number;
  readonly trouble: Trouble;
  readonly outcome: "" | "won" | "lost";
  /** The whole card in words, for who does not see it. */
  readonly spoken: string;
}

const UNKNOWN: NodeKind = { name: "", title: "Node", shape: "card", width: 200, height: 120, attributes: [] };

export function kindOf(name: string): NodeKind {
  return Object.hasOwn(NODE_KINDS, name) ? (NODE_KINDS[name] ?? UNKNOWN) : UNKNOWN;
}

/** A text attribute as one line, or the first of a list; empty when it is missing. */
function first(value: unknown): string {
  if (Array.isArray(value)) return first(value[0]);
  if (typeof value === "string") return oneLine(value);
  return typeof value === "number" ? String(value) : "";
}

function listed(value: unknown): string {
  return Array.isArray(value)
    ? value
        .slice(0, 12)
        .map(first)
        .filter((item) => item !== "")
        .join(" · ")
    : first(value);
}

const firstOf = (node: NodeAttributes, names: readonly string[]): string => {
  for (const name of names) {
    const text = first(node[name]);
    if (text !== "") return text;
  }
  return "";
};

export function cardContent(
  node: NodeAttributes,
  card: Card | undefined,
  comments: number,
  paint: Paint | undefined,
  trouble: Trouble,
): CardContent {
  const kind = kindOf(node.kind);
  const title = first(node.label) || kind.title;
  const who = firstOf(node, ["team", "owner", "department", "vendor"]);
  const where = firstOf(node, ["systems", "channel", "data_type", "category"]);
  const subtitle = [who, where].filter((part) => part !== "").join(" · ") || kind.title;
  const strong = oneLine(paint?.text ?? "");
  const detail = brief(paint?.detail ?? "");
  const isPainted = strong !== "" || detail !== "";
  const figures = card && card.figures.length > 0 ? card.figures.slice(0, 3) : ownFigures(node);
  const hasTrouble = trouble !== "" ? trouble : worst(figures);
  const tables = card?.tables.length ?? 0;
  const content: Omit<CardContent, "spoken"> = {
    shape: kind.shape,
    kind: node.kind,
    kindTitle: kind.title,
    title,
    strong,
    soft: isPainted ? detail : subtitle,
    isPainted,
    heat: paint?.heat ?? null,
    figures,
    text:
      firstOf(node, ["objective", "description", "need", "pain_point"]) || listed(node.actions) || first(node.policy),
    tables,
    comments,
    trouble: hasTrouble,
    outcome: node.outcome === "won" || node.outcome === "lost" ? node.outcome : "",
  };
  const answer = `${strong} ${oneLine(paint?.detail ?? "")}`.trim();
  return { ...content, spoken: spokenOf(content, subtitle, answer) };
}

/** A capability bears its own figure: the level it has of the level it wants. */
function ownFigures(node: NodeAttributes): readonly Figure[] {
  const { current, goal_level: goal } = node;
  if (typeof current !== "number") return [];
  const target = typeof goal === "number" && goal > 0 ? goal : null;
  return [
    {
      label: "level",
      value: current,
      text: String(current),
      unit: target === null ? "level" : `of ${target}`,
      trend: null,
      target,
      progress: target === null ? current / 5 : Math.min(current / target, 1),
      status: "none",
      spark: null,
      hint: "",
    },
  ];
}

function worst(figures: readonly Figure[]): Trouble {
  if (figures.some((figure) => figure.status === "bad")) return "bad";
  return figures.some((figure) => figure.status === "warn") ? "warn" : "";
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

function spokenOf(content: Omit<CardContent, "spoken">, subtitle: string, answer: string): string {
  const parts = [content.title, content.kindTitle];
  if (subtitle !== content.kindTitle) parts.push(subtitle);
  if (answer !== "") parts.push(answer);
  for (const figure of content.figures) {
    parts.push(
      [figure.label, figure.text, figure.unit, figure.trend?.text ?? ""].filter((part) => part !== "").join(" "),
    );
  }
  if (content.tables > 0) parts.push(content.tables === 1 ? "1 table attached" : `${content.tables} tables attached`);
  if (content.comments > 0) parts.push(content.comments === 1 ? "1 comment" : `${content.comments} comments`);
  if (content.trouble !== "") parts.push(content.trouble === "bad" ? "problem" : "warning");
  return parts.join(", ");
}

/** The colour token of a figure's trend: whether the move is welcome decides, not its direction. */
export function trendToken(figure: Figure): "good" | "bad" | "soft" {
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
