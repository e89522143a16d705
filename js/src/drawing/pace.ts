/** When a frame is painted, and how much of it work behind the scenes may take. */

/** Milliseconds of a frame that work behind the scenes may take; the rest belongs to the browser. */
const SLICE = 5;
const LEAST_SLICE = 1.5;

export class Pace {
  #frame = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #lastFrame = 0;
  #slice = SLICE;

  constructor(readonly tick: () => void) {}

  /** Paints with the next frame, once for however many ask. */
  ask(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame((now) => {
      this.#frame = 0;
      this.#adapt(now);
      this.tick();
    });
  }

  /** When work behind the scenes has to stop in the frame that is painted now. */
  deadline(): number {
    return performance.now() + this.#slice;
  }

  /** Asks once more in so many milliseconds, unless told again before. */
  askAfter(wait: number, ask: () => void): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(ask, wait);
  }

  /** Frames that come late mean that the machine has less to give for work behind the scenes. */
  #adapt(now: number): void {
    const gap = now - this.#lastFrame;
    this.#lastFrame = now;
    if (gap > 20 && gap < 100) this.#slice = Math.max(this.#slice * 0.75, LEAST_SLICE);
    else if (gap < 18) this.#slice = Math.min(this.#slice * 1.1, SLICE);
  }

  stop(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#rest);
  }
}
