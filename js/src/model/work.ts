/** What the kernel works on for a view, as it is told to who waits: after a moment what it is, later a way to give it up. */
import type { Progress, Question } from "../generated/schema";
import type { Waiting } from "./operations";

export interface Work {
  readonly id: number;
  readonly text: string;
  /** How much of it is done, 0 to 1; `null` where that is not known. */
  readonly fraction: number | null;
  readonly mayCancel: boolean;
  readonly isGivenUp: boolean;
}

/** Sooner it is not told: it would be over before it is read. */
export const TELL_MS = 300;
export const CANCEL_MS = 2000;

const WORDS = {
  arrange: "Laying the map out",
  build: "Building",
  undo: "Undoing",
  redo: "Redoing",
  hide: "Clearing",
  filter: "Filtering",
  match: "Matching the event log",
  what_if: "Trying other numbers",
  code: "Writing code",
};
/** What can be stopped on its way; a kernel that tells how far it is can always be. */
const STOPPABLE: readonly string[] = ["ask", "arrange"];

/** The oldest work that has gone on long enough to be told, and when that may next be another answer. */
export function workToTell(
  waiting: readonly Waiting[],
  told: readonly Progress[],
  questions: readonly Question[],
  now: number,
): { work: Work | null; again: number | null } {
  const steps = waiting.flatMap(({ since }) => [since + TELL_MS, since + CANCEL_MS]).filter((at) => at > now);
  const again = steps.length ? Math.min(...steps) : null;
  const first = waiting.find(
    ({ message, since }) => now - since >= TELL_MS || told.some(({ id }) => id === message.id),
  );
  if (!first) return { work: null, again };
  const { message, since, isGivenUp } = first;
  const progress = told.find(({ id }) => id === message.id);
  const question = message.op === "ask" ? questions.find(({ name }) => name === message.question) : undefined;
  const words = message.op === "ask" ? (question?.title ?? message.question) : WORDS[message.op];
  const mayCancel = now - since >= CANCEL_MS && (progress !== undefined || STOPPABLE.includes(message.op));
  const text = isGivenUp ? "Cancelling" : progress?.text || words;
  return { work: { id: message.id, text, fraction: progress?.fraction ?? null, mayCancel, isGivenUp }, again };
}
