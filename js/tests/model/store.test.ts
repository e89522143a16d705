import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Change, Notice } from "../../src/generated/schema";
import { BaseDocument } from "../../src/model/base";
import type { Touched } from "../../src/model/reading";
import { Store } from "../../src/model/store";
import { emptyDocument, Line, smallDocument, TinyKernel } from "./tiny_kernel";

const place = (id: string, x: number, y: number): Change => ({
  at: ["position", "lifecycle", id],
  set: { x, y, pinned: true },
});
const rename = (id: string, label: string): Change => ({ at: ["node", id], set: { label } });

function alone() {
  const line = new Line();
  const store = new Store(smallDocument(), line, { client: "c1" });
  const touches: Touched[] = [];
  store.subscribe((touched) => touches.push(touched));
  return { line, store, touches };
}

class MemoryStorage {
  readonly items = new Map<string, string>();
  getItem(key: string) {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.items.set(key, value);
  }
  removeItem(key: string) {
    this.items.delete(key);
  }
}

describe("an edit", () => {
  it("shows at once and is sent with its number and base", () => {
    const { line, store } = alone();
    const id = store.edit("Rename", [rename("lead", "Leads")]);
    expect(id).toBe(1);
    expect(store.nodes.get("lead")?.label).toBe("Leads");
    expect(store.unsaved()).toBe(1);
    expect(line.up).toEqual([
      { op: "edit", client: "c1", id: 1, base: 0, label: "Rename", changes: [rename("lead", "Leads")] },
    ]);
  });

  it("leaves the document alone until the kernel takes it", () => {
    const { line, store } = alone();
    store.edit("Rename", [rename("lead", "Leads")]);
    expect(store.document().nodes.lead?.label).toBe("Lead");
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "Leads")], ack: ["c1", 1] });
    expect(store.document().nodes.lead?.label).toBe("Leads");
    expect(store.unsaved()).toBe(0);
  });

  it("is settled by its patch in one step, without a moment of the old value", () => {
    const { line, store } = alone();
    store.edit("Rename", [rename("lead", "Leads")]);
    const seen: unknown[] = [];
    store.subscribe(() => seen.push(store.nodes.get("lead")?.label));
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "Leads")], ack: ["c1", 1] });
    expect(seen).toEqual(["Leads"]);
  });

  it("that is refused rolls back and tells the reason", () => {
    const { line, store } = alone();
    const notices: Notice[] = [];
    store.onNotice((notice) => notices.push(notice));
    store.edit("Rename", [rename("lead", "")]);
    line.deliver({ op: "refusal", client: "c1", id: 1, reason: "a name is needed" });
    expect(store.nodes.get("lead")?.label).toBe("Lead");
    expect(notices).toEqual([{ op: "notice", level: "bad", text: "a name is needed" }]);
  });

  it("of another client is not settled by that client's answer", () => {
    const { line, store } = alone();
    store.edit("Rename", [rename("lead", "Mine")]);
    line.deliver({ op: "ack", client: "c2", id: 1, seq: 0 });
    line.deliver({ op: "refusal", client: "c2", id: 1, reason: "no" });
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "Theirs")], ack: ["c2", 1] });
    expect(store.nodes.get("lead")?.label).toBe("Mine");
    expect(store.unsaved()).toBe(1);
  });

  it("of an attribute of a node that has gone meanwhile does not bring it back", () => {
    const { line, store } = alone();
    store.edit("Rename", [rename("lead", "Leads")]);
    line.deliver({ op: "patch", seq: 1, changes: [{ at: ["node", "lead"], remove: true }] });
    expect(store.nodes.has("lead")).toBe(false);
    expect(store.positions.has("lead")).toBe(false);
  });

  it("touches only what it changes", () => {
    const { store, touches } = alone();
    store.edit("Move", [place("won", 8, 16)]);
    expect([...(touches[0]?.positions ?? [])]).toEqual(["won"]);
    expect(touches[0]?.nodes.size).toBe(0);
    expect(touches[0]?.everything).toBe(false);
  });
});

describe("removing a node", () => {
  it("hides its flows, its position and its comments at once", () => {
    const { store } = alone();
    store.edit("Remove", [{ at: ["node", "nurture"], remove: true }]);
    expect([...store.flows.keys()]).toEqual([]);
    expect(store.flowsOf("lead").size).toBe(0);
    expect(store.positions.has("nurture")).toBe(false);
    expect(store.comments.size).toBe(0);
  });

  it("that is refused brings all of it back, in the old order", () => {
    const { line, store } = alone();
    store.edit("Remove", [{ at: ["node", "lead"], remove: true }]);
    line.deliver({ op: "refusal", client: "c1", id: 1, reason: "no" });
    expect([...store.nodes.keys()]).toEqual(["lead", "nurture", "won"]);
    expect([...store.flows.keys()].sort()).toEqual(["f1", "f2"]);
    expect([...store.flowsOf("nurture")].sort()).toEqual(["f1", "f2"]);
    expect(store.positions.get("lead")).toEqual({ x: 0, y: 0, pinned: false });
  });

  it("in the kernel cascades in the document too", () => {
    const { line, store } = alone();
    line.deliver({ op: "patch", seq: 1, changes: [{ at: ["node", "nurture"], remove: true }] });
    expect(store.document().flows).toEqual({});
    expect(store.document().comments).toEqual({});
    expect(store.document().positions.lifecycle).not.toHaveProperty("nurture");
  });
});

describe("temporary ids", () => {
  it("become the kernel's in later edits, in the preview and for listeners", () => {
    const { line, store } = alone();
    const names: unknown[] = [];
    store.onRenamed((ids) => names.push(ids));
    const id = store.temporaryId();
    expect(id).toBe("~1");
    store.edit("Add", [{ at: ["node", id], add: { kind: "stage", label: "Lost" } }, place(id, 0, 0)]);
    store.edit("Link", [{ at: ["flow", "~c1-2"], add: { source: "lead", target: id, kind: "flow" } }]);
    store.preview([{ at: ["position", "lifecycle", id], add: { x: 40, y: 48, pinned: true } }]);
    line.deliver({
      op: "patch",
      seq: 1,
      changes: [{ at: ["node", "lost"], add: { kind: "stage", label: "Lost" } }],
      ack: ["c1", 1],
      ids: { [id]: "lost" },
    });
    expect(names).toEqual([{ "~1": "lost" }]);
    expect(store.nodes.has(id)).toBe(false);
    expect(store.flows.get("~c1-2")?.target).toBe("lost");
    expect(store.positions.get("lost")).toEqual({ x: 40, y: 48, pinned: true });
    line.up.length = 0;
    store.resend();
    expect(line.up).toMatchObject([{ id: 2, changes: [{ at: ["flow", "~c1-2"], add: { target: "lost" } }] }]);
  });

  it("are known at once even when their patch comes after a gap", () => {
    const { line, store } = alone();
    store.edit("Add", [{ at: ["node", "~1"], add: { kind: "stage", label: "Lost" } }]);
    line.deliver({ op: "patch", seq: 5, changes: [], ack: ["c1", 1], ids: { "~1": "lost" } });
    expect(store.nodes.get("lost")?.label).toBe("Lost");
    expect(store.nodes.has("~1")).toBe(false);
  });
});

describe("the sequence", () => {
  it("ignores a replayed patch", () => {
    const { line, store } = alone();
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "A")] });
    line.deliver({ op: "patch", seq: 2, changes: [rename("lead", "B")] });
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "A")] });
    expect(store.nodes.get("lead")?.label).toBe("B");
    expect(store.seq).toBe(2);
  });

  it("asks once for the document after a gap, and waits for it", () => {
    const { line, store } = alone();
    line.deliver({ op: "patch", seq: 3, changes: [rename("lead", "C")] });
    line.deliver({ op: "patch", seq: 4, changes: [rename("lead", "D")] });
    expect(line.up).toEqual([{ op: "resync", client: "c1" }]);
    expect(store.nodes.get("lead")?.label).toBe("Lead");
    const document = { ...smallDocument(), seq: 4, nodes: { lead: { kind: "stage", label: "D" } }, flows: {} };
    line.deliver({ op: "snapshot", client: "c2", document, last_id: 0 });
    expect(store.seq).toBe(0);
    line.deliver({ op: "snapshot", client: "c1", document, last_id: 0 });
    expect(store.seq).toBe(4);
    expect([...store.nodes.keys()]).toEqual(["lead"]);
    line.deliver({ op: "patch", seq: 5, changes: [rename("lead", "E")] });
    expect(store.nodes.get("lead")?.label).toBe("E");
  });

  it("drops from the unsettled edits what the snapshot holds and sends the rest again", () => {
    const { line, store } = alone();
    store.edit("One", [rename("lead", "1")]);
    store.edit("Two", [rename("won", "2")]);
    line.deliver({ op: "patch", seq: 9, changes: [] });
    line.up.length = 0;
    const document = { ...smallDocument(), seq: 9 };
    line.deliver({ op: "snapshot", client: "c1", document, last_id: 1 });
    expect(store.unsaved()).toBe(1);
    expect(line.up).toMatchObject([{ op: "edit", id: 2 }]);
    expect(store.nodes.get("lead")?.label).toBe("Lead");
    expect(store.nodes.get("won")?.label).toBe("2");
  });

  it("keeps an acknowledged edit in sight while the document is behind", () => {
    const { line, store } = alone();
    store.edit("One", [rename("lead", "1")]);
    line.deliver({ op: "patch", seq: 9, changes: [] });
    line.deliver({ op: "ack", client: "c1", id: 1, seq: 9 });
    expect(store.nodes.get("lead")?.label).toBe("1");
  });

  it("asks for the document when an acknowledgement comes whose patch was lost", () => {
    const { line, store } = alone();
    store.edit("One", [rename("lead", "1")]);
    line.up.length = 0;
    line.deliver({ op: "ack", client: "c1", id: 1, seq: 1 });
    expect(line.up).toEqual([{ op: "resync", client: "c1" }]);
    expect(store.unsaved()).toBe(1);
    const document = { ...smallDocument(), seq: 1, nodes: { lead: { kind: "stage", label: "1" } }, flows: {} };
    line.deliver({ op: "snapshot", client: "c1", document, last_id: 1 });
    expect([store.unsaved(), store.document().nodes.lead?.label]).toEqual([0, "1"]);
  });

  describe("without an answer", () => {
    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());
    const asked = (line: Line) => line.up.filter(({ op }) => op === "resync").length;

    it("asks again after a while, and then ever less often", () => {
      const { line, store } = alone();
      store.edit("One", [rename("lead", "1")]);
      vi.advanceTimersByTime(9_000);
      expect(asked(line)).toBe(0);
      vi.advanceTimersByTime(2_000);
      expect(asked(line)).toBe(1);
      vi.advanceTimersByTime(18_000);
      expect(asked(line)).toBe(1);
      vi.advanceTimersByTime(3_600_000);
      expect(asked(line)).toBeLessThan(20);
      line.deliver({ op: "snapshot", client: "c1", document: { ...smallDocument(), seq: 1 }, last_id: 1 });
      line.up.length = 0;
      vi.advanceTimersByTime(3_600_000);
      expect(line.up).toEqual([]);
    });

    it("waits longer for a kernel that is at work, but not for ever: the word that it has come to rest may be lost", () => {
      const line = Object.assign(new Line(), { isBusy: () => true });
      const store = new Store(smallDocument(), line, { client: "c1" });
      store.edit("One", [rename("lead", "1")]);
      vi.advanceTimersByTime(29_000);
      expect(asked(line)).toBe(0);
      vi.advanceTimersByTime(2_000);
      expect(asked(line)).toBe(1);
      vi.advanceTimersByTime(3_600_000);
      expect(asked(line)).toBeLessThan(10);
    });
  });
});

describe("the drag in hand", () => {
  it("is not pulled away by an edit from elsewhere, and gives way when it is let go", () => {
    const { line, store } = alone();
    store.preview([place("lead", 100, 100)]);
    line.deliver({ op: "patch", seq: 1, changes: [place("lead", -8, -8)] });
    expect(store.positions.get("lead")).toMatchObject({ x: 100, y: 100 });
    store.clearPreview();
    expect(store.positions.get("lead")).toMatchObject({ x: -8, y: -8 });
  });
});

describe("what a reader can rely on", () => {
  it("every node has a position, also one that nothing has placed", () => {
    const line = new Line();
    const document = emptyDocument({ nodes: { a: { kind: "stage", label: "A" }, b: { kind: "stage", label: "B" } } });
    const store = new Store(document, line, { client: "c1" });
    expect(store.positions.get("a")).not.toEqual(store.positions.get("b"));
    expect(store.hasPosition("a")).toBe(false);
  });

  it("a flow to a card that is not there does not show, until the card comes", () => {
    const line = new Line();
    const document = emptyDocument({
      nodes: { a: { kind: "stage", label: "A" } },
      flows: { f: { source: "a", target: "b", kind: "flow" } },
    });
    const store = new Store(document, line, { client: "c1" });
    expect(store.flows.size).toBe(0);
    line.deliver({ op: "patch", seq: 1, changes: [{ at: ["node", "b"], add: { kind: "stage", label: "B" } }] });
    expect(store.flows.size).toBe(1);
    expect([...store.flowsOf("b")]).toEqual(["f"]);
  });

  it("another lens brings its own positions", () => {
    const { line, store, touches } = alone();
    line.deliver({
      op: "patch",
      seq: 1,
      changes: [
        { at: ["position", "process", "lead"], add: { x: 1, y: 2, pinned: true } },
        { at: ["map"], set: { lens: "process" } },
      ],
    });
    expect(touches.at(-1)?.everything).toBe(true);
    expect(store.positions.get("lead")).toEqual({ x: 1, y: 2, pinned: true });
  });

  it("an answer painted again is the newest", () => {
    const { line, store } = alone();
    const overlay = { title: "", subtitle: "", legend: null, nodes: {}, flows: {}, findings: [], table: null };
    const paint = (name: string): Change => ({ at: ["overlay", name], add: { ...overlay, title: name } });
    line.deliver({ op: "patch", seq: 1, changes: [paint("a"), paint("b")] });
    line.deliver({ op: "patch", seq: 2, changes: [paint("a")] });
    expect([...store.overlays.keys()]).toEqual(["b", "a"]);
  });

  it("an answer of which a part is otherwise is another object, the newest, and shares all that stayed", () => {
    const { line, store } = alone();
    const painted = { title: "One", nodes: { lead: { text: "8" }, won: { text: "5" } }, flows: { f1: { text: "3" } } };
    const at = ["overlay", "one"];
    line.deliver({ op: "patch", seq: 1, changes: [{ at, add: painted }] });
    line.deliver({ op: "patch", seq: 2, changes: [{ at: ["overlay", "two"], add: { ...painted, title: "Two" } }] });
    const before = store.overlays.get("one");
    const changes = [
      { at, set: { title: "Anew" } },
      { at: [...at, "nodes"], set: { lead: { text: "9" } }, unset: ["won"] },
    ];
    line.deliver({ op: "patch", seq: 3, changes });
    const after = store.overlays.get("one");
    expect([...store.overlays.keys()]).toEqual(["two", "one"]);
    expect(after).toEqual({ ...painted, title: "Anew", nodes: { lead: { text: "9" } } });
    expect(before).toEqual(painted);
    expect(after?.flows).toBe(before?.flows);
    expect(store.document().overlays.one).toEqual(after);
  });

  it("the document survives structuredClone and JSON", () => {
    const { store } = alone();
    expect(structuredClone(store.document())).toEqual(smallDocument());
    expect(JSON.parse(JSON.stringify(store.document()))).toEqual(smallDocument());
  });
});

describe("edits that no kernel took", () => {
  it("are kept for the map, offered to its next document, and made once more", () => {
    const storage = new MemoryStorage();
    const first = new Store(smallDocument(), new Line(), { client: "c1", storage });
    first.edit("Rename", [rename("lead", "Leads")]);
    first.keep();
    const line = new Line();
    const second = new Store({ ...smallDocument(), epoch: "e2" }, line, { client: "c2", storage });
    expect(second.leftBehind().length).toBe(1);
    second.restore();
    expect(second.nodes.get("lead")?.label).toBe("Leads");
    expect(line.up).toMatchObject([{ op: "edit", client: "c2", label: "Rename" }]);
    expect(second.leftBehind().length).toBe(0);
  });

  it("are not offered to another map, nor to a view beside the living one", () => {
    const storage = new MemoryStorage();
    const first = new Store(smallDocument(), new Line(), { client: "c11", storage });
    first.edit("Rename", [rename("lead", "Leads")]);
    first.keep();
    const other = { ...smallDocument(), map: { id: "other", name: "Other" }, epoch: "e2" };
    expect(new Store(other, new Line(), { storage }).leftBehind().length).toBe(0);
    expect(new Store(smallDocument(), new Line(), { storage }).leftBehind().length).toBe(0);
  });

  it("leave nothing behind once they are taken", () => {
    const storage = new MemoryStorage();
    const line = new Line();
    const store = new Store(smallDocument(), line, { client: "c1", storage });
    store.edit("Rename", [rename("lead", "Leads")]);
    store.keep();
    line.deliver({ op: "patch", seq: 1, changes: [rename("lead", "Leads")], ack: ["c1", 1] });
    store.keep();
    expect(storage.items.size).toBe(0);
  });

  it("do no harm when the storage is broken", () => {
    const storage = new MemoryStorage();
    storage.items.set("crmwidget:sales", "not json");
    expect(new Store(smallDocument(), new Line(), { storage }).leftBehind()).toEqual([]);
  });
});

describe("two views and a kernel", () => {
  it("a resent edit is taken once", () => {
    const kernel = new TinyKernel(smallDocument());
    const line = kernel.line();
    const store = new Store(smallDocument(), line, { client: "c1" });
    store.edit("Add", [{ at: ["node", "~1"], add: { kind: "stage", label: "Lost" } }]);
    store.resend();
    kernel.settle();
    expect(kernel.document.room("node").size).toBe(4);
    expect(store.unsaved()).toBe(0);
  });

  /** A small seeded generator, so that a failure can be repeated. */
  function seeded(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state * 1664525 + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
  }

  it.each(Array.from({ length: 40 }, (_, seed) => seed))("end equal after random interleaving (seed %i)", (seed) => {
    const random = seeded(seed + 1);
    const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
    const kernel = new TinyKernel(smallDocument());
    kernel.refuse = () => (random() < 0.1 ? "not today" : null);
    const lines = [kernel.line(), kernel.line()];
    const stores = lines.map((line, index) => new Store(smallDocument(), line, { client: `c${index}` }));
    for (let step = 0; step < 400; step++) {
      const at = Math.floor(random() * 2);
      const store = stores[at];
      const line = lines[at];
      if (!store || !line) throw new Error("two views");
      const node = pick([...store.nodes.keys()]) ?? "lead";
      const what = random();
      if (what < 0.12) store.edit("Rename", [rename(node, `name ${step}`)]);
      else if (what < 0.2) store.edit("Move", [place(node, step, -step)]);
      else if (what < 0.26) {
        const id = store.temporaryId();
        store.edit("Add", [{ at: ["node", id], add: { kind: "stage", label: `new ${step}` } }, place(id, step, 0)]);
        const flow = { source: node, target: id, kind: "flow" };
        if (random() < 0.7) store.edit("Link", [{ at: ["flow", store.temporaryId()], add: flow }]);
      } else if (what < 0.3) store.edit("Remove", [{ at: ["node", node], remove: true }]);
      else if (what < 0.34) kernel.edit([rename(node, `python ${step}`)]);
      else if (what < 0.36) kernel.edit([{ at: ["node", node], remove: true }]);
      else if (what < 0.38)
        line.down.shift(); // lost on the way
      else if (what < 0.42) store.preview(random() < 0.5 ? [place(node, 1, 1)] : []);
      else if (what < 0.7) kernel.take(line);
      else kernel.deliver(line);
      for (const [key, flow] of store.flows) {
        expect(store.nodes.has(flow.source) && store.nodes.has(flow.target)).toBe(true);
        expect(store.flowsOf(flow.source).has(key)).toBe(true);
      }
      expect(store.positions.size).toBe(store.nodes.size);
    }
    kernel.settle();
    for (const store of stores) {
      store.clearPreview();
      kernel.edit([{ at: ["map"], set: { note: "the last word, which shows any gap" } }]);
      kernel.settle();
      store.resend();
      kernel.settle();
    }
    for (const store of stores) {
      expect(store.unsaved()).toBe(0);
      const { epoch: _epoch, ...shown } = store.document();
      const { epoch: _other, ...truth } = BaseDocument.live(() => kernel.document);
      expect(shown).toEqual(truth);
      expect(Object.fromEntries(store.nodes)).toEqual(truth.nodes);
      expect(Object.fromEntries(store.flows)).toEqual(truth.flows);
    }
  });
});
