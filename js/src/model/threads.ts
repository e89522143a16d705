/** Comments as they are read: first ones with their replies, settled or open. */
import type { Attributes } from "../generated/schema";
import { grouped } from "./grouped";

export interface Comment {
  readonly id: string;
  /** The node that it is on. */
  readonly on: string;
  readonly text: string;
  /** Empty where it is not known, as `at` is. */
  readonly author: string;
  readonly at: string;
}

export interface Thread {
  readonly first: Comment;
  readonly replies: readonly Comment[];
  readonly isResolved: boolean;
}

type Comments = ReadonlyMap<string, Attributes>;

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const commentOf = (id: string, { on, text: says, author, at }: Attributes): Comment => ({
  id,
  on: text(on),
  text: text(says),
  author: text(author),
  at: text(at),
});

/** All threads, the oldest first, as their replies are; a reply whose first comment is gone stands for itself. */
export function threadsOf(comments: Comments): Thread[] {
  const firstOf = ([id, comment]: readonly [string, Attributes]): string => {
    const told = text(comment.reply_to);
    return comments.has(told) ? told : id;
  };
  return [...grouped(comments, firstOf)].flatMap(([id, members]) => {
    const given = comments.get(id);
    if (!given) return [];
    const replies = members.filter(([member]) => member !== id).map(([member, reply]) => commentOf(member, reply));
    return [{ first: commentOf(id, given), replies, isResolved: given.resolved === true }];
  });
}

/** How many threads are open on each node that has any. */
export function openThreads(comments: Comments): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { on, reply_to, resolved } of comments.values())
    if (typeof on === "string" && resolved !== true && !(typeof reply_to === "string" && comments.has(reply_to)))
      counts.set(on, (counts.get(on) ?? 0) + 1);
  return counts;
}

/** When anybody last said something in a thread. */
export function lastSaid({ first, replies }: Thread): string {
  return [first, ...replies].map(({ at }) => at).reduce((a, b) => (a > b ? a : b));
}

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name
    .split(/[\s._-]+/)
    .map((word) => Array.from(word)[0] ?? "")
    .filter((letter) => /[\p{L}\p{N}]/u.test(letter));
  return [words[0], words.length > 1 ? words.at(-1) : ""].join("").toUpperCase() || "?";
}
