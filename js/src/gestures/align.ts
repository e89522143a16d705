/** Brings the selected cards to one line, or to equal gaps. */
import type { Rect } from "../drawing/geometry";
import type { Change } from "../generated/schema";
import type { Bench } from "./bench";
import { counted, moveNode } from "./changes";
import { unlockedOf } from "./locks";

export type Line = "left" | "centre" | "right" | "top" | "middle" | "bottom";
export type Axis = "x" | "y";

/** The axis that a line moves cards on, and which share of a card's size lies before it. */
const LINES: Readonly<Record<Line, readonly [axis: Axis, share: number]>> = {
  left: ["x", 0],
  centre: ["x", 0.5],
  right: ["x", 1],
  top: ["y", 0],
  middle: ["y", 0.5],
  bottom: ["y", 1],
};

interface Placed {
  readonly id: string;
  readonly rect: Rect;
}

const sizeOf = ({ rect }: Placed, axis: Axis): number => (axis === "x" ? rect.width : rect.height);

/** How far each card moves so that all meet the outermost line of theirs, or the middle of them all. */
export function alignment(cards: readonly Placed[], line: Line): Map<string, number> {
  const [axis, share] = LINES[line];
  const low = Math.min(...cards.map(({ rect }) => rect[axis]));
  const high = Math.max(...cards.map((card) => card.rect[axis] + sizeOf(card, axis)));
  const at = low + (high - low) * share;
  return new Map(cards.map((card) => [card.id, at - (card.rect[axis] + sizeOf(card, axis) * share)]));
}

/** How far each card moves so that the gaps are equal; the two outermost stay. */
export function distribution(cards: readonly Placed[], axis: Axis): Map<string, number> {
  const middle = (card: Placed): number => card.rect[axis] + sizeOf(card, axis) / 2;
  const order = [...cards].sort((a, b) => middle(a) - middle(b));
  const [first, last] = [order[0], order.at(-1)];
  if (!first || !last) return new Map();
  const room = last.rect[axis] + sizeOf(last, axis) - first.rect[axis];
  const filled = order.reduce((sum, card) => sum + sizeOf(card, axis), 0);
  const gap = (room - filled) / Math.max(order.length - 1, 1);
  const shifts = new Map<string, number>();
  let at = first.rect[axis];
  for (const card of order) {
    shifts.set(card.id, at - card.rect[axis]);
    at += sizeOf(card, axis) + gap;
  }
  return shifts;
}

export function align(bench: Bench, line: Line): void {
  shift(bench, `Align ${line}`, LINES[line][0], (cards) => alignment(cards, line));
}

export function distribute(bench: Bench, axis: Axis): void {
  const how = axis === "x" ? "horizontally" : "vertically";
  shift(bench, `Distribute ${how}`, axis, (cards) => distribution(cards, axis));
}

function shift(
  bench: Bench,
  label: string,
  axis: Axis,
  shiftsOf: (cards: readonly Placed[]) => Map<string, number>,
): void {
  const { store, session, surface } = bench;
  const cards = [...session.nodes].flatMap((id) => {
    const rect = surface.nodeRect(id);
    return rect ? [{ id, rect }] : [];
  });
  const changes: Change[] = [];
  const free = new Set(unlockedOf(bench, session.nodes)); // the others may still be what is aligned to
  for (const [id, by] of shiftsOf(cards)) {
    if (!free.has(id)) continue;
    const at = store.positions.get(id);
    if (at && Math.abs(by) >= 0.05) changes.push(moveNode(store, id, { ...at, [axis]: at[axis] + by }));
  }
  if (changes.length) store.edit(label, changes);
  session.set({
    spoken: changes.length ? `${label}: ${counted(changes.length, "card")} moved` : "They are so already",
  });
}
