/** What is to be drawn, kept in step with the map: each change says which part of the picture it has spoilt. */
import type { ThemeName } from "../generated/schema";
import { placesOf } from "../model/findings";
import { own } from "../model/kinds";
import { partOf } from "../model/part";
import type { MapReading, Touched } from "../model/reading";
import { MIN_ZOOM } from "./camera";
import { labelWords } from "./flowstyle";
import { bounds, grow, overlaps, type Rect } from "./geometry";
import { type FlowItem, Items } from "./items";
import { LabelBook } from "./labelbook";
import { LANE_FOOT, type LaneBand, laneBands } from "./lanes";
import { LABEL_ZOOM, READABLE_ZOOM, typeScale } from "./level";
import { Looks } from "./looks";
import type { Target } from "./pilot";
import { type Route, routeBox } from "./routes";
import type { Measure } from "./text";
import { Ways } from "./ways";

/** What of a picture is out of date. */
export interface Damage {
  all: boolean;
  readonly rects: Rect[];
  /** Cards whose content or place changed. */
  readonly cards: Set<string>;
}

/** What of the map can be seen, and where on its plane. */
export interface InSight {
  readonly cards: { id: string; rect: Rect }[];
  readonly labels: { key: string; rect: Rect; text: string }[];
}

export const noDamage = (): Damage => ({ all: false, rects: [], cards: new Set() });

/** Beyond this many changed elements everything is worked out afresh: that is cheaper than element by element. */
const MANY = 400;
const CROWD = 120;
/** So many nodes are few enough to be read one by one. */
const FEW = 60;
/** How far a halo, a shadow and badges reach beyond a card. */
export const CARD_REACH = 36;

export class Scene {
  readonly items: Items;
  readonly looks: Looks;
  readonly ways: Ways;
  readonly labels: LabelBook;
  lanes: readonly LaneBand[] = [];
  readonly #isPart: boolean;

  constructor(
    readonly reading: MapReading,
    theme: ThemeName,
    measure: Measure,
    /** The looks of the whole, for a part of it. */
    looks?: Looks,
  ) {
    this.items = new Items(reading);
    this.#isPart = looks !== undefined;
    this.looks = looks ?? new Looks(reading, theme, measure);
    this.ways = new Ways(this.items, this.looks);
    this.labels = new LabelBook(this.items, this.looks, this.ways);
    this.rebuild();
  }

  /** What a view of these nodes, or of all and their lanes, is fitted to. */
  target(ids?: readonly string[]): Target {
    const nodes = this.items.extent(ids);
    const extent = nodes && bounds([nodes, ...(ids ? [] : this.lanes.map((lane) => lane.rect))]);
    // A map of a few nodes keeps its names in a small view too, where its answer or its beginning is in sight at least.
    if (ids || this.items.nodes.size > FEW) return { extent, first: extent, least: MIN_ZOOM };
    return { extent, first: this.#answer() ?? this.#beginning(), least: READABLE_ZOOM };
  }

  /** Where the first finding of the answer that is painted has its place. */
  #answer(): Rect | undefined {
    for (const finding of this.looks.overlay?.findings ?? []) {
      const place = this.items.extent(placesOf(finding, this.reading));
      if (place) return place;
    }
    return undefined;
  }

  #beginning(): Rect | undefined {
    const [first] = [...this.items.nodes.values()].sort((a, b) => a.outline.rect.x - b.outline.rect.x);
    return first?.outline.rect;
  }

  rebuild(): void {
    this.items.rebuild();
    if (!this.#isPart) this.looks.renew();
    this.#forgetWays();
    this.#layLanes();
  }

  /** These nodes and the flows among them alone, as they look here; for one picture. */
  part(nodes: ReadonlySet<string>): Scene {
    const { theme, measure } = this.looks;
    return new Scene(partOf(this.reading, nodes, ["lanes"]), theme.name, measure, this.looks);
  }

  setOverlay(name: string | null): void {
    this.looks.setOverlay(name);
    this.#forgetWays();
  }

  /** Numbers are written anew; words of another width find other places. */
  setLocale(locale: string): void {
    this.looks.setLocale(locale);
    this.#forgetWays();
  }

  setVoter(voter: string): boolean {
    if (voter === this.looks.voter) return false;
    this.looks.voter = voter;
    for (const id of this.reading.votes.keys()) this.looks.forgetCard(id);
    return true;
  }

  update(touched: Touched): Damage {
    const damage = noDamage();
    const count = touched.nodes.size + touched.flows.size + touched.positions.size;
    const onlyLifted = [...touched.positions].every((id) => this.items.lifted.has(id));
    const isDrag = onlyLifted && touched.nodes.size + touched.flows.size === 0;
    if (touched.everything || (count > MANY && !isDrag)) {
      this.rebuild();
      damage.all = true;
      return damage;
    }
    if (touched.overlays && this.looks.isOverlayStale) {
      this.looks.renewOverlay();
      this.#forgetWays();
      damage.all = true;
    }
    if (touched.comments) for (const id of this.looks.renewComments()) this.#spoilCard(id, damage);
    for (const id of touched.cards) this.#spoilCard(id, damage);
    if (touched.nodes.size > 0 && this.looks.renewColours()) damage.all = true;
    for (const id of this.items.inOrder(new Set([...touched.nodes, ...touched.positions])))
      this.#updateNode(id, damage);
    for (const key of touched.flows) this.#updateFlow(key, damage);
    if (touched.flows.size > 0 && this.looks.renewWidths()) {
      this.#forgetWays();
      damage.all = true;
    }
    if (touched.nodes.size > 0 || touched.map || !onlyLifted) this.#renewLanes(damage);
    return damage;
  }

  /** These nodes are in the hand: they and their flows leave the still picture, or come back to it. */
  lift(ids: ReadonlySet<string>): Damage {
    const damage = noDamage();
    const before = this.items.lifted;
    const changed = new Set([...ids, ...before].filter((id) => ids.has(id) !== before.has(id)));
    if (changed.size === 0) return damage;
    const flows = this.#besides([...new Set([...changed].flatMap((id) => this.items.flowsOf(id)))]);
    damage.all = changed.size + flows.length > MANY;
    for (const item of flows) this.#damageFlow(item, damage);
    this.items.lift(ids);
    for (const id of changed) {
      this.items.indexNode(id);
      this.#damageCard(id, damage);
    }
    for (const item of flows) {
      this.#forgetFlow(item);
      this.items.indexFlow(item);
    }
    for (const { id } of this.items.framesAround(changed)) this.#updateNode(id, damage);
    if (damage.all) {
      if (ids.size === 0) this.#forgetWays();
    } else {
      for (const item of flows) this.#damageFlow(item, damage);
      for (const id of changed) if (!ids.has(id)) this.#rerouteAround(id, damage);
    }
    this.#renewLanes(damage);
    return damage;
  }

  inSight(view: Rect, k: number): InSight {
    const cards = this.items.allNodesIn(view).map(({ id, outline }) => ({ id, rect: outline.rect }));
    if (k < LABEL_ZOOM) return { cards, labels: [] };
    const labels = this.labels
      .placed(this.items.flowsIn(view), typeScale(k))
      .filter((label) => overlaps(label.rect, view))
      .map(({ key, rect, fitted }) => ({ key, rect, text: labelWords(fitted) }));
    return { cards, labels };
  }

  // ---- one element at a time ------------------------------------------------------------------------

  #updateNode(id: string, damage: Damage): void {
    const before = this.items.node(id)?.outline;
    const isLifted = this.items.lifted.has(id);
    if (!isLifted) this.#damageCard(id, damage);
    const touching = this.items.flowsOf(id);
    const flows = isLifted ? touching : this.#besides(touching);
    const boxes = noDamage();
    for (const item of flows) this.#damageFlow(item, boxes);
    this.looks.forgetCard(id);
    damage.cards.add(id);
    const after = this.items.renewNode(id)?.outline;
    if (JSON.stringify(before) === JSON.stringify(after)) return;
    for (const item of flows) {
      this.#forgetFlow(item);
      this.items.indexFlow(item);
    }
    if (isLifted) return;
    damage.rects.push(...boxes.rects);
    this.#damageCard(id, damage);
    for (const item of flows) this.#damageFlow(item, damage);
    this.#rerouteAround(id, damage);
  }

  #updateFlow(key: string, damage: Damage): void {
    const before = this.items.flow(key);
    // Flows at the same nodes make room for each other: those of the old nodes and of the new.
    const around = new Set(before ? this.#besides([before]) : []);
    for (const item of around) this.#damageFlow(item, damage);
    this.looks.forgetFlow(key);
    const after = this.items.renewFlow(key);
    if (before) this.#forgetFlow(before);
    for (const item of after ? this.#besides([after]) : []) around.add(item);
    for (const item of around) {
      if (item.key === key && item !== after) continue;
      this.#forgetFlow(item);
      this.#damageFlow(item, damage);
    }
  }

  /** These flows, and those that share a node with them: where one comes in, another goes out elsewhere. */
  #besides(flows: readonly FlowItem[]): readonly FlowItem[] {
    const all = new Set(flows);
    for (const item of flows) {
      for (const id of [item.source, item.target]) for (const other of this.items.flowsOf(id)) all.add(other);
      // A hub has too many for all of them to move.
      if (all.size > CROWD) return flows;
    }
    return [...all];
  }

  /** A card has come to lie on other flows: those find another way. */
  #rerouteAround(id: string, damage: Damage): void {
    const rect = this.items.rectOf(id);
    if (!rect || damage.all) return;
    for (const item of this.ways.under(rect, (flow, route) => this.#boxOf(flow, route))) {
      if (item.source === id || item.target === id) continue;
      this.#damageFlow(item, damage);
      this.#forgetFlow(item);
      this.#damageFlow(item, damage);
    }
  }

  #spoilCard(id: string, damage: Damage): void {
    this.looks.forgetCard(id);
    this.#damageCard(id, damage);
  }

  #damageCard(id: string, damage: Damage): void {
    damage.cards.add(id);
    const rect = this.items.rectOf(id);
    if (rect) damage.rects.push(grow(rect, CARD_REACH));
  }

  /** A flow in the hand is not in the still picture. */
  #damageFlow(item: FlowItem, damage: Damage): void {
    if (damage.all || this.items.isFlowLifted(item)) return;
    const route = this.ways.route(item);
    if (route) damage.rects.push(grow(this.#boxOf(item, route), 4));
  }

  /** The box of all that is painted for a flow, its labels too. */
  #boxOf(item: FlowItem, route: Route): Rect {
    return this.labels.widen(routeBox(route, this.looks.style(item.key).width), item.key);
  }

  flowBox(key: string): Rect | undefined {
    const item = this.items.flow(key);
    const route = item && this.ways.route(item);
    return route && this.#boxOf(item, route);
  }

  #forgetFlow(item: FlowItem): void {
    this.ways.forget(item);
    this.looks.forgetFlow(item.key);
    this.labels.forget(item.key);
  }

  #forgetWays(): void {
    this.ways.clear();
    this.labels.clear();
  }

  #renewLanes(damage: Damage): void {
    const before = JSON.stringify(this.lanes);
    this.#layLanes();
    if (JSON.stringify(this.lanes) !== before) damage.all = true;
  }

  /** How far a lane can be narrowed from below. */
  laneSpare(lane: string): number {
    const own = bounds(
      this.#laneMembers()
        .filter(([name]) => name === lane)
        .map(([, rect]) => rect),
    );
    const band = this.lanes.find(({ name }) => name === lane)?.rect;
    return own && band ? Math.max(band.y + band.height - own.y - own.height - LANE_FOOT, 0) : 0;
  }

  /** While something is in the hand the lanes hold still: they would flee from it. */
  #layLanes(): void {
    if (this.items.lifted.size > 0) return;
    this.lanes = laneBands(this.#laneMembers());
  }

  #laneMembers(): [string, Rect][] {
    const attribute = this.reading.map.lanes;
    const members: [string, Rect][] = [];
    for (const [id, node] of typeof attribute === "string" ? this.reading.nodes : []) {
      if (this.items.isInFrame(id)) continue; // its group's lane is what counts
      const lane = own(node, String(attribute));
      const rect = this.items.rectOf(id);
      if (typeof lane === "string" && lane !== "" && rect) members.push([lane, rect]);
    }
    return members;
  }
}
