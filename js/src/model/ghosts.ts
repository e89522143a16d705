/** Flows that a painted answer says happen though none is drawn, laid beside the drawn ones: to be seen, no part of the map. */
import { DEFAULT_FLOW_KIND, type Ghost, type Paint } from "../generated/schema";
import { Listeners } from "./listeners";
import { MultiIndex } from "./multi_index";
import type { FlowAttributes, MapReading, Touched } from "./reading";

/** Before the key of a ghost. Like temporary ids it is never told. */
const GHOST = "~ghost ";

export function isGhost(key: string): boolean {
  return key.startsWith(GHOST);
}

/** The whole map with its ghosts, whatever is folded away. */
export function withGhosts(whole: MapReading): Ghosts {
  return new Ghosts(whole, (node) => (whole.nodes.has(node) ? node : undefined));
}

/** How a ghost is painted. */
export function paintOfGhost(reading: MapReading, key: string): Paint | undefined {
  return reading.flows.get(key)?.paint as Paint | undefined;
}

/** A reading of the map with the ghosts of the newest answer among its flows. */
export class Ghosts implements MapReading {
  readonly #ghosts = new Map<string, Ghost>();
  #shown = new Map<string, FlowAttributes>();
  /** All flows with the ghosts last; `null` while there are none. */
  #flows: ReadonlyMap<string, FlowAttributes> | null = null;
  readonly #at = new MultiIndex();
  readonly #changed = new Listeners<Touched>();
  readonly #unsubscribe: () => void;

  constructor(
    readonly reading: MapReading,
    /** What shows a node in that reading. */
    readonly shownAs: (node: string) => string | undefined,
    /** The whole map, which says what is drawn. */
    readonly whole: MapReading = reading,
  ) {
    this.#renew();
    this.#unsubscribe = reading.subscribe((touched) => this.#onChange(touched));
  }

  get map() {
    return this.reading.map;
  }
  get nodes() {
    return this.reading.nodes;
  }
  get flows() {
    return this.#flows ?? this.reading.flows;
  }
  get positions() {
    return this.reading.positions;
  }
  get comments() {
    return this.reading.comments;
  }
  get votes() {
    return this.reading.votes;
  }
  get cards() {
    return this.reading.cards;
  }
  get overlays() {
    return this.reading.overlays;
  }
  get status() {
    return this.reading.status;
  }
  get about() {
    return this.reading.about;
  }

  flowsOf(node: string): ReadonlySet<string> {
    const flows = this.reading.flowsOf(node);
    const ghosts = this.#at.of(node);
    return ghosts.size ? new Set([...flows, ...ghosts]) : flows;
  }

  contentOf(node: string): ReadonlySet<string> {
    return this.reading.contentOf(node);
  }

  subscribe(listener: (touched: Touched) => void): () => void {
    return this.#changed.add(listener);
  }

  /** The ghost of this key, wherever its ends are shown. */
  get(key: string | null): Ghost | undefined {
    return key === null ? undefined : this.#ghosts.get(key);
  }

  get size(): number {
    return this.#shown.size;
  }

  destroy(): void {
    this.#unsubscribe();
    this.#changed.clear();
  }

  #onChange(touched: Touched): void {
    const { everything, nodes, flows, overlays, map } = touched;
    const changed = everything || overlays || map || nodes.size || flows.size ? this.#renew() : [];
    this.#changed.tell(changed.length ? { ...touched, flows: new Set([...flows, ...changed]) } : touched);
  }

  /** Finds the ghosts anew; gives those that have come, gone, or look otherwise. */
  #renew(): string[] {
    const before = this.#shown;
    this.#ghosts.clear();
    this.#at.clear();
    this.#shown = new Map();
    for (const ghost of [...this.reading.overlays.values()].at(-1)?.ghosts ?? []) {
      const { source, target, paint } = ghost;
      if (this.#isDrawn(source, target)) continue;
      const key = `${GHOST}${source}\n${target}`;
      this.#ghosts.set(key, ghost);
      const [from, to] = [this.shownAs(source), this.shownAs(target)];
      if (from === undefined || to === undefined || (from === to && (from !== source || from !== target))) continue;
      const old = before.get(key);
      const isSame = old?.paint === paint && old.source === from && old.target === to;
      const label = `${paint.text} ${paint.detail}`;
      this.#shown.set(
        key,
        isSame ? old : { source: from, target: to, kind: "", label, paint, sentence: ghost.sentence },
      );
      for (const end of [from, to]) this.#at.add(end, key);
    }
    this.#flows = this.#shown.size ? new Map([...this.reading.flows, ...this.#shown]) : null;
    const keys = new Set([...before.keys(), ...this.#shown.keys()]);
    return [...keys].filter((key) => before.get(key) !== this.#shown.get(key));
  }

  /** A flow of the default kind between the two takes the ghost's place, the moment that it is drawn. */
  #isDrawn(source: string, target: string): boolean {
    for (const key of this.whole.flowsOf(source)) {
      const flow = this.whole.flows.get(key);
      if (flow?.source === source && flow.target === target && flow.kind === DEFAULT_FLOW_KIND) return true;
    }
    return false;
  }
}
