/** The view's side of the wire: the kernel's document, what this view has edited over it, and the drag in hand. */
import type {
  Ack,
  Change,
  CodeText,
  Document,
  Notice,
  Patch,
  Progress,
  Selection,
  Snapshot,
  ToView,
} from "../generated/schema";
import { BaseDocument } from "./base";
import { Effective } from "./effective";
import type { FilterWish } from "./filtering";
import { Layer } from "./layer";
import { Listeners } from "./listeners";
import type { Draft, Edited, Ids, StoreOptions, Transport, Waiting } from "./operations";
import { Patience } from "./patience";
import type { MapReading, Touched } from "./reading";
import type { Trial } from "./trial";
import { type KeptEdit, UnsavedEdits } from "./unsaved";
import { renamed, Unsettled } from "./unsettled";

const KEEP_AFTER_MS = 500;

function randomClient(): string {
  const [number = 0] = crypto.getRandomValues(new Uint32Array(1));
  return number.toString(36);
}

export class Store extends Effective implements MapReading {
  readonly client: string;
  readonly #transport: Transport;
  readonly #kept: UnsavedEdits;
  readonly #patience: Patience;
  readonly #unsettled: Unsettled;
  #preview = new Layer([]);
  #lastTemporary = 0;
  #awaitsSnapshot = false;
  #keepTimer: ReturnType<typeof setTimeout> | undefined;
  #leftBehind: readonly KeptEdit[];
  readonly #unlisten: () => void;
  readonly #changed = new Listeners<Touched>();
  readonly #noticed = new Listeners<Notice>();
  readonly #selected = new Listeners<Selection>();
  readonly #renamed = new Listeners<Ids>();
  readonly #edited = new Listeners<Edited>();
  readonly #answers = new Map<number, (reason: string) => void>();
  readonly #codes = new Map<number, (code: CodeText) => void>();

  constructor(document: Document, transport: Transport, options: StoreOptions = {}) {
    super();
    this.client = options.client ?? randomClient();
    this.#unsettled = new Unsettled(this.client);
    this.#transport = transport;
    this.rebuild(new BaseDocument(document));
    this.#kept = new UnsavedEdits(this.client, options.storage, () => String(this.map.id ?? this.map.name ?? "map"));
    this.#leftBehind = this.#kept.leftBehind(document.epoch);
    this.#patience = new Patience(
      () => this.catchUp(),
      () => transport.isBusy?.() ?? false,
    );
    this.#unlisten = transport.onMessage((message) => {
      this.#receive(message);
      this.#patience.hear(this.#awaitsSnapshot || this.#unsettled.all().length > 0);
    });
  }

  // ---- reading ------------------------------------------------------------------------------------

  get seq(): number {
    return this.base.seq;
  }

  /** The document as the kernel last told it, read when a part of it is looked at: what is kept is never out of date. */
  document(): Document {
    return BaseDocument.live(() => this.base);
  }

  /** How many edits the kernel has not taken yet. */
  unsaved(): number {
    return this.#unsettled.edits();
  }

  /** When the oldest unsettled edit was made, in ms since the epoch; `null` when all are settled. */
  unsavedSince(): number | null {
    return this.#unsettled.editsSince();
  }

  /** The question that the kernel is working on for this view. */
  asking(): string | null {
    return this.#unsettled.asking();
  }

  /** What takes its time: operations that have told how far they are. */
  underWay(): readonly Progress[] {
    return this.#unsettled.underWay();
  }

  /** Operations beside edits that have no answer yet, the oldest first. */
  waiting(): readonly Waiting[] {
    return this.#unsettled.waiting();
  }

  /** Edits that an earlier page or an earlier kernel never took. */
  leftBehind(): readonly KeptEdit[] {
    return this.#leftBehind;
  }

  // ---- writing ------------------------------------------------------------------------------------

  /** An id for a new element, until the kernel names it. */
  temporaryId(): string {
    this.#lastTemporary += 1;
    return `~${this.#lastTemporary}`;
  }

  edit(label: string, changes: Change[]): number {
    return this.#operate({ op: "edit", base: this.seq, label, changes }, new Layer(changes));
  }

  /** Lays the drag in hand over everything else; replaces the preview before it. */
  preview(changes: Change[]): void {
    const before = this.#preview;
    this.#preview = new Layer(changes);
    const keys = this.#preview.differing(before);
    if (keys.size) this.#show(keys);
  }

  clearPreview(): void {
    this.preview([]);
  }

  undo(): number {
    return this.#operate({ op: "undo" });
  }
  redo(): number {
    return this.#operate({ op: "redo" });
  }
  /** `lanes`: the attribute that makes them, empty for none; as it is when left out. */
  arrange(how: { unpin?: boolean; lanes?: string } = {}): number {
    return this.#operate({ op: "arrange", ...how });
  }
  build(from: { template?: string; text?: string; parent?: string; x?: number; y?: number }): number {
    return this.#operate({ op: "build", ...from });
  }
  /** Gives up what is under way: a question, or a layout. */
  cancel(operation: number): void {
    const pending = this.#unsettled.find(operation);
    if (!pending) return;
    pending.isGivenUp = true;
    this.#show(new Set(["status"]));
    this.#transport.send({ op: "cancel", client: this.client, operation });
  }
  ask(question: string): number {
    return this.#operate({ op: "ask", question });
  }
  /** Asks all questions, the painted ones too, of these cases only. */
  filter(wish: FilterWish): number {
    return this.#operate({ op: "filter", ...wish });
  }
  /** Says what activities of the event log mean: the node that each is, or a new stage; all that is painted is asked again. */
  match(said: { means?: Record<string, string>; add?: string[] }): number {
    return this.#operate({ op: "match", ...said });
  }
  /** Asks the painted what-if again, with these changes and no others. */
  whatIf(changes: Trial): number {
    return this.#operate({ op: "what_if", ...changes });
  }
  /** The Python of the last edits; an error says why there is none. */
  code(): Promise<CodeText> {
    return new Promise((resolve, reject) => {
      const id = this.#operate({ op: "code" });
      this.#codes.set(id, resolve);
      this.onAnswer(id, (reason) => {
        this.#codes.delete(id);
        reject(new Error(reason || "the answer was lost on its way"));
      });
    });
  }
  hide(overlay: string): number {
    return this.#operate({ op: "hide", overlay });
  }

  select(nodes: Iterable<string>, flows: Iterable<string>): void {
    this.#transport.send({ op: "select", client: this.client, nodes: [...nodes], flows: [...flows] });
  }

  hello(): void {
    this.#transport.send({ op: "hello", client: this.client });
  }

  /** Sends all that is unsettled again. The kernel knows what it has already taken. */
  resend(): void {
    if (this.#awaitsSnapshot) this.#transport.send({ op: "resync", client: this.client });
    for (const { message } of this.#unsettled.all()) this.#transport.send(message);
  }

  /** After a loss on the way: asks for all that was told meanwhile; what is unsettled then is sent again. */
  catchUp(): void {
    this.#awaitsSnapshot = true;
    this.#transport.send({ op: "resync", client: this.client });
  }

  /** Makes the edits that were left behind once more, on this document. */
  restore(): void {
    const edits = this.#leftBehind;
    this.dismissLeftBehind();
    for (const { label, changes } of edits) this.edit(label, changes);
  }

  dismissLeftBehind(): void {
    this.#leftBehind = [];
    this.#kept.forget(this.base.epoch);
    this.#show(new Set(["status"]));
  }

  /** Writes unsettled edits to the tab's storage now: the page may go away. */
  keep(): void {
    clearTimeout(this.#keepTimer);
    this.#keepTimer = undefined;
    this.#kept.keep(this.base.epoch, this.#unsettled.toKeep());
  }

  subscribe(listener: (touched: Touched) => void): () => void {
    return this.#changed.add(listener);
  }
  onNotice(listener: (notice: Notice) => void): () => void {
    return this.#noticed.add(listener);
  }
  onSelection(listener: (selection: Selection) => void): () => void {
    return this.#selected.add(listener);
  }
  /** The kernel has named elements that bore temporary ids. */
  onRenamed(listener: (ids: Ids) => void): () => void {
    return this.#renamed.add(listener);
  }

  /** Hears the one answer to an operation: why it was refused, empty where it was taken. Who hears it also tells it. */
  onAnswer(operation: number, listener: (reason: string) => void): void {
    this.#answers.set(operation, listener);
  }

  /** An edit, told just before it shows, so that what it takes away can still be named. */
  onEdited(listener: (edited: Edited) => void): () => void {
    return this.#edited.add(listener);
  }

  /** A sentence of the view's own, told where the kernel's are. */
  notify(level: Notice["level"], text: string): void {
    this.#noticed.tell({ op: "notice", level, text });
  }

  destroy(): void {
    this.keep();
    this.#kept.close();
    this.#patience.rest();
    this.#unlisten();
    for (const listeners of [this.#changed, this.#noticed, this.#selected, this.#renamed, this.#edited])
      listeners.clear();
  }

  // ---- inside -------------------------------------------------------------------------------------

  protected *layers(): Iterable<Layer> {
    yield* this.#unsettled.layers();
    yield this.#preview;
  }

  #operate(draft: Draft, layer: Layer | null = null): number {
    const message = this.#unsettled.add(draft, layer);
    this.#keepSoon();
    this.#transport.send(message); // first: the kernel need not wait for the picture
    this.#patience.expect();
    if (message.op === "edit") this.#edited.tell({ changes: message.changes, isOwn: true });
    this.#show(new Set(["status", ...(layer?.keys() ?? [])]));
    return message.id;
  }

  #keepSoon(): void {
    this.#keepTimer ??= setTimeout(() => this.keep(), KEEP_AFTER_MS);
  }

  #show(keys: ReadonlySet<string>): void {
    this.#changed.tell(this.refresh(keys));
  }

  #receive(message: ToView): void {
    const { op } = message;
    if (op === "patch") this.#receivePatch(message);
    else if (op === "selection") this.#selected.tell(message);
    else if (op === "notice") this.#noticed.tell(message);
    else if (message.client !== this.client) return;
    else if (op === "snapshot") this.#receiveSnapshot(message);
    else if (op === "progress") this.#receiveProgress(message);
    else if (op === "code_text") this.#codes.get(message.id)?.(message);
    else if (op === "ack") this.#receiveAck(message);
    else this.#receiveRefusal(message.id, message.reason);
  }

  #receiveRefusal(id: number, reason: string): void {
    const isGivenUp = this.#unsettled.find(id)?.isGivenUp;
    const isHeard = this.#answers.has(id);
    if (!this.#settle(id, new Set(), null, reason) || isHeard) return;
    if (isGivenUp) this.notify("info", "Cancelled");
    else this.notify("bad", reason);
  }

  #receivePatch(patch: Patch): void {
    const answers = patch.ack?.[0] === this.client ? patch.ack[1] : null;
    if (patch.seq > this.base.seq + 1) {
      // Something was missed: what follows waits for the whole document, but names are good at once.
      if (answers !== null && patch.ids) this.#rename(patch.ids);
      if (!this.#awaitsSnapshot) this.catchUp();
      return;
    }
    const keys = new Set<string>();
    if (patch.seq === this.base.seq + 1) {
      this.base.seq = patch.seq;
      // An edit of this view was told when it was made.
      const answered = answers === null ? undefined : this.#unsettled.find(answers);
      if (answered?.message.op !== "edit") this.#edited.tell({ changes: patch.changes, isOwn: answers !== null });
      for (const change of patch.changes) this.base.apply(change, (key) => keys.add(key));
    }
    if (answers !== null) this.#settle(answers, keys, patch.ids ?? null);
    else if (keys.size) this.#show(keys);
  }

  #receiveProgress(progress: Progress): void {
    if (this.#unsettled.noteProgress(progress)) this.#show(new Set(["status"]));
  }

  #receiveAck({ id, seq, ids }: Ack): void {
    // The document here may be behind what the kernel acknowledges, its patch lost: then the snapshot settles it.
    if (seq > this.base.seq && !this.#awaitsSnapshot) this.catchUp();
    if (!this.#awaitsSnapshot) this.#settle(id, new Set(), ids ?? null);
    else if (ids) this.#rename(ids);
  }

  #receiveSnapshot(snapshot: Snapshot): void {
    this.#awaitsSnapshot = false;
    const settled = this.#unsettled.takeUpTo(snapshot.last_id);
    this.#keepSoon();
    this.#changed.tell(this.rebuild(new BaseDocument(snapshot.document)));
    for (const { message } of settled) this.#tellAnswer(message.id, "");
    this.resend();
  }

  /** Takes an answered operation off, names what it made, and shows the result, all in one step. */
  #settle(id: number, keys: Set<string>, ids: Ids | null = null, reason = ""): boolean {
    const settled = this.#unsettled.take(id);
    if (settled) {
      for (const key of settled.layer?.keys() ?? []) keys.add(key);
      this.#keepSoon();
    }
    keys.add("status"); // the count of unsaved edits
    if (ids) this.#rename(ids, keys);
    else this.#show(keys);
    this.#tellAnswer(id, reason);
    return settled !== undefined;
  }

  #tellAnswer(id: number, reason: string): void {
    const listener = this.#answers.get(id);
    this.#answers.delete(id);
    listener?.(reason);
  }

  #rename(ids: Ids, keys = new Set<string>()): void {
    this.#unsettled.rename(ids, keys);
    this.#preview = renamed(this.#preview, ids, keys);
    const touched = this.refresh(keys);
    this.#renamed.tell(ids);
    this.#changed.tell(touched);
  }
}
