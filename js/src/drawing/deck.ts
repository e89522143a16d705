/** The HTML cards on the table: made for what is near, taken back when it leaves, a few at a time. */
import type { Camera } from "./camera";
import { CardElement } from "./cards";
import { centreOf, distance, type Rect } from "./geometry";
import type { NodeItem } from "./items";
import type { Scene } from "./scene";

const SPARE = 120;

export interface CardState {
  readonly selected: ReadonlySet<string>;
  readonly hovered: string | null;
  readonly dragging: ReadonlySet<string>;
  readonly dropTarget: string | null;
  readonly editing: string | null;
}

export class Deck {
  readonly element: HTMLElement;
  readonly #scene: Scene;
  readonly #live = new Map<string, CardElement>();
  readonly #spare: CardElement[] = [];
  readonly #stale = new Set<string>();
  #state: CardState = { selected: new Set(), hovered: null, dragging: new Set(), dropTarget: null, editing: null };

  constructor(scene: Scene) {
    this.#scene = scene;
    this.element = document.createElement("div");
    this.element.className = "deck";
  }

  card(id: string): HTMLElement | undefined {
    return this.#live.get(id)?.element;
  }

  ids(): Iterable<string> {
    return this.#live.keys();
  }

  place(camera: Camera): void {
    this.element.style.transform = `translate(${camera.x}px,${camera.y}px) scale(${camera.k})`;
  }

  /** Only while the view moves: a layer of its own is cheap to move but not sharp when scaled. */
  setMoving(isMoving: boolean): void {
    this.element.style.willChange = isMoving ? "transform" : "";
  }

  /** These cards are out of date. */
  spoil(ids: Iterable<string>): void {
    for (const id of ids) if (this.#live.has(id)) this.#stale.add(id);
  }

  spoilAll(): void {
    for (const id of this.#live.keys()) this.#stale.add(id);
  }

  /** Cards in the hand follow at once. */
  follow(items: Iterable<NodeItem>): void {
    for (const item of items) this.#live.get(item.id)?.move(item);
  }

  /** Brings the cards in line with what should be there; false when the deadline came first. */
  sync(wanted: readonly NodeItem[], view: Rect, deadline: number): boolean {
    const names = new Set(wanted.map((item) => item.id));
    for (const [id, card] of this.#live) if (!names.has(id) && !this.#mayKeep(id, card)) this.#takeBack(id, card);
    for (const id of this.#stale) {
      this.#stale.delete(id);
      const card = this.#live.get(id);
      const item = this.#scene.items.node(id);
      if (card && item) this.#fill(card, item);
      if (performance.now() > deadline) return false;
    }
    const middle = centreOf(view);
    const missing = wanted.filter((item) => !this.#live.has(item.id));
    // What is looked at comes first.
    missing.sort((a, b) => distance(centreOf(a.outline.rect), middle) - distance(centreOf(b.outline.rect), middle));
    for (const item of missing) {
      this.#deal(item);
      if (performance.now() > deadline) return false;
    }
    return true;
  }

  clear(): void {
    for (const [id, card] of this.#live) if (!this.#mayKeep(id, card)) this.#takeBack(id, card);
  }

  /** A card that has the focus stays, or the keyboard would lose its place. */
  #mayKeep(id: string, card: CardElement): boolean {
    const root = this.element.getRootNode();
    const active = root instanceof Document || root instanceof ShadowRoot ? root.activeElement : null;
    return active !== null && card.element.contains(active) && this.#scene.items.node(id) !== undefined;
  }

  #deal(item: NodeItem): void {
    const card = this.#spare.pop() ?? new CardElement();
    this.#fill(card, item);
    this.#live.set(item.id, card);
    card.element.style.display = "";
    if (!card.element.isConnected) this.element.append(card.element);
  }

  #fill(card: CardElement, item: NodeItem): void {
    const scene = this.#scene;
    card.fill(item, scene.looks.content(item.id), scene.looks.plan(item, 1), scene.looks.colour(item));
    card.move(item);
    this.#mark(item.id, card.element);
  }

  #takeBack(id: string, card: CardElement): void {
    this.#live.delete(id);
    this.#stale.delete(id);
    if (this.#spare.length < SPARE) {
      card.element.style.display = "none";
      this.#spare.push(card);
    } else card.element.remove();
  }

  setState(state: CardState): void {
    const before = this.#state;
    this.#state = state;
    const touched = new Set<string>();
    for (const set of [before.selected, state.selected, before.dragging, state.dragging])
      for (const id of set) touched.add(id);
    for (const id of [
      before.hovered,
      state.hovered,
      before.dropTarget,
      state.dropTarget,
      before.editing,
      state.editing,
    ]) {
      if (id !== null) touched.add(id);
    }
    for (const id of touched) {
      const card = this.#live.get(id);
      if (card) this.#mark(id, card.element);
    }
  }

  #mark(id: string, element: HTMLElement): void {
    const { selected, hovered, dragging, dropTarget, editing } = this.#state;
    const isSelected = selected.has(id);
    element.classList.toggle("selected", isSelected);
    element.classList.toggle("hovered", hovered === id);
    element.classList.toggle("dragging", dragging.has(id));
    element.classList.toggle("target", dropTarget === id);
    element.classList.toggle("editing", editing === id);
    element.setAttribute("aria-pressed", String(isSelected));
  }
}
