/** The routes of the map's flows: found when first needed, kept until something near them changes. */

import { isGhost } from "../model/ghosts";
import type { Outline } from "./borders";
import { grow, overlaps, type Rect, type Side } from "./geometry";
import type { FlowItem, Items } from "./items";
import type { Looks } from "./looks";
import { type Lane, naturalSides, type Route, routeBetween } from "./routes";

/** The sides of a node at which its flows come in and go out, as far as nothing is in their way. */
interface Sides {
  readonly arriving: Set<Side>;
  readonly leaving: Set<Side>;
}

/** With more flows than this in the hand, they no longer look what is in their way. */
const HANDFUL = 40;

export class Ways {
  readonly #routes = new Map<string, Route>();
  readonly #sides = new Map<string, Sides>();

  constructor(
    readonly items: Items,
    readonly looks: Looks,
  ) {}

  route(item: FlowItem): Route | undefined {
    const known = this.#routes.get(item.key);
    if (known) return known;
    const source = this.items.node(item.source)?.outline;
    const target = this.items.node(item.target)?.outline;
    if (!source || !target) return undefined;
    const lane = this.#laneOf(item, source, target);
    const isQuick =
      this.items.lifted.size > 0 && this.items.isFlowLifted(item) && this.items.liftedFlows().length > HANDFUL;
    const obstacles = (box: Rect): Rect[] => this.items.allNodesIn(grow(box, 6)).map((card) => card.outline.rect);
    const route = routeBetween(source, target, lane, isQuick ? undefined : obstacles);
    this.#routes.set(item.key, route);
    return route;
  }

  forget(item: FlowItem): void {
    this.#routes.delete(item.key);
    this.#sides.delete(item.source);
    this.#sides.delete(item.target);
  }

  clear(): void {
    this.#routes.clear();
    this.#sides.clear();
  }

  #laneOf(item: FlowItem, source: Outline, target: Outline): Lane {
    // What is drawn stays where it is when ghosts come; they find their way around it.
    const siblings = this.items.siblings(item).filter(({ key }) => isGhost(item.key) || !isGhost(key));
    const isCrossed = isGhost(item.key) && siblings.some(({ key, source }) => source !== item.source && !isGhost(key));
    const same = siblings.filter((sibling) => sibling.source === item.source).map((sibling) => sibling.key);
    return {
      index: Math.max(same.indexOf(item.key), 0),
      count: Math.max(same.length, 1),
      against: isCrossed || (same.length < siblings.length && !isForward(source.rect, target.rect)),
      width: this.looks.style(item.key).width,
      arriving: this.#sidesOf(item.source).arriving,
      leaving: this.#sidesOf(item.target).leaving,
    };
  }

  #sidesOf(id: string): Sides {
    const known = this.#sides.get(id);
    if (known) return known;
    const sides: Sides = { arriving: new Set(), leaving: new Set() };
    this.#sides.set(id, sides);
    for (const item of this.items.flowsOf(id)) {
      if (isGhost(item.key)) continue;
      const source = this.items.rectOf(item.source);
      const target = this.items.rectOf(item.target);
      if (!source || !target || source === target) continue;
      const isMutual = this.items.siblings(item).some((other) => other.source === item.target && !isGhost(other.key));
      const [from, to] = naturalSides(source, target, isMutual && !isForward(source, target));
      if (item.source === id) sides.leaving.add(from);
      else sides.arriving.add(to);
    }
    return sides;
  }

  /** Flows with a known route on which a card has come to lie. */
  under(rect: Rect, boxOf: (item: FlowItem, route: Route) => Rect): FlowItem[] {
    return this.items.flowsIn(grow(rect, 8)).filter((item) => {
      const route = this.#routes.get(item.key);
      return route !== undefined && overlaps(boxOf(item, route), rect, 24);
    });
  }
}

/** Which of two opposite ways is the way on: to the right, else down. */
function isForward(source: Rect, target: Rect): boolean {
  const dx = target.x - source.x;
  return Math.abs(dx) > 20 ? dx > 0 : target.y > source.y;
}
