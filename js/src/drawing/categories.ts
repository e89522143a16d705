/** Which colour a node bears: its team's, else its owner's, else its kind's, in order of first appearance. */
import type { NodeAttributes } from "../model/reading";

const filled = (value: unknown): value is string => typeof value === "string" && value.trim() !== "";

export function categoryName(node: NodeAttributes): string {
  if (filled(node.team)) return node.team;
  if (filled(node.owner)) return node.owner;
  return node.kind;
}

/** Category → index of its colour, before the modulo. */
export function categoriesOf(nodes: Iterable<NodeAttributes>): Map<string, number> {
  const order = new Map<string, number>();
  for (const node of nodes) {
    const name = categoryName(node);
    if (!order.has(name)) order.set(name, order.size);
  }
  return order;
}

export function categoryColour(name: string, order: ReadonlyMap<string, number>, colours: readonly string[]): string {
  return colours[(order.get(name) ?? 0) % colours.length] ?? "#888888";
}
