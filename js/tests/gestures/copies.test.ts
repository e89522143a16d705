import { describe, expect, it } from "vitest";
import type { Rect } from "../../src/drawing/geometry";
import { overlaps } from "../../src/drawing/geometry";
import { clearShift } from "../../src/gestures/clear_place";
import { copiesOf, inWords } from "../../src/gestures/copies";
import type { ClipNode } from "../../src/model/clip";
import { clipOf } from "../../src/model/clip";
import { Store } from "../../src/model/store";
import { Line, smallDocument, TinyKernel } from "../model/tiny_kernel";

const node = (id: string, parent?: string): ClipNode => ({
  id,
  x: 0,
  y: 0,
  attributes: { kind: "stage", label: id },
  ...(parent === undefined ? {} : { parent }),
});

describe("copies", () => {
  it("are one edit that the kernel names, with the flows among them between the copies", () => {
    const kernel = new TinyKernel(smallDocument());
    const line = kernel.line();
    const store = new Store(smallDocument(), line, { client: "c1" });
    const copies = copiesOf(store, clipOf(store, ["lead", "nurture"]));
    store.edit("Paste", [...copies.elements, ...copies.places({ x: 0, y: 500 })]);
    expect(line.up).toHaveLength(1);
    kernel.settle();
    expect(store.nodes.size).toBe(5);
    const flow = [...store.flows.values()].at(-1);
    expect([flow?.source, flow?.target].map((id) => store.nodes.get(id ?? "")?.label)).toEqual(["Lead", "Nurture"]);
    expect(store.positions.get(flow?.source ?? "")).toEqual({ x: -176, y: 500, pinned: true });
  });

  it("come after what holds them, and what goes in a circle holds nothing", () => {
    const store = new Store(smallDocument(), new Line());
    const parents = (nodes: ClipNode[]) => copiesOf(store, { nodes, flows: [] }).elements.map(({ add }) => add?.parent);
    expect(parents([node("inner", "outer"), node("outer")])).toEqual([undefined, "~2"]);
    expect(parents([node("a", "b"), node("b", "a")]).filter(Boolean)).toHaveLength(1);
    const deep = Array.from({ length: 9000 }, (_, i) => node(`n${i}`, `n${i + 1}`));
    expect(parents([...deep, node("n9000")]).filter(Boolean)).toHaveLength(9000);
  });

  it("join by a plain flow what their own kind may not join here", () => {
    const store = new Store(smallDocument(), new Line());
    const flows = [{ source: "a", target: "b", attributes: { kind: "mapping", label: "x" } }];
    const { elements } = copiesOf(store, { nodes: [node("a"), node("b")], flows });
    expect(elements.at(-1)?.add).toMatchObject({ kind: "flow", label: "x" });
  });

  it("are named in words", () => {
    expect(inWords({ nodes: [node("Lead")], flows: [] })).toBe("Lead");
    const flows = [{ source: "a", target: "b", attributes: {} }];
    expect(inWords({ nodes: [node("a"), node("b")], flows })).toBe("2 cards and 1 flow");
  });
});

describe("a preview", () => {
  it("touches only the elements whose changes are others", () => {
    const store = new Store(smallDocument(), new Line());
    const add = { at: ["node", "~1"], add: { kind: "stage", label: "New" } };
    const place = (x: number) => ({ at: ["position", "lifecycle", "~1"], add: { x, y: 0, pinned: true } });
    store.preview([add, place(0)]);
    let touched: string[] = [];
    store.subscribe(({ nodes, positions }) => {
      touched = [...nodes, ...positions];
    });
    store.preview([add, place(8)]);
    expect([touched, store.positions.get("~1")?.x]).toEqual([["~1"], 8]);
    store.clearPreview();
    expect(store.nodes.has("~1")).toBe(false);
  });
});

describe("a clear place", () => {
  const taken: Rect[] = [{ x: 0, y: 0, width: 200, height: 120 }];
  const isFree = (box: Rect) => !taken.some((one) => overlaps(one, box));

  it("is where it was asked for when that is free", () =>
    expect(clearShift([{ x: 300, y: 0, width: 200, height: 120 }], isFree)).toEqual({ x: 0, y: 0 }));

  it("is beside what lies there, as near as can be", () => {
    const { x, y } = clearShift([{ x: 0, y: 0, width: 200, height: 120 }], isFree);
    expect([x, y]).toEqual([0, 160]);
  });

  it("is a step aside where all is taken", () => {
    const { x, y } = clearShift([{ x: 0, y: 0, width: 200, height: 120 }], () => false);
    expect([x, y]).toEqual([32, 32]);
  });
});
