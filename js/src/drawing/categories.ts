/** Which colour a node bears: its team's, else its owner's, else its kind's, the categories in order of their names. */
import type { NodeAttributes } from "../model/reading";

const filled = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

export function categoryName(node: NodeAttributes): string {
  if (filled(node.team)) return node.team;
  if (filled(node.owner)) return node.owner;
  return node.kind;
}

/** Category → index of its colour, before the modulo: the same in every view, whatever was added first. */
export function categoriesOf(nodes: Iterable<NodeAttributes>): Map<string, number> {
  const names = new Set<string>();
  for (const node of nodes) names.add(categoryName(node));
  return new Map([...names].sort().map((name, index) => [name, index]));
}

export function categoryColour(name: string, order: ReadonlyMap<string, number>, colours: readonly string[]): string {
  return colours[(order.get(name) ?? 0) % colours.length] ?? "#888888";
}
