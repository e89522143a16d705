/** The map as a tree to be read: nodes within what they belong to, their flows under each; as the rows that show. */

import type { MapReading } from "../model/reading";
import { folded } from "../model/search";
import { type FlowSeen, flowsSeen } from "./order";

export interface Row {
  /** Of this row alone: a flow has one under each of its ends. */
  readonly name: string;
  /** The node, or the one that the flow lies under. */
  readonly node: string;
  readonly flow: FlowSeen | null;
  readonly level: number;
  /** Its place among the rows that share its parent, from 1, and how many those are. */
  readonly place: number;
  readonly size: number;
  /** `null`: there is nothing under it. */
  readonly isOpen: boolean | null;
}

export type TreeReading = Pick<MapReading, "nodes" | "flows" | "flowsOf" | "positions">;

/** Nodes by what they belong to, in the given order; the empty name holds those that belong to nothing. */
export function childrenOf(nodes: TreeReading["nodes"], order: readonly string[]): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const id of order) {
    const parent = parentOf(nodes, id);
    const siblings = children.get(parent);
    if (siblings) siblings.push(id);
    else children.set(parent, [id]);
  }
  return children;
}

/** What the node belongs to; nothing where that is not there, or belongs to the node itself. */
export function parentOf(nodes: TreeReading["nodes"], id: string): string {
  const at = (node: string): string => {
    const parent = nodes.get(node)?.parent;
    return typeof parent === "string" && nodes.has(parent) ? parent : "";
  };
  const parent = at(id);
  const seen = new Set([id]);
  for (let above = parent; above !== ""; above = at(above)) {
    if (seen.has(above)) return "";
    seen.add(above);
  }
  return parent;
}

/**
 * The rows from top to bottom. What holds other nodes stands open and shows them, flows are folded away under their node;
 * `turned` are the nodes for which it is the other way round.
 */
export function rowsOf(
  reading: TreeReading,
  children: ReadonlyMap<string, readonly string[]>,
  turned: ReadonlySet<string>,
): Row[] {
  const rows: Row[] = [];
  const addNode = (node: string, level: number, place: number, size: number) => {
    const inside = children.get(node) ?? [];
    const isLeaf = inside.length === 0 && reading.flowsOf(node).size === 0;
    const isOpen = isLeaf ? null : inside.length > 0 !== turned.has(node);
    rows.push({ name: node, node, flow: null, level, place, size, isOpen });
    if (isOpen) addUnder(node, inside, level + 1);
  };
  const addUnder = (node: string, inside: readonly string[], level: number) => {
    const flows = flowsSeen(reading, node);
    const size = inside.length + flows.length;
    for (const [i, child] of inside.entries()) addNode(child, level, i + 1, size);
    for (const [i, flow] of flows.entries()) {
      const place = inside.length + i + 1;
      rows.push({ name: `${node}\n${flow.key}`, node, flow, level, place, size, isOpen: null });
    }
  };
  const roots = children.get("") ?? [];
  for (const [i, id] of roots.entries()) addNode(id, 1, i + 1, roots.length);
  return rows;
}

/** What a row says. */
export function textOf(reading: TreeReading, { node, flow }: Row): string {
  if (!flow) return reading.nodes.get(node)?.label ?? node;
  const label = flowLabel(reading, flow.key);
  const end = flow.way === "loop" ? "itself" : (reading.nodes.get(flow.other)?.label ?? flow.other);
  return label ? `${end}, ${label}` : end;
}

/** What stands on a flow. */
export function flowLabel({ flows }: Pick<MapReading, "flows">, key: string): string {
  const flow = flows.get(key);
  if (typeof flow?.label === "string" && flow.label) return flow.label;
  return typeof flow?.volume === "number" ? String(flow.volume) : "";
}

// ---- keys ----------------------------------------------------------------------------------------------

/** Where a key leads, or which nodes it opens or folds; `null` for a key that means nothing here. */
export type Step = { readonly to: number } | { readonly turn: readonly string[] } | null;

export function stepOf(rows: readonly Row[], at: number, key: string): Step {
  const row = rows[at];
  const to = (index: number): Step => ({ to: Math.max(0, Math.min(index, rows.length - 1)) });
  switch (key) {
    case "ArrowDown":
      return to(at + 1);
    case "ArrowUp":
      return to(at - 1);
    case "Home":
      return to(0);
    case "End":
      return to(rows.length - 1);
    case "ArrowRight":
      return row?.isOpen === false ? { turn: [row.node] } : row?.isOpen ? to(at + 1) : to(at);
    case "ArrowLeft":
      return row?.isOpen ? { turn: [row.node] } : to(parentRow(rows, at));
    case "*":
      return { turn: siblings(rows, at).flatMap((other) => (other.isOpen === false ? [other.node] : [])) };
    default:
      return null;
  }
}

/** The row that this one lies under; itself where it lies under none. */
export function parentRow(rows: readonly Row[], at: number): number {
  const level = rows[at]?.level ?? 1;
  for (let i = at - 1; i >= 0; i--) if ((rows[i]?.level ?? level) < level) return i;
  return at;
}

function siblings(rows: readonly Row[], at: number): Row[] {
  const level = rows[at]?.level ?? 1;
  const above = parentRow(rows, at);
  const found: Row[] = [];
  for (let i = above === at ? 0 : above + 1; i < rows.length; i++) {
    const row = rows[i];
    if (!row || row.level < level) break;
    if (row.level === level) found.push(row);
  }
  return found;
}

/** The next row that begins with what is typed, from the present one on and round; −1 when there is none. */
export function typedRow(reading: TreeReading, rows: readonly Row[], at: number, typed: string): number {
  const wanted = folded(typed);
  // One letter, or the same again and again, goes on to the next row; more letters first try the present one.
  const isOneLetter = [...wanted].every((letter) => letter === wanted[0]);
  const start = isOneLetter ? (wanted[0] ?? "") : wanted;
  for (let i = isOneLetter ? 1 : 0; i <= rows.length; i++) {
    const index = (Math.max(at, 0) + i) % Math.max(rows.length, 1);
    const row = rows[index];
    if (row && start && folded(textOf(reading, row)).startsWith(start)) return index;
  }
  return -1;
}
