/** A map that is only read, made of plain literals, for tests of what is drawn. */

import type { Measure } from "../../src/drawing/text";
import type { Card, Overlay } from "../../src/generated/schema";
import type { FlowAttributes, MapReading, NodeAttributes, Position, Touched } from "../../src/model/reading";

/** Every letter is 0.6 em wide, bold ones 0.66: tests need widths, not a font. */
export const measure: Measure = (text, font) => {
  const size = Number(/(\d+(?:\.\d+)?)px/.exec(font)?.[1] ?? 10);
  const weight = Number(font.split(" ")[0]);
  return Array.from(text).length * size * (weight >= 600 ? 0.66 : 0.6);
};

export const touchedNothing: Touched = {
  everything: false,
  nodes: new Set(),
  flows: new Set(),
  positions: new Set(),
  cards: new Set(),
  comments: false,
  map: false,
  overlays: false,
  status: false,
};

export class FakeReading implements MapReading {
  readonly #keys = new Map<string, Set<string>>();
  map: Record<string, unknown> = {};
  nodes = new Map<string, NodeAttributes>();
  flows = new Map<string, FlowAttributes>();
  positions = new Map<string, Position>();
  comments = new Map<string, Record<string, unknown>>();
  votes = new Map<string, ReadonlySet<string>>();
  cards = new Map<string, Card>();
  overlays = new Map<string, Overlay>();
  status = { can_undo: false, can_redo: false, undo_label: "", redo_label: "", saved: "", problem: "" };
  about = { questions: [], templates: [], author: "", filter: null, unmatched: [] };

  node(id: string, x: number, y: number, attributes: Partial<NodeAttributes> = {}): this {
    this.nodes.set(id, { kind: "stage", label: id, ...attributes });
    this.positions.set(id, { x, y, pinned: false });
    return this;
  }

  flow(key: string, source: string, target: string, attributes: Partial<FlowAttributes> = {}): this {
    this.flows.set(key, { kind: "flow", ...attributes, source, target });
    for (const node of [source, target]) this.#keys.set(node, (this.#keys.get(node) ?? new Set()).add(key));
    return this;
  }

  flowsOf(node: string): ReadonlySet<string> {
    return new Set([...(this.#keys.get(node) ?? [])].filter((key) => this.flows.has(key)));
  }

  contentOf(node: string): ReadonlySet<string> {
    return new Set([...this.nodes].filter(([, { parent }]) => parent === node).map(([id]) => id));
  }

  subscribe(): () => void {
    return () => {};
  }
}

/** Nodes in columns and rows as the layout sets them. */
export function grid(count: number, columns: number): FakeReading {
  const reading = new FakeReading();
  for (let i = 0; i < count; i++) {
    reading.node(`n${i}`, (i % columns) * 352, Math.floor(i / columns) * 192, { team: `team ${i % 3}` });
  }
  return reading;
}
