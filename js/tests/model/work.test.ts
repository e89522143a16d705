import { describe, expect, it } from "vitest";
import { Store } from "../../src/model/store";
import { CANCEL_MS, TELL_MS, workToTell } from "../../src/model/work";
import { smallDocument, TinyKernel } from "./tiny_kernel";

function asked() {
  const document = smallDocument();
  document.about.questions = [{ name: "conversion", title: "Conversion", group: "", missing: "" }];
  const kernel = new TinyKernel(document);
  const line = kernel.line();
  const store = new Store(document, line);
  const id = store.ask("conversion");
  const [waiting] = store.waiting();
  if (!waiting) throw new Error("nothing waits");
  const tell = (after: number) =>
    workToTell(store.waiting(), store.underWay(), store.about.questions, waiting.since + after);
  return { line, store, id, tell, client: store.client };
}

describe("what the kernel works on", () => {
  it("is not told while it may be over at once, and is told then", () => {
    const { tell } = asked();
    expect(tell(TELL_MS - 1).work).toBeNull();
    expect(tell(TELL_MS).work).toMatchObject({ text: "Conversion", fraction: null, mayCancel: false });
  });

  it("is looked at again when there may be more to tell", () => {
    const { tell } = asked();
    expect([tell(0), tell(TELL_MS), tell(CANCEL_MS)].map(({ again }) => again !== null)).toEqual([true, true, false]);
  });

  it("is told at once where the kernel tells how far it is", () => {
    const { line, client, id, tell } = asked();
    line.deliver({ op: "progress", client, id, fraction: 0.4, text: "Case 400 of 1 000" });
    expect(tell(0).work).toMatchObject({ text: "Case 400 of 1 000", fraction: 0.4 });
  });

  it("can be given up after a while, is then refused, and that is no fault", () => {
    const { line, store, client, id, tell } = asked();
    const told: string[] = [];
    store.onNotice(({ level, text }) => told.push(`${level}: ${text}`));
    expect(tell(CANCEL_MS).work?.mayCancel).toBe(true);
    store.cancel(id);
    expect(line.up.at(-1)).toEqual({ op: "cancel", client, operation: id });
    expect(tell(CANCEL_MS).work).toMatchObject({ text: "Cancelling", isGivenUp: true });
    line.deliver({ op: "refusal", client, id, reason: "given up" });
    expect(tell(CANCEL_MS).work).toBeNull();
    expect(told).toEqual(["info: Cancelled"]);
  });

  it("never is an edit, which shows at once", () => {
    const document = smallDocument();
    const store = new Store(document, new TinyKernel(document).line());
    store.edit("Rename", [{ at: ["node", "lead"], set: { label: "Leads" } }]);
    expect(store.waiting()).toEqual([]);
  });

  it("that is undone or built cannot be given up", () => {
    const document = smallDocument();
    const store = new Store(document, new TinyKernel(document).line());
    store.undo();
    expect(workToTell(store.waiting(), [], [], Date.now() + CANCEL_MS).work).toMatchObject({
      text: "Undoing",
      mayCancel: false,
    });
  });
});

describe("an answer", () => {
  it("is heard once by who asks for it, who then tells it", () => {
    const { line, store, client, id } = asked();
    const told: string[] = [];
    store.onNotice(({ text }) => told.push(text));
    const heard: string[] = [];
    store.onAnswer(id, (reason) => heard.push(reason));
    line.deliver({ op: "refusal", client, id, reason: "nothing is attached" });
    line.deliver({ op: "refusal", client, id, reason: "nothing is attached" });
    expect([heard, told]).toEqual([["nothing is attached"], []]);
  });

  it("of what was taken is empty, also where a snapshot brings it", () => {
    const { line, store, client, id } = asked();
    const heard: string[] = [];
    store.onAnswer(id, (reason) => heard.push(reason));
    line.deliver({ op: "snapshot", client, document: store.document(), last_id: id });
    expect(heard).toEqual([""]);
  });
});
