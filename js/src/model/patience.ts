/** How long to wait for an answer that does not come: then it may have been lost on the way, and is asked for again. */

const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;
/** Silences that a kernel at work is granted. Not more: that it has come to rest may be what was lost on the way. */
const GRANTED = 2;

export class Patience {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_MS;
  #granted = 0;

  /** `isBusy`: whether the other side is known to be at work, so that an answer may still come. */
  constructor(
    readonly askAgain: () => void,
    readonly isBusy: () => boolean,
  ) {}

  /** An answer is due; one that was due already has not come sooner for it. */
  expect(): void {
    this.#timer ??= setTimeout(() => this.#onSilence(), this.#wait);
  }

  /** Something was heard. `isMoreDue`: whether answers are still missing. */
  hear(isMoreDue: boolean): void {
    this.rest();
    this.#wait = FIRST_MS;
    this.#granted = 0;
    if (isMoreDue) this.expect();
  }

  rest(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #onSilence(): void {
    this.#timer = undefined;
    if (!this.isBusy() || ++this.#granted > GRANTED) {
      this.#granted = 0;
      this.#wait = Math.min(2 * this.#wait, LONGEST_MS);
      this.askAgain();
    }
    this.expect();
  }
}
