import { describe, expect, it } from "vitest";
import type { Bench } from "../../src/gestures/bench";
import { addComment, addReply, changeComment, isOwn, removeComment, setResolved } from "../../src/gestures/comments";
import { Session } from "../../src/model/session";
import { Store } from "../../src/model/store";
import { type Thread, threadsOf } from "../../src/model/threads";
import { type Line, smallDocument, TinyKernel } from "../model/tiny_kernel";

function bench() {
  const document = {
    ...smallDocument(),
    about: { questions: [], templates: [], author: "Ada", filter: null, unmatched: [] },
  };
  const kernel = new TinyKernel(document);
  const line: Line = kernel.line();
  const store = new Store(document, line);
  const session = new Session();
  const thread = (): Thread => {
    const last = threadsOf(store.comments).at(-1);
    if (!last) throw new Error("nothing is said");
    return last;
  };
  return { kernel, line, store, session, thread, bench: { store, session } as unknown as Bench };
}

describe("a comment", () => {
  it("is written with its author and its time, as one edit", () => {
    const { kernel, line, store, bench: given } = bench();
    addComment(given, "lead", "Why?");
    expect(line.up.map(({ op }) => op)).toEqual(["edit"]);
    kernel.settle();
    const [, written] = store.comments.values();
    expect(written).toMatchObject({ on: "lead", text: "Why?", author: "Ada" });
    expect(String(written?.at)).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it("is answered before the kernel has named it", () => {
    const { kernel, bench: given, thread } = bench();
    addComment(given, "lead", "Why?");
    addReply(given, thread(), "Because");
    kernel.settle();
    expect(thread().replies.map(({ text }) => text)).toEqual(["Because"]);
    expect(thread().first.id.startsWith("~")).toBe(false);
  });

  it("may be changed and removed by who wrote it, or by anybody where that is nobody", () => {
    const { bench: given, thread } = bench();
    const { first } = thread();
    expect(["Ada", "", "Bea"].map((author) => isOwn(given, { ...first, author }))).toEqual([true, true, false]);
  });

  it("is changed only where it is another text", () => {
    const { kernel, line, store, bench: given, thread } = bench();
    changeComment(given, thread().first, "why?");
    expect(line.up).toEqual([]);
    changeComment(given, thread().first, "why not?");
    kernel.settle();
    expect(store.comments.get("c1")?.text).toBe("why not?");
  });

  it("takes its thread with it as one edit, with the way back offered", () => {
    const { kernel, store, session, bench: given, thread } = bench();
    addReply(given, thread(), "Because");
    kernel.settle();
    const sent = kernel.document.seq;
    removeComment(given, thread(), thread().first);
    kernel.settle();
    expect([store.comments.size, kernel.document.seq - sent]).toEqual([0, 1]);
    expect(session.toasts.map(({ text, action }) => [text, action?.label])).toEqual([
      ["Removed a thread of 2 comments", "Undo"],
    ]);
  });
});

it("a thread is resolved and opened again", () => {
  const { kernel, store, bench: given, thread } = bench();
  setResolved(given, thread(), true);
  kernel.settle();
  expect(store.comments.get("c1")?.resolved).toBe(true);
  setResolved(given, thread(), false);
  kernel.settle();
  expect(store.comments.get("c1")).not.toHaveProperty("resolved");
});
