/** Things by where they are, found, moved and removed by name: grids of doubling cell size, each thing in the one for its size. */
import type { Rect } from "./geometry";

interface Entry<T> {
  readonly box: Rect;
  readonly item: T;
  readonly cells: readonly Set<Entry<T>>[];
}

type Grid<T> = Map<number, Set<Entry<T>>>;

/** Cells of the finest grid are as large as a card. */
const FINEST = 256;

export class SpatialIndex<T> {
  /** By cell size: no thing is larger than a cell, so it lies in four of them at most. */
  readonly #grids = new Map<number, Grid<T>>();
  readonly #entries = new Map<string, Entry<T>>();

  set(name: string, box: Rect, item: T): void {
    this.remove(name);
    let size = FINEST;
    while (size < box.width || size < box.height) size *= 2;
    let grid = this.#grids.get(size);
    if (!grid) {
      grid = new Map();
      this.#grids.set(size, grid);
    }
    const cells: Set<Entry<T>>[] = [];
    const entry = { box, item, cells };
    for (const at of cellsOf(box, size)) {
      let cell = grid.get(at);
      if (!cell) {
        cell = new Set();
        grid.set(at, cell);
      }
      cells.push(cell.add(entry));
    }
    this.#entries.set(name, entry);
  }

  remove(name: string): void {
    const known = this.#entries.get(name);
    for (const cell of known?.cells ?? []) cell.delete(known as Entry<T>);
    this.#entries.delete(name);
  }

  search(box: Rect): T[] {
    return [...new Set(this.#near(box))].map((entry) => entry.item);
  }

  /** Whether anything overlaps the box. */
  collides(box: Rect): boolean {
    return !this.#near(box).next().done;
  }

  clear(): void {
    this.#grids.clear();
    this.#entries.clear();
  }

  /** What touches the box, some of it more than once. */
  *#near(box: Rect): Generator<Entry<T>, void, void> {
    // A box as wide as the map is compared with each thing: that is less than all the cells in it.
    for (const [size, grid] of this.#grids) {
      const isWide = (box.width / size + 2) * (box.height / size + 2) > grid.size;
      const cells = isWide ? grid.values() : cellsOf(box, size).map((at) => grid.get(at) ?? []);
      for (const cell of cells) for (const entry of cell) if (touches(entry.box, box)) yield entry;
    }
  }
}

function cellsOf(box: Rect, size: number): number[] {
  const found: number[] = [];
  const right = Math.floor((box.x + box.width) / size);
  const below = Math.floor((box.y + box.height) / size);
  for (let x = Math.floor(box.x / size); x <= right; x++)
    for (let y = Math.floor(box.y / size); y <= below; y++) found.push(x * 2 ** 20 + y);
  return found;
}

function touches(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}
