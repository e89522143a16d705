/** The places of labels: given once, in order of weight, and kept so that no label jumps while the view moves. */
import { pointAt } from "./bezier";
import { hasBadges } from "./content";
import type { FittedLabel } from "./flowstyle";
import { grow, overlaps, type Point, type Rect, union } from "./geometry";
import type { FlowItem, Items, NodeItem } from "./items";
import { placeLabel } from "./labels";
import type { Looks } from "./looks";
import type { Route } from "./routes";
import { SpatialIndex } from "./spatial";
import type { Ways } from "./ways";

export interface PlacedLabel {
  readonly key: string;
  readonly rect: Rect;
  readonly fitted: FittedLabel;
}

/** The labels at one size of type; null for those that found no place. */
interface Page {
  readonly index: SpatialIndex<PlacedLabel>;
  readonly known: Map<string, PlacedLabel | null>;
}

const emptyPage = (): Page => ({ index: new SpatialIndex(), known: new Map() });

export class LabelBook {
  readonly #pages = new Map<number, Page>();

  constructor(
    readonly items: Items,
    readonly looks: Looks,
    readonly ways: Ways,
  ) {}

  /** The labels of these flows that found a place; what has a place keeps it. */
  placed(items: readonly FlowItem[], scale: number): PlacedLabel[] {
    const page = this.#page(scale);
    const missing = items.filter((item) => !page.known.has(item.key));
    const weight = (item: FlowItem): number => this.looks.style(item.key).weight;
    missing.sort((a, b) => weight(b) - weight(a) || a.order - b.order);
    for (const item of missing) this.#place(page, item, scale);
    return placedOn(page, items);
  }

  /** The label of one flow even where there is no room for it, as for a flow that is pointed at. */
  anyway(item: FlowItem, scale: number): PlacedLabel | undefined {
    const known = this.#page(scale).known.get(item.key);
    if (known) return known;
    const fitted = this.looks.label(item.key, scale);
    const route = this.ways.route(item);
    if (!fitted || !route) return undefined;
    const place = (isFree: (box: Rect) => boolean) => placeLabel(route.curve, fitted.width, fitted.height, isFree);
    const rect = place((box) => !this.items.meetsNode(box)) ?? place(() => true);
    return rect && { key: item.key, rect, fitted };
  }

  /** Labels of flows in the hand: placed anew for every frame, around what stands still and each other. */
  passing(items: readonly FlowItem[], scale: number): PlacedLabel[] {
    const page = emptyPage();
    for (const item of items) this.#place(page, item, scale, this.#page(scale));
    return placedOn(page, items);
  }

  /** The box with the flow's labels of all sizes added to it. */
  widen(box: Rect, key: string): Rect {
    let wide = box;
    for (const page of this.#pages.values()) {
      const label = page.known.get(key);
      if (label) wide = union(wide, label.rect);
    }
    return wide;
  }

  forget(key: string): void {
    for (const page of this.#pages.values()) {
      page.known.delete(key);
      page.index.remove(key);
    }
  }

  clear(): void {
    this.#pages.clear();
  }

  #page(scale: number): Page {
    let page = this.#pages.get(scale);
    if (!page) {
      page = emptyPage();
      this.#pages.set(scale, page);
    }
    return page;
  }

  #place(page: Page, item: FlowItem, scale: number, also?: Page): void {
    const fitted = this.looks.label(item.key, scale);
    const route = fitted && this.ways.route(item);
    if (!fitted || !route) {
      page.known.set(item.key, null);
      return;
    }
    const isFree = (box: Rect): boolean => {
      const wide = grow(box, 2);
      return !page.index.collides(wide) && !also?.index.collides(wide) && !this.#meetsCard(box, scale);
    };
    const beside = item.source === item.target ? besideLoop(route, fitted.width) : undefined;
    const rect = placeLabel(route.curve, fitted.width, fitted.height, isFree, beside);
    const placed = rect ? { key: item.key, rect, fitted } : null;
    page.known.set(item.key, placed);
    if (placed) page.index.set(item.key, placed.rect, placed);
  }

  /** Cards, and the badges that stand out of their upper border. */
  #meetsCard(box: Rect, scale: number): boolean {
    const meets = (item: NodeItem): boolean => {
      const { rect } = item.outline;
      if (overlaps(box, rect, 3)) return true;
      if (scale !== 1) return false;
      return hasBadges(this.looks.content(item.id)) && overlaps(box, { ...rect, y: rect.y - 12, height: 24 }, 2);
    };
    return this.items.allNodesIn(grow(box, 16)).some(meets);
  }
}

function placedOn(page: Page, items: readonly FlowItem[]): PlacedLabel[] {
  return items.map((item) => page.known.get(item.key)).filter((label) => label != null);
}

/** A flow back to its own node is too small to bear its label: that stands outside of the loop. */
function besideLoop(route: Route, width: number): Point {
  const { x, y } = pointAt(route.curve, 0.45);
  return { x: x + width / 2 - 7, y };
}
