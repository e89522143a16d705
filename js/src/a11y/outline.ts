/** Where a reader of the map is: the rows of its outline, which of them are open, and the one that the focus is on. */
import type { Touched } from "../model/reading";
import { readingOrder } from "./order";
import { childrenOf, parentOf, type Row, rowsOf, type TreeReading, typedRow } from "./tree";

interface Selection {
  readonly nodes: ReadonlySet<string>;
  readonly flows: ReadonlySet<string>;
}

export class OutlineReader {
  /** The row that the focus is on, or comes to. */
  at = 0;
  /** What is selected alone: the id of a node or the key of a flow, else empty. */
  selected = "";
  #rows: readonly Row[] = [];
  #children: ReadonlyMap<string, readonly string[]> = new Map();
  #turned = new Set<string>();
  #isFresh = false;
  #hasOrder = false;

  constructor(readonly reading: TreeReading) {}

  get isFresh(): boolean {
    return this.#isFresh;
  }

  get rows(): readonly Row[] {
    if (!this.#isFresh) this.#renew();
    return this.#rows;
  }

  get row(): Row | undefined {
    return this.rows[this.at];
  }

  /** The map has changed. Where cards have only moved, the order is looked at again when they are at rest. */
  onMap({ everything, nodes, flows, comments }: Touched): void {
    if (!everything && nodes.size + flows.size === 0) {
      this.#isFresh &&= !comments; // votes stand beside names
      return;
    }
    this.#hasOrder &&= !everything && ![...nodes].some((id) => this.#isElsewhere(id));
    this.#isFresh = false;
  }

  onRest(): void {
    this.#hasOrder = false;
    this.#isFresh = false;
  }

  onRenamed(ids: Readonly<Record<string, string>>): void {
    this.#turned = new Set([...this.#turned].map((id) => ids[id] ?? id));
  }

  /** Opens what is folded, and folds what is open. */
  turn(nodes: readonly string[]): void {
    for (const id of nodes) if (!this.#turned.delete(id)) this.#turned.add(id);
    this.#isFresh = false;
  }

  /** What is selected alone is where the reader is, too; all that it lies in opens. */
  follow({ nodes, flows }: Selection): void {
    const [only = ""] = nodes.size + flows.size === 1 ? [...nodes, ...flows] : [];
    if (only === this.selected) return;
    this.selected = only;
    if (!only || (this.row && nameOf(this.row) === only)) return;
    this.#unfold(only);
    const at = this.rows.findIndex((row) => nameOf(row) === only);
    if (at >= 0) this.at = at;
  }

  /** Where the next row is that begins with what is typed; −1 for none. */
  typed(text: string): number {
    return typedRow(this.reading, this.rows, this.at, text);
  }

  #renew(): void {
    const current = this.#rows[this.at]?.name;
    const { nodes, positions } = this.reading;
    if (!this.#hasOrder) this.#children = childrenOf(nodes, readingOrder(positions));
    this.#rows = rowsOf(this.reading, this.#children, this.#turned);
    this.#hasOrder = true;
    this.#isFresh = true;
    const at = this.#rows.findIndex(({ name }) => name === current);
    this.at = at >= 0 ? at : Math.max(Math.min(this.at, this.#rows.length - 1), 0);
  }

  /** Whether a node has come, gone, or belongs to another one now. */
  #isElsewhere(id: string): boolean {
    const { nodes } = this.reading;
    const siblings = nodes.has(id) ? this.#children.get(parentOf(nodes, id)) : undefined;
    return !siblings?.includes(id);
  }

  #unfold(id: string): void {
    const { nodes } = this.reading;
    const isFolded = (node: string) => (this.#children.get(node)?.length ?? 0) > 0 && this.#turned.has(node);
    for (let above = parentOf(nodes, id); above !== ""; above = parentOf(nodes, above))
      if (isFolded(above)) this.turn([above]);
  }
}

function nameOf({ node, flow }: Row): string {
  return flow?.key ?? node;
}
