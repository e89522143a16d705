import { describe, expect, it } from "vitest";
import { addNode, checkedName, describe as inWords, moveNode, whyNot } from "../../src/gestures/changes";
import { Store } from "../../src/model/store";
import { emptyDocument, Line, smallDocument } from "../model/tiny_kernel";

const store = () => new Store(smallDocument(), new Line(), { client: "c1" });

describe("what gestures propose", () => {
  it("a moved node is pinned, in the lens that shows", () => {
    expect(moveNode(store(), "lead", { x: 8.123, y: -0 })).toEqual({
      at: ["position", "lifecycle", "lead"],
      set: { x: 8.1, y: -0, pinned: true },
    });
  });

  it("a node that nothing had placed gets a position of its own", () => {
    const document = emptyDocument({ nodes: { a: { kind: "stage", label: "A" } } });
    const change = moveNode(new Store(document, new Line()), "a", { x: 0, y: 0 });
    expect(change.add).toEqual({ x: 0, y: 0, pinned: true });
  });

  it("a drag of one card takes less than 200 bytes", () => {
    const one = store();
    const line = new Line();
    const sent = new Store(smallDocument(), line);
    sent.edit("Move Lead", [moveNode(one, "lead", { x: -1234.5, y: 1234.5 })]);
    expect(JSON.stringify(line.up[0]).length).toBeLessThan(200);
  });

  it("a new card is one node and its place", () => {
    expect(addNode(store(), "~c1-1", "stage", "Lost", { x: 8, y: 16 }).map(({ at }) => at[0])).toEqual([
      "node",
      "position",
    ]);
  });
});

describe("which kinds a flow may join", () => {
  it("a plain flow joins any", () => expect(whyNot("flow", "stage", "system")).toBe(""));

  it("a data flow joins what holds data, and says so", () => {
    expect(whyNot("data", "system", "dataset")).toBe("");
    expect(whyNot("data", "stage", "system")).toBe(
      "A “Data flow” goes from system / dataset / field to system / dataset / field; this would go from Stage to System.",
    );
  });

  it("a kind that is not known here is left to the kernel", () => expect(whyNot("made_up", "stage", "stage")).toBe(""));
});

describe("a typed name", () => {
  it("loses its outer and doubled blanks", () =>
    expect(checkedName("  Lead \n generation ").name).toBe("Lead generation"));
  it("must not be empty, nor endless", () => {
    expect(checkedName(" \t ").problem).not.toBe("");
    expect(checkedName("x".repeat(501)).problem).not.toBe("");
  });
});

describe("an edit's label", () => {
  it("names one card, and counts several", () => {
    expect(inWords(store(), new Set(["lead"]), new Set())).toBe("Lead");
    expect(inWords(store(), new Set(["lead", "won"]), new Set(["f1"]))).toBe("2 cards and 1 flow");
  });
});
