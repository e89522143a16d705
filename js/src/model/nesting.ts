/** What of the map is shown: within one node or at the top, with what is folded away stood for by what holds it. */
import type { About, Attributes, Card, Overlay, Status } from "../generated/schema";
import { kindOf, own } from "./kinds";
import { Listeners } from "./listeners";
import { MultiIndex } from "./multi_index";
import type { FlowAttributes, MapReading, NodeAttributes, Position, Touched } from "./reading";

/** Before the name of a lane: the id of the card that stands for a folded one. Like temporary ids it is never told. */
const LANE = "~lane ";

export function laneId(name: string): string {
  return LANE + name;
}

/** The name of the folded lane that a card stands for; `null` for any other card. */
export function laneOf(id: string): string | null {
  return id.startsWith(LANE) ? id.slice(LANE.length) : null;
}

export class Nesting implements MapReading {
  nodes: ReadonlyMap<string, NodeAttributes>;
  flows: ReadonlyMap<string, FlowAttributes>;
  positions: ReadonlyMap<string, Position>;
  /** The node whose inside is shown; `null` at the top. */
  #within: string | null = null;
  /** The way there, for when a part of it is removed. */
  #trail: readonly string[] = [];
  /** What shows a node that is not shown itself; no entry: nothing here does. Empty while the map is flat. */
  readonly #holders = new Map<string, string>();
  readonly #nodes = new Map<string, NodeAttributes>();
  readonly #flows = new Map<string, FlowAttributes>();
  readonly #positions = new Map<string, Position>();
  readonly #flowsAt = new MultiIndex();
  /** How each node took part in the nesting when it was last looked at; for those that do. */
  #parts = new Map<string, string>();
  #foldedLanes = "";
  #isFlat = true;
  readonly #changed = new Listeners<Touched>();
  readonly #unsubscribe: () => void;

  constructor(readonly whole: MapReading) {
    this.nodes = whole.nodes;
    this.flows = whole.flows;
    this.positions = whole.positions;
    this.#rebuild();
    this.#unsubscribe = whole.subscribe((touched) => this.#onChange(touched));
  }

  get map(): Attributes {
    return this.whole.map;
  }
  get comments(): ReadonlyMap<string, Attributes> {
    return this.whole.comments;
  }
  get votes(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.whole.votes;
  }
  get cards(): ReadonlyMap<string, Card> {
    return this.whole.cards;
  }
  get overlays(): ReadonlyMap<string, Overlay> {
    return this.whole.overlays;
  }
  get status(): Status {
    return this.whole.status;
  }
  get about(): About {
    return this.whole.about;
  }

  flowsOf(node: string): ReadonlySet<string> {
    return this.#isFlat ? this.whole.flowsOf(node) : this.#flowsAt.of(node);
  }

  /** What a node holds; a folded lane holds its members. */
  contentOf(node: string): ReadonlySet<string> {
    const lane = laneOf(node);
    if (lane === null) return this.whole.contentOf(node);
    const attribute = String(this.whole.map.lanes);
    return new Set([...this.whole.nodes].filter(([, other]) => own(other, attribute) === lane).map(([id]) => id));
  }

  subscribe(listener: (touched: Touched) => void): () => void {
    return this.#changed.add(listener);
  }

  destroy(): void {
    this.#unsubscribe();
    this.#changed.clear();
  }

  // ---- where the view is --------------------------------------------------------------------------

  get within(): string | null {
    return this.#within;
  }

  /** Goes into a node, or back to the top. */
  enter(node: string | null): void {
    if (node === this.#within) return;
    this.#within = node;
    this.#trail = this.way();
    this.#changed.tell(this.#rebuild());
  }

  /** From the outermost node that one has gone into to the one that is shown. */
  way(): readonly string[] {
    if (this.#within === null) return [];
    return [...this.#ancestors(this.#within), this.#within].filter((id) => this.#isEntered(id));
  }

  /** What shows a node here: itself, or what it is folded into; `undefined` where it lies elsewhere. */
  shownAs(node: string): string | undefined {
    return this.nodes.has(node) ? node : this.#holders.get(node);
  }

  /** The node to go into to see this one; `null` for the top. */
  placeOf(node: string): string | null {
    return this.#ancestors(node).findLast((id) => this.#isEntered(id)) ?? null;
  }

  /**
   * A node with all that is moved along with it: what its frame holds, at any depth. What belongs to a node that holds
   * nothing, as fields do to their dataset, lies beside that node, in the same frame.
   */
  *carried(node: string, isInFrame = false): Iterable<string> {
    const lane = laneOf(node) !== null;
    const holds = lane ? "frame" : kindOf(this.whole.nodes.get(node)?.kind ?? "").holds;
    if (!lane) yield node;
    if (holds === "frame" || (isInFrame && !holds))
      for (const id of this.contentOf(node)) yield* this.carried(id, !lane);
  }

  /** A node with all that it holds, at any depth, the inside of cards too. */
  *withContent(node: string): Iterable<string> {
    yield node;
    for (const id of this.whole.contentOf(node)) yield* this.withContent(id);
  }

  /** From the outermost to the parent. Rules of the kernel keep circles out; one in the making ends the walk. */
  #ancestors(node: string): string[] {
    const way: string[] = [];
    for (let parent = this.#parentOf(node); parent !== undefined && !way.includes(parent); )
      parent = this.#parentOf(way[way.push(parent) - 1] ?? "");
    return way.reverse();
  }

  #parentOf(node: string): string | undefined {
    const parent = this.whole.nodes.get(node)?.parent;
    return typeof parent === "string" && this.whole.nodes.has(parent) ? parent : undefined;
  }

  /** Whether its content is seen by going into it. */
  #isEntered(node: string): boolean {
    return kindOf(this.whole.nodes.get(node)?.kind ?? "").holds === "map";
  }

  #hides(node: string): boolean {
    return this.#isEntered(node) || isFolded(this.whole.nodes.get(node));
  }

  // ---- change -------------------------------------------------------------------------------------

  #onChange(touched: Touched): void {
    const wasFlat = this.#isFlat;
    const within = this.#within;
    if (within !== null && !this.whole.nodes.has(within)) {
      this.#within = this.#trail.findLast((id) => this.whole.nodes.has(id)) ?? null;
      this.#changed.tell(this.#rebuild());
      return;
    }
    if (touched.everything) {
      this.#rebuild();
      this.#changed.tell(touched);
    } else if (!this.#isOtherwise(touched)) this.#changed.tell(wasFlat ? touched : this.#refresh(touched));
    else {
      const before = new Map(this.nodes);
      const flowsBefore = new Map(this.flows);
      this.#rebuild();
      this.#changed.tell(this.#difference(touched, before, flowsBefore));
    }
  }

  /** Whether a change moves anything into, out of, or within the nesting. */
  #isOtherwise({ nodes, map }: Touched): boolean {
    if (map && this.#lanesNow() !== this.#foldedLanes) return true;
    const hasLanes = this.#foldedLanes !== "";
    for (const id of nodes) if (hasLanes || this.#partOf(id) !== (this.#parts.get(id) ?? "")) return true;
    return false;
  }

  /** How a node takes part in the nesting; empty: it lies on the map, and holds nothing. */
  #partOf(id: string): string {
    const node = this.whole.nodes.get(id);
    const parent = this.#parentOf(id);
    const holds = this.whole.contentOf(id).size > 0;
    if (parent === undefined && !holds) return this.#within === null || !node ? "" : "away";
    return [parent ?? "", holds ? kindOf(node?.kind ?? "").holds : "", isFolded(node), node !== undefined].join("\n");
  }

  #lanesNow(): string {
    const { lanes, folded_lanes: folded } = this.whole.map;
    return typeof lanes === "string" && lanes && Array.isArray(folded) && folded.length
      ? [lanes, ...folded.map(String)].join("\n")
      : "";
  }

  #rebuild(): Touched {
    const { whole } = this;
    this.#parts = new Map();
    for (const id of whole.nodes.keys()) {
      const part = this.#partOf(id);
      if (part !== "") this.#parts.set(id, part);
    }
    this.#foldedLanes = this.#lanesNow();
    this.#isFlat = this.#parts.size === 0 && this.#foldedLanes === "" && this.#within === null;
    for (const room of [this.#holders, this.#nodes, this.#flows, this.#positions, this.#flowsAt]) room.clear();
    [this.nodes, this.flows, this.positions] = this.#isFlat
      ? [whole.nodes, whole.flows, whole.positions]
      : [this.#nodes, this.#flows, this.#positions];
    if (!this.#isFlat) {
      for (const id of whole.nodes.keys()) this.#place(id);
      this.#standForLanes();
      for (const key of whole.flows.keys()) this.#setFlow(key);
    }
    const all = { comments: true, map: true, overlays: true, status: true, cards: new Set<string>() };
    return { ...all, everything: true, nodes: new Set(), flows: new Set(), positions: new Set() };
  }

  /** Shows a node, or finds what does. */
  #place(id: string): void {
    const way = this.#ancestors(id);
    if (this.#within !== null) {
      const at = way.indexOf(this.#within);
      if (at < 0) return;
      way.splice(0, at + 1);
    }
    const holder = way.find((other) => this.#hides(other)) ?? this.#laneHolding([...way, id]);
    if (holder !== undefined) {
      this.#holders.set(id, holder);
      return;
    }
    const node = this.whole.nodes.get(id);
    const position = this.whole.positions.get(id);
    if (node) this.#nodes.set(id, node);
    if (position) this.#positions.set(id, position);
  }

  /** The folded lane that one of these lies in. */
  #laneHolding(ids: readonly string[]): string | undefined {
    if (this.#foldedLanes === "") return undefined;
    const [attribute = "", ...folded] = this.#foldedLanes.split("\n");
    const lane = ids
      .map((id) => own(this.whole.nodes.get(id), attribute))
      .find((name) => folded.includes(String(name)));
    return lane === undefined ? undefined : laneId(String(lane));
  }

  /** One card for each folded lane, where its members begin. */
  #standForLanes(): void {
    for (const name of this.#foldedLanes.split("\n").slice(1)) {
      const at = [...this.contentOf(laneId(name))]
        .map((id) => this.whole.positions.get(id))
        .filter((p) => p !== undefined);
      if (at.length === 0 || this.#within !== null) continue;
      const rows = at.map(({ y }) => y).sort((a, b) => a - b);
      const [attribute = ""] = this.#foldedLanes.split("\n");
      this.#nodes.set(laneId(name), { kind: "group", label: name, collapsed: true, [attribute]: name });
      this.#positions.set(laneId(name), {
        x: Math.min(...at.map(({ x }) => x)),
        y: rows[rows.length >> 1] ?? 0,
        pinned: true,
      });
    }
  }

  #setFlow(key: string): void {
    const before = this.#flows.get(key);
    if (before) for (const end of [before.source, before.target]) this.#flowsAt.delete(end, key);
    this.#flows.delete(key);
    const flow = this.whole.flows.get(key);
    const source = flow && this.shownAs(flow.source);
    const target = flow && this.shownAs(flow.target);
    if (!flow || !source || !target) return;
    if (source === target && (source !== flow.source || source !== flow.target)) return; // it lies within what is folded
    this.#flows.set(key, source === flow.source && target === flow.target ? flow : { ...flow, source, target });
    for (const end of [source, target]) this.#flowsAt.add(end, key);
  }

  /** Takes over what changed without any change of what is shown. */
  #refresh(touched: Touched): Touched {
    const { whole } = this;
    const isHere = (id: string) => this.#nodes.has(id) || !whole.nodes.has(id);
    for (const id of touched.nodes) {
      if (!this.#holders.has(id) && !this.#nodes.has(id)) this.#place(id);
      const node = whole.nodes.get(id);
      if (!node) for (const room of [this.#nodes, this.#positions, this.#holders]) room.delete(id);
      else if (this.#nodes.has(id)) this.#nodes.set(id, node);
    }
    for (const id of touched.positions) {
      const position = whole.positions.get(id);
      if (position && this.#nodes.has(id)) this.#positions.set(id, position);
    }
    for (const key of touched.flows) this.#setFlow(key);
    // What stands for a folded lane follows its members.
    const lanes = [...touched.positions].map((id) => this.#holders.get(id) ?? "").filter((id) => laneOf(id) !== null);
    if (lanes.length) this.#standForLanes();
    return {
      ...touched,
      nodes: new Set([...touched.nodes].filter(isHere)),
      positions: new Set([...[...touched.positions].filter(isHere), ...lanes]),
    };
  }

  /** What is another than it was before a rebuild, as what was touched. */
  #difference(
    touched: Touched,
    nodes: ReadonlyMap<string, NodeAttributes>,
    flows: ReadonlyMap<string, FlowAttributes>,
  ): Touched {
    const changed = changedKeys(nodes, this.nodes);
    // What holds more or less than before says so on its card, or is a frame of another size.
    const holders = [...touched.nodes, ...changed].flatMap((id) => {
      const parents = [nodes.get(id)?.parent, this.whole.nodes.get(id)?.parent, this.#holders.get(id)];
      return parents.filter((parent) => typeof parent === "string" && this.nodes.has(parent)) as string[];
    });
    const here = [...touched.nodes].filter((id) => nodes.has(id) || this.nodes.has(id) || !this.whole.nodes.has(id));
    return {
      ...touched,
      nodes: new Set([...here, ...changed, ...holders]),
      positions: new Set([...touched.positions, ...changed].filter((id) => this.nodes.has(id))),
      flows: new Set([...touched.flows, ...changedKeys(flows, this.flows)]),
    };
  }
}

function isFolded(node: NodeAttributes | undefined): boolean {
  return node?.collapsed === true && kindOf(node.kind).holds === "frame";
}

/** Keys of what is only in one of two maps, or is another there. */
function changedKeys<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): string[] {
  const changed = [...before].filter(([key, value]) => after.get(key) !== value).map(([key]) => key);
  return [...changed, ...[...after.keys()].filter((key) => !before.has(key))];
}
