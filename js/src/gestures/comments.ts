/** What can be done with comments: each of it is one edit, told to who does not see it. */
import type { Attributes, Change } from "../generated/schema";
import type { Comment, Thread } from "../model/threads";
import { timestamp } from "../model/times";
import type { Bench } from "./bench";
import { labelled, setOrUnset, shortened } from "./changes";
import { offerUndo } from "./undo_toast";

/** The name under which this view writes; empty while it is not known. */
export function authorOf({ session, store }: Bench): string {
  return session.conversation.author(store.about.author);
}

/** Whether a comment may be changed here: one's own, or nobody's. */
export function isOwn(bench: Bench, { author }: Comment): boolean {
  return author === "" || author === authorOf(bench);
}

export function addComment(bench: Bench, on: string, text: string): void {
  const what = shortened(labelled(bench.store, on));
  write(bench, `Comment on ${what}`, { on, text }, `Comment added to ${what}`);
}

export function addReply(bench: Bench, { first }: Thread, text: string): void {
  const { on, id: reply_to } = first;
  write(bench, `Reply to ${first.author || "a comment"}`, { on, text, reply_to }, "Reply added");
}

function write(bench: Bench, label: string, comment: Attributes, spoken: string): void {
  const { store, session } = bench;
  const add = { ...comment, author: authorOf(bench), at: timestamp() };
  store.edit(label, [{ at: ["comment", store.temporaryId()], add }]);
  session.set({ spoken });
}

export function changeComment({ store, session }: Bench, { id, text: before }: Comment, text: string): void {
  if (text === before || !store.comments.has(id)) return;
  store.edit("Change a comment", [{ at: ["comment", id], set: { text } }]);
  session.set({ spoken: "Comment changed" });
}

/** A first comment takes its thread with it. */
export function removeComment(bench: Bench, { first, replies }: Thread, comment: Comment): void {
  const { store, session } = bench;
  const gone = comment.id === first.id ? [comment, ...replies] : [comment];
  const what = gone.length > 1 ? `a thread of ${gone.length} comments` : "a comment";
  const label = `Remove ${what}`;
  store.edit(
    label,
    gone.filter(({ id }) => store.comments.has(id)).map(({ id }): Change => ({ at: ["comment", id], remove: true })),
  );
  session.set({ focusNext: "threads" });
  offerUndo(bench, label, `Removed ${what}`);
}

export function setResolved({ store, session }: Bench, { first }: Thread, resolved: boolean): void {
  store.edit(resolved ? "Resolve a thread" : "Reopen a thread", [
    setOrUnset(["comment", first.id], "resolved", resolved || undefined),
  ]);
  session.set({ spoken: resolved ? "Thread resolved" : "Thread reopened", focusNext: "threads" });
}
