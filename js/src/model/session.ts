/** What belongs to one view and not to the map: the selection, the kind in hand, what is folded out. */
import { Conversation } from "./conversation";
import { Listeners } from "./listeners";
import type { MapReading } from "./reading";

export type SideTab = "answer" | "details" | "comments";

/** What a context menu can be opened on. */
export type Place = "node" | "flow" | "empty";

/** A context menu that is open: where, in pixels from the view's top left corner, and on what. */
export interface Menu {
  readonly x: number;
  readonly y: number;
  readonly on: Place;
  /** Opened by a key, so that its first item has the focus. */
  readonly byKey: boolean;
}

export interface Toast {
  id: number;
  level: "info" | "warn" | "bad";
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

const SHOWN_MS = { info: 6000, warn: 8000, bad: 12_000 } as const;

export class Session {
  nodes: ReadonlySet<string> = new Set();
  flows: ReadonlySet<string> = new Set();
  /** The kind that the palette adds; `null`: the lens's first. */
  kind: string | null = null;
  tab: SideTab = "answer";
  sheetOpen = true;
  toasts: readonly Toast[] = [];
  menu: Menu | null = null;
  /** What a screen reader is told next. */
  spoken = "";
  /** What takes the focus once it is drawn: the element whose `data-focus` this is. */
  focusNext: string | null = null;
  /** Whether cards are being typed, and what is typed so far. */
  isEntryOpen = false;
  entryText = "";
  readonly conversation = new Conversation();
  #lastToast = 0;
  readonly #changed = new Listeners<{ selection: boolean }>();

  subscribe(listener: (what: { selection: boolean }) => void): () => void {
    return this.#changed.add(listener);
  }

  set(
    partial: Partial<
      Pick<Session, "kind" | "tab" | "sheetOpen" | "menu" | "spoken" | "focusNext" | "isEntryOpen" | "entryText">
    >,
  ): void {
    Object.assign(this, partial);
    this.#changed.tell({ selection: false });
  }

  select(nodes: Iterable<string>, flows: Iterable<string> = []): void {
    const nextNodes = new Set(nodes);
    const nextFlows = new Set(flows);
    if (same(nextNodes, this.nodes) && same(nextFlows, this.flows)) return;
    this.nodes = nextNodes;
    this.flows = nextFlows;
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

  /** Shows what the selection says: in the part that is being read, where that is its comments. */
  turnToSelection(): void {
    this.set({ tab: this.tab === "comments" ? "comments" : "details" });
  }

  get isEmpty(): boolean {
    return this.nodes.size + this.flows.size === 0;
  }

  /** Lets go of what is no longer on the map, nor among what is shown of it. */
  prune(whole: MapReading, shown: MapReading): void {
    this.select(
      [...this.nodes].filter((id) => whole.nodes.has(id) || shown.nodes.has(id)),
      [...this.flows].filter((key) => whole.flows.has(key)),
    );
  }

  rename(ids: Readonly<Record<string, string>>): void {
    const to = (id: string) => ids[id] ?? id;
    this.conversation.rename(ids);
    this.select([...this.nodes].map(to), [...this.flows].map(to));
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
