/** Things by where they are, found, moved and removed by name: grids of doubling cell size, each thing in the one for its size. */
import type { Rect } from "./geometry";

/** Columns and rows of a grid, the last ones too. */
interface Cells {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

interface Entry<T> {
  readonly box: Rect;
  readonly item: T;
  readonly level: Level<T>;
  readonly cells: Cells;
}

interface Level<T> {
  readonly size: number;
  readonly entries: Set<Entry<T>>;
  readonly cells: Map<number, Entry<T>[]>;
}

/** Cells of the finest grid are a little larger than a card. */
const FINEST = 256;

export class SpatialIndex<T> {
  readonly #levels = new Map<number, Level<T>>();
  readonly #entries = new Map<string, Entry<T>>();

  set(name: string, box: Rect, item: T): void {
    this.remove(name);
    // No thing is larger than a cell of its grid, so it lies in four of them at most.
    let size = FINEST;
    while (size < box.width || size < box.height) size *= 2;
    let level = this.#levels.get(size);
    if (!level) {
      level = { size, entries: new Set(), cells: new Map() };
      this.#levels.set(size, level);
    }
    const cells = cellsOf(box, size);
    const entry = { box, item, level, cells };
    this.#entries.set(name, entry);
    level.entries.add(entry);
    for (const at of keysOf(cells)) {
      const cell = level.cells.get(at);
      if (cell) cell.push(entry);
      else level.cells.set(at, [entry]);
    }
  }

  remove(name: string): void {
    const entry = this.#entries.get(name);
    if (!entry) return;
    this.#entries.delete(name);
    entry.level.entries.delete(entry);
    for (const at of keysOf(entry.cells)) {
      const cell = entry.level.cells.get(at);
      cell?.splice(cell.indexOf(entry), 1);
    }
  }

  search(box: Rect): T[] {
    const found: T[] = [];
    this.#find(box, (item) => {
      found.push(item);
      return false;
    });
    return found;
  }

  /** Whether anything touches the box. */
  collides(box: Rect): boolean {
    return this.#find(box, () => true);
  }

  clear(): void {
    this.#levels.clear();
    this.#entries.clear();
  }

  /** Shows each thing that touches the box to `isEnough`, until that says so. */
  #find(box: Rect, isEnough: (item: T) => boolean): boolean {
    for (const level of this.#levels.values()) {
      const { left, top, right, bottom } = cellsOf(box, level.size);
      if ((right - left + 1) * (bottom - top + 1) > level.entries.size) {
        // A box as wide as the map: to look at each thing is less than to look into each cell.
        for (const entry of level.entries) if (touches(entry.box, box) && isEnough(entry.item)) return true;
        continue;
      }
      for (let x = left; x <= right; x++) {
        for (let y = top; y <= bottom; y++) {
          for (const { cells, box: at, item } of level.cells.get(keyOf(x, y)) ?? []) {
            // A thing in several cells counts in the first of them that the box reaches.
            const isFirst = x === Math.max(left, cells.left) && y === Math.max(top, cells.top);
            if (isFirst && touches(at, box) && isEnough(item)) return true;
          }
        }
      }
    }
    return false;
  }
}

function cellsOf({ x, y, width, height }: Rect, size: number): Cells {
  return {
    left: Math.floor(x / size),
    top: Math.floor(y / size),
    right: Math.floor((x + width) / size),
    bottom: Math.floor((y + height) / size),
  };
}

/** A small number, as those are found fastest; cells so far apart that they share one only share their list. */
function keyOf(x: number, y: number): number {
  return x * 2 ** 15 + y;
}

function keysOf({ left, top, right, bottom }: Cells): number[] {
  const keys: number[] = [];
  for (let x = left; x <= right; x++) for (let y = top; y <= bottom; y++) keys.push(keyOf(x, y));
  return keys;
}

function touches(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}
