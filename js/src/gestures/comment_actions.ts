/** Writes a comment on the selected card, and shows what is said on the whole map. */
import type { Action } from "./actions";
import type { Bench } from "./bench";

/** Whether there is anything to read, or to be written: a page may have been made without its comments. */
export function hasComments({ store, isReadOnly }: Pick<Bench, "store" | "isReadOnly">): boolean {
  return !isReadOnly || store.comments.size > 0;
}

export const commentActions: readonly Action[] = [
  {
    name: "comment",
    title: "Comment",
    group: "Edit",
    icon: "comment",
    keys: ["m"],
    edits: true,
    on: ["node"],
    isReady: ({ session }) => session.nodes.size === 1 && !session.flows.size,
    run: ({ session }) => session.set({ tab: "comments", sheetOpen: true, focusNext: "compose" }),
  },
  {
    name: "comments",
    title: "Open comments",
    group: "View",
    icon: "comment",
    keys: ["Shift+m"],
    on: ["empty"],
    isReady: hasComments,
    run({ session }) {
      const isShown = session.isEmpty && session.tab === "comments";
      session.clear();
      session.set(isShown ? { tab: "answer" } : { tab: "comments", sheetOpen: true, focusNext: "threads" });
    },
  },
];
