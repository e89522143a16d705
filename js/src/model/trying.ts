/** A hand on the sliders of a painted what-if: the kernel is told once a frame at most, and the last position wins. */
import type { Levers, Overlay } from "../generated/schema";
import { type Trial, trialOf } from "./trial";

/** What it needs of a store. */
export interface Asked {
  readonly overlays: ReadonlyMap<string, Overlay>;
  whatIf(trial: Trial): number;
  onAnswer(operation: number, listener: (reason: string) => void): void;
}

export class Trying {
  /** Where the sliders are, until the kernel has answered that; a refused position stays, beside the reason. */
  #wanted: Trial | null = null;
  #isWaiting = false;
  #isPlanned = false;
  #problem = "";
  /** What was painted when the kernel refused; painted anew, the refusal is out of date. */
  #refusedOn: Levers | null = null;

  constructor(
    readonly changed: () => void,
    readonly nextFrame: (work: () => void) => unknown = (work) => requestAnimationFrame(work),
  ) {}

  /** What is tried now: as the kernel says, but for what it has not answered yet. */
  now(levers: Levers): Trial {
    return this.#holds(levers) && this.#wanted ? this.#wanted : trialOf(levers);
  }

  /** Why the kernel has no answer to what is set. */
  problem(levers: Levers): string {
    return this.#holds(levers) ? this.#problem : "";
  }

  /** Whether what is painted is of what is set. */
  isSettled(levers: Levers): boolean {
    return this.#wanted === null || !this.#holds(levers);
  }

  try(store: Asked, trial: Trial): void {
    this.#wanted = trial;
    this.#refusedOn = null;
    this.#problem = "";
    this.#tellSoon(store);
    this.changed();
  }

  /** Shows why what is set has no answer, or could not be taken over. */
  refuse(store: Asked, reason: string): void {
    this.#refusedOn = store.overlays.get("what_if")?.levers ?? null;
    if (this.#refusedOn) this.#problem = reason;
    else this.#wanted = null; // taken off the map meanwhile
    this.changed();
  }

  #holds(levers: Levers): boolean {
    return this.#refusedOn === null || this.#refusedOn === levers;
  }

  #tellSoon(store: Asked): void {
    if (this.#isWaiting || this.#isPlanned) return;
    this.#isPlanned = true;
    this.nextFrame(() => {
      this.#isPlanned = false;
      const told = this.#wanted;
      if (!told) return;
      this.#isWaiting = true;
      store.onAnswer(store.whatIf(told), (reason) => this.#hear(store, told, reason));
    });
  }

  #hear(store: Asked, told: Trial, reason: string): void {
    this.#isWaiting = false;
    if (this.#wanted !== told) this.#tellSoon(store);
    else if (reason) this.refuse(store, reason);
    else this.#wanted = null;
    this.changed();
  }
}
