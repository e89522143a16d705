/** The order in which the map is read aloud and walked over: column by column, as customers go. */
import type { MapReading, Position } from "../model/reading";

/** Nodes from left to right, and from top to bottom where they stand in one column. */
export function readingOrder(positions: ReadonlyMap<string, Position>): string[] {
  return [...positions].sort(([, a], [, b]) => a.x - b.x || a.y - b.y).map(([id]) => id);
}

/** A flow as it is seen from one of its ends. */
export interface FlowSeen {
  readonly key: string;
  readonly way: "out" | "in" | "loop";
  /** The node at its other end. */
  readonly other: string;
}

/** The flows of a node: those that leave it, then those that come in, each in reading order of their other ends. */
export function flowsSeen(reading: Pick<MapReading, "flows" | "flowsOf" | "positions">, id: string): FlowSeen[] {
  const seen: (FlowSeen & { readonly x: number; readonly y: number })[] = [];
  for (const key of reading.flowsOf(id)) {
    const flow = reading.flows.get(key);
    if (!flow) continue;
    const way = flow.source === flow.target ? "loop" : flow.source === id ? "out" : "in";
    const other = way === "in" ? flow.source : flow.target;
    const { x, y } = reading.positions.get(other) ?? { x: 0, y: 0 };
    seen.push({ key, way, other, x, y });
  }
  const turn = ({ way }: FlowSeen) => (way === "in" ? 1 : 0);
  seen.sort((a, b) => turn(a) - turn(b) || a.x - b.x || a.y - b.y);
  return seen.map(({ key, way, other }) => ({ key, way, other }));
}
