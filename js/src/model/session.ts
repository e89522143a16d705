/** What belongs to one view and not to the map: the selection, where the keyboard is, the kind in hand, what is open. */
import { Conversation } from "./conversation";
import { Listeners } from "./listeners";
import type { MapReading } from "./reading";
import { Trying } from "./trying";

export type SideTab = "answer" | "details" | "comments";

/** What a context menu can be opened on. */
export type Place = "node" | "flow" | "ghost" | "empty";

/** A context menu that is open: where, in pixels from the view's top left corner, and on what. */
export interface Menu {
  readonly x: number;
  readonly y: number;
  readonly on: Place;
  /** Opened by a key, so that its first item has the focus. */
  readonly byKey: boolean;
}

/** What can be open beside the palette. */
export type LeftPanel = "outline" | "keys" | "unmatched";

/** A flow that is being drawn, or led elsewhere, by the keyboard. */
export interface Connecting {
  /** The flow whose end is led elsewhere; `null` for a new one. */
  readonly flow: string | null;
  /** The end that is being chosen. */
  readonly end: "source" | "target";
  /** The card at its other end. */
  readonly fixed: string;
}

export interface Toast {
  id: number;
  level: "info" | "warn" | "bad";
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

type Settable =
  | "kind"
  | "tab"
  | "sheetOpen"
  | "left"
  | "findOpen"
  | "filterOpen"
  | "minimapOpen"
  | "connecting"
  | "cursor"
  | "walked"
  | "place"
  | "focusNext"
  | "menu"
  | "tool"
  | "isEntryOpen"
  | "entryText"
  | "spoken";

const SHOWN_MS = { info: 6000, warn: 8000, bad: 12_000 } as const;

export class Session {
  nodes: ReadonlySet<string> = new Set();
  flows: ReadonlySet<string> = new Set();
  /** The ghost that is looked at: it is no part of the map, so never selected along with what is. */
  ghost: string | null = null;
  /** The kind that the palette adds; `null`: the lens's first. */
  kind: string | null = null;
  tab: SideTab = "answer";
  sheetOpen = true;
  left: LeftPanel | null = null;
  findOpen = false;
  /** Whether the filter bar shows its menus; `null`: where there is room for them. */
  filterOpen: boolean | null = null;
  minimapOpen = true;
  connecting: Connecting | null = null;
  /** While several cards are gathered by the keyboard: the one where the keyboard is; it need not be selected. */
  cursor: string | null = null;
  /** The card whose flows the keyboard walks along. */
  walked: string | null = null;
  /** Where on the map the keyboard was last: when the card there has gone, the way goes on from its place. */
  place: { readonly x: number; readonly y: number } | null = null;
  toasts: readonly Toast[] = [];
  menu: Menu | null = null;
  /** What is in the hand instead of the plain pointer. */
  tool: "lasso" | null = null;
  /** What a screen reader is told next. */
  spoken = "";
  /** What takes the focus once it is drawn: the element whose `data-focus` this is. */
  focusNext: string | null = null;
  /** Whether cards are being typed, and what is typed so far. */
  isEntryOpen = false;
  entryText = "";
  readonly conversation = new Conversation();
  /** What is tried on a painted answer, and whether that has anything to try. */
  readonly trying = new Trying(() => this.set({}));
  hasLevers = false;
  #lastToast = 0;
  readonly #firstNames = new Map<string, string>();
  readonly #changed = new Listeners<{ selection: boolean }>();

  subscribe(listener: (what: { selection: boolean }) => void): () => void {
    return this.#changed.add(listener);
  }

  set(partial: Partial<Pick<Session, Settable>>): void {
    Object.assign(this, partial);
    this.#changed.tell({ selection: false });
  }

  /** Has a screen reader say this, also where it has just said the same. */
  say(text: string): void {
    this.set({ spoken: text === this.spoken ? `${text}\u00a0` : text });
  }

  select(nodes: Iterable<string>, flows: Iterable<string> = []): void {
    const nextNodes = new Set(nodes);
    const nextFlows = new Set(flows);
    this.#choose(nextNodes, nextFlows, null);
  }

  /** Looks at a ghost, or at none. */
  chooseGhost(ghost: string | null): void {
    this.#choose(new Set(), new Set(), ghost);
  }

  #choose(nodes: ReadonlySet<string>, flows: ReadonlySet<string>, ghost: string | null): void {
    if (same(nodes, this.nodes) && same(flows, this.flows) && ghost === this.ghost) return;
    Object.assign(this, { nodes, flows, ghost });
    this.#changed.tell({ selection: true });
  }

  clear(): void {
    this.select([]);
  }

  toggleNode(id: string): void {
    this.select(toggled(this.nodes, id), this.flows);
  }

  toggleFlow(key: string): void {
    this.select(this.nodes, toggled(this.flows, key));
  }

  /** Shows what the selection says: in the part that is being read, where that is its comments or sliders. */
  turnToSelection(): void {
    const isSaidThere = this.tab === "comments" || (this.tab === "answer" && this.hasLevers);
    this.set({ tab: isSaidThere ? this.tab : "details" });
  }

  /** Whether nothing of the map is selected. */
  get isEmpty(): boolean {
    return this.nodes.size + this.flows.size === 0;
  }

  /** Lets go of what is no longer on the map, nor among what is shown of it. */
  prune(whole: MapReading, shown: MapReading): void {
    this.#choose(
      new Set([...this.nodes].filter((id) => whole.nodes.has(id) || shown.nodes.has(id))),
      new Set([...this.flows].filter((key) => whole.flows.has(key))),
      this.ghost,
    );
    if (this.cursor !== null && !shown.nodes.has(this.cursor)) this.cursor = null;
    const { connecting } = this;
    if (!connecting) return;
    const hasFlow = connecting.flow === null || whole.flows.has(connecting.flow);
    if (!hasFlow || !whole.nodes.has(connecting.fixed)) this.set({ connecting: null });
  }

  /** The name by which a view first knew an element: what shows it need not begin anew when the kernel names it. */
  firstName(id: string): string {
    return this.#firstNames.get(id) ?? id;
  }

  rename(ids: Readonly<Record<string, string>>): void {
    for (const [first, id] of Object.entries(ids)) this.#firstNames.set(id, first);
    const to = (id: string) => ids[id] ?? id;
    this.conversation.rename(ids);
    const { cursor, walked, connecting } = this;
    this.cursor = cursor && to(cursor);
    this.walked = walked && to(walked);
    if (connecting) {
      const flow = connecting.flow && to(connecting.flow);
      this.connecting = { ...connecting, flow, fixed: to(connecting.fixed) };
    }
    this.#choose(new Set([...this.nodes].map(to)), new Set([...this.flows].map(to)), this.ghost);
  }

  toast(level: Toast["level"], text: string, action?: Toast["action"]): number {
    this.#lastToast += 1;
    const next = { id: this.#lastToast, level, text, action };
    this.toasts = [...this.toasts.filter((toast) => toast.text !== text), next].slice(-3);
    setTimeout(() => this.dismiss(next.id), SHOWN_MS[level]);
    this.#changed.tell({ selection: false });
    return next.id;
  }

  dismiss(id: number): void {
    this.toasts = this.toasts.filter((toast) => toast.id !== id);
    this.#changed.tell({ selection: false });
  }
}

function same(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function toggled(set: ReadonlySet<string>, item: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}
