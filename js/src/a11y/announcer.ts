/** Tells by voice what becomes of the map: each edit of this view at once, those from elsewhere together. */
import type { Edited } from "../model/operations";
import type { Store } from "../model/store";
import { type Deed, deedsOf, sentenceOf } from "./sentences";

/** Edits from elsewhere that follow each other so closely are one sentence. */
const QUIET_MS = 600;
/** Longer than this nobody waits for the end of them. */
const PATIENCE_MS = 3000;

/** One map may show in several places, of which one speaks: where the focus was last. */
const speakers = new WeakMap<Store, Announcer>();

export class Announcer {
  #deeds: Deed[] = [];
  #since = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #stop: () => void;

  constructor(
    readonly store: Store,
    readonly say: (sentence: string) => void,
  ) {
    if (!speakers.has(store)) this.takeTurn();
    this.#stop = store.onEdited((edited) => this.#hear(edited));
  }

  /** The focus has come to this view. */
  takeTurn(): void {
    speakers.set(this.store, this);
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#stop();
    if (speakers.get(this.store) === this) speakers.delete(this.store);
  }

  #hear({ changes, isOwn }: Edited): void {
    if (!speakers.has(this.store)) this.takeTurn();
    if (speakers.get(this.store) !== this) return;
    const deeds = deedsOf(changes, this.store);
    if (!deeds.length) return;
    if (isOwn) {
      this.say(sentenceOf(deeds));
      return;
    }
    if (!this.#deeds.length) this.#since = Date.now();
    this.#deeds.push(...deeds);
    clearTimeout(this.#timer);
    const waited = Date.now() - this.#since;
    this.#timer = setTimeout(() => this.#tell(), Math.min(QUIET_MS, Math.max(PATIENCE_MS - waited, 0)));
  }

  #tell(): void {
    this.say(`Elsewhere: ${sentenceOf(this.#deeds)}`);
    this.#deeds = [];
  }
}
