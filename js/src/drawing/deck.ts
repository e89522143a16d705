/** The HTML cards on the table: made for what is near, taken back when it leaves, a few at a time. */
import type { Camera } from "./camera";
import { cardElement, fillCard, moveCard } from "./cards";
import { div } from "./dom";
import { centreOf, distance, type Rect } from "./geometry";
import type { NodeItem } from "./items";
import type { Scene } from "./scene";
import { hoveredNode, type SurfaceState } from "./state";

const SPARE = 120;

export class Deck {
  readonly element = div("deck");
  readonly #live = new Map<string, HTMLElement>();
  readonly #spare: HTMLElement[] = [];
  readonly #stale = new Set<string>();
  #scale = 1;

  constructor(
    readonly scene: Scene,
    readonly state: () => SurfaceState,
  ) {}

  card(id: string): HTMLElement | undefined {
    return this.#live.get(id);
  }

  place(camera: Camera): void {
    this.element.style.transform = `translate(${camera.x}px,${camera.y}px) scale(${camera.k})`;
  }

  /** Only while the view moves: a layer of its own is cheap to move but not sharp when scaled. */
  setMoving(isMoving: boolean): void {
    this.element.style.willChange = isMoving ? "transform" : "";
  }

  /** How large type is set; whether all cards have to be set anew. */
  setType(scale: number): boolean {
    if (scale === this.#scale) return false;
    this.#scale = scale;
    this.spoil();
    return true;
  }

  /** These cards, or all, are out of date. */
  spoil(ids: Iterable<string> = this.#live.keys()): void {
    for (const id of ids) if (this.#live.has(id)) this.#stale.add(id);
  }

  /** Cards in the hand follow at once. */
  follow(items: Iterable<NodeItem>): void {
    for (const item of items) {
      const card = this.#live.get(item.id);
      if (card) moveCard(card, item);
    }
  }

  /** Brings the cards in line with what should be there; false when the deadline came first. */
  sync(wanted: readonly NodeItem[], view: Rect, deadline: number): boolean {
    this.clear(new Set(wanted.map((item) => item.id)));
    for (const id of this.#stale) {
      this.#stale.delete(id);
      const card = this.#live.get(id);
      const item = this.scene.items.node(id);
      if (card && item) this.#fill(card, item);
      if (performance.now() > deadline) return false;
    }
    const middle = centreOf(view);
    const away = ({ outline }: NodeItem): number => distance(centreOf(outline.rect), middle);
    const missing = wanted.filter((item) => !this.#live.has(item.id));
    // What is looked at comes first.
    for (const item of missing.sort((a, b) => away(a) - away(b))) {
      const card = this.#spare.pop() ?? cardElement();
      this.#live.set(item.id, card);
      this.#fill(card, item);
      card.style.display = "";
      if (!card.isConnected) this.element.append(card);
      if (performance.now() > deadline) return false;
    }
    return true;
  }

  /** Takes all cards back but these, and one that has the focus: or the keyboard would lose its place. */
  clear(kept: ReadonlySet<string> = new Set()): void {
    for (const [id, card] of this.#live) {
      if (kept.has(id) || (card.matches(":focus-within") && this.scene.items.node(id))) continue;
      this.#live.delete(id);
      this.#stale.delete(id);
      if (this.#spare.length < SPARE) {
        card.style.display = "none";
        this.#spare.push(card);
      } else card.remove();
    }
  }

  #fill(card: HTMLElement, item: NodeItem): void {
    const { looks } = this.scene;
    fillCard(card, item, looks.content(item.id), looks.plan(item, this.#scale), looks.colour(item));
    moveCard(card, item);
    this.#mark(item.id, card);
  }

  /** Brings all cards in line with the view's state. */
  mark(): void {
    for (const [id, card] of this.#live) this.#mark(id, card);
  }

  #mark(id: string, card: HTMLElement): void {
    const state = this.state();
    const marks = {
      selected: state.selectedNodes.has(id),
      hovered: hoveredNode(state) === id,
      dragging: state.dragging.has(id),
      target: state.dropTarget === id,
      editing: state.editing === id,
      cursor: state.cursor === id,
      found: state.found?.nodes.has(id) === true,
      active: state.found?.active === id,
    };
    for (const [name, is] of Object.entries(marks)) card.classList.toggle(name, is);
    card.setAttribute("aria-pressed", String(marks.selected));
  }
}
