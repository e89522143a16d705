/** Things by where they are: an R-tree whose items are found, moved and removed by name. */
import RBush from "rbush";
import type { Rect } from "./geometry";

interface Entry<T> {
  readonly minX: number;
  readonly minY: number;
  readonly maxX: number;
  readonly maxY: number;
  readonly item: T;
}

export class SpatialIndex<T> {
  readonly #tree = new RBush<Entry<T>>(12);
  readonly #entries = new Map<string, Entry<T>>();

  get size(): number {
    return this.#entries.size;
  }

  /** All at once, much faster than one by one. */
  load(items: Iterable<readonly [name: string, box: Rect, item: T]>): void {
    this.#tree.clear();
    this.#entries.clear();
    for (const [name, box, item] of items) this.#entries.set(name, entry(box, item));
    this.#tree.load([...this.#entries.values()]);
  }

  set(name: string, box: Rect, item: T): void {
    this.remove(name);
    const made = entry(box, item);
    this.#entries.set(name, made);
    this.#tree.insert(made);
  }

  remove(name: string): boolean {
    const known = this.#entries.get(name);
    if (!known) return false;
    this.#tree.remove(known);
    this.#entries.delete(name);
    return true;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  search(box: Rect): T[] {
    return this.#tree
      .search({ minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height })
      .map((found) => found.item);
  }

  /** Whether anything overlaps the box. */
  collides(box: Rect): boolean {
    return this.#tree.collides({ minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height });
  }

  clear(): void {
    this.#tree.clear();
    this.#entries.clear();
  }
}

function entry<T>(box: Rect, item: T): Entry<T> {
  return { minX: box.x, minY: box.y, maxX: box.x + box.width, maxY: box.y + box.height, item };
}
