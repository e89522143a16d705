import { describe, expect, it } from "vitest";
import { Scene } from "../../src/drawing/scene";
import type { Attributes, Change } from "../../src/generated/schema";
import { laneId, Nesting } from "../../src/model/nesting";
import { Store } from "../../src/model/store";
import { measure } from "../drawing/reading";
import { emptyDocument, Line } from "./tiny_kernel";

const stage = (parent?: string): Attributes => ({ kind: "stage", label: "Stage", ...(parent && { parent }) });
const group = (parent?: string, also: Attributes = {}): Attributes => ({
  kind: "group",
  label: "Group",
  ...(parent && { parent }),
  ...also,
});
const flow = (source: string, target: string): Attributes => ({ source, target, kind: "flow" });

function mapOf(nodes: Record<string, Attributes>, flows: Record<string, Attributes> = {}, map: Attributes = {}) {
  const ids = Object.keys(nodes);
  const lifecycle = Object.fromEntries(ids.map((id, i) => [id, { x: (i % 5) * 352, y: Math.floor(i / 5) * 200 }]));
  const document = emptyDocument({ nodes, flows, positions: { lifecycle } });
  const store = new Store({ ...document, map: { ...document.map, ...map } }, new Line(), { client: "c" });
  return { store, shown: new Nesting(store) };
}

const keys = (map: ReadonlyMap<string, unknown>): string[] => [...map.keys()].sort();

describe("a map without groups", () => {
  it("is shown as it is, without a copy", () => {
    const { store, shown } = mapOf({ a: stage(), b: stage() }, { f: flow("a", "b") });
    expect(shown.nodes).toBe(store.nodes);
    expect(shown.flows).toBe(store.flows);
  });
});

describe("a group", () => {
  const nodes = { a: stage("g"), b: stage("g"), c: stage(), g: group() };
  const flows = { ab: flow("a", "b"), bc: flow("b", "c"), cc: flow("c", "c") };

  it("shows what it holds while it is open", () => {
    const { shown } = mapOf(nodes, flows);
    expect(keys(shown.nodes)).toEqual(["a", "b", "c", "g"]);
    expect(keys(shown.flows)).toEqual(["ab", "bc", "cc"]);
  });

  it("stands for what it holds when it is folded, and hides the flows within it", () => {
    const { store, shown } = mapOf(nodes, flows);
    store.edit("Fold", [{ at: ["node", "g"], set: { collapsed: true } }]);
    expect(keys(shown.nodes)).toEqual(["c", "g"]);
    expect(keys(shown.flows)).toEqual(["bc", "cc"]);
    expect(shown.flows.get("bc")).toMatchObject({ source: "g", target: "c" });
    expect(shown.flowsOf("g")).toEqual(new Set(["bc"]));
    expect(shown.shownAs("a")).toBe("g");
    store.edit("Unfold", [{ at: ["node", "g"], unset: ["collapsed"] }]);
    expect(shown.flows.get("bc")).toMatchObject({ source: "b", target: "c" });
  });

  it("carries all that it holds, at any depth, but not what lies within a card", () => {
    const { shown } = mapOf({ g: group(), h: group("g"), a: stage("h"), deep: stage("a") });
    expect([...shown.carried("g")]).toEqual(["g", "h", "a"]);
    expect([...shown.withContent("g")]).toEqual(["g", "h", "a", "deep"]);
  });

  it("carries the fields of a dataset in it, which lie beside the dataset and move by themselves elsewhere", () => {
    const data = (parent?: string): Attributes => ({ kind: "dataset", label: "Data", ...(parent && { parent }) });
    const field = (parent: string): Attributes => ({ kind: "field", label: "Field", parent });
    const { shown } = mapOf({ g: group(), d: data("g"), f: field("d"), other: data(), lone: field("other") });
    expect([...shown.carried("g")]).toEqual(["g", "d", "f"]);
    expect([...shown.carried("other")]).toEqual(["other"]);
  });

  it("is drawn around the fields of a dataset in it, and only a card that can be gone into says what it holds", () => {
    const { store, shown } = mapOf({
      g: group(),
      d: { kind: "dataset", label: "Data", parent: "g" },
      f: { kind: "field", label: "Field", parent: "d" },
    });
    const scene = new Scene(shown, "light", measure);
    shown.subscribe((touched) => scene.update(touched));
    const before = scene.items.rectOf("g")?.width ?? 0;
    store.edit("Move", [{ at: ["position", "lifecycle", "f"], set: { x: 2_000, y: 400 } }]);
    expect(scene.items.rectOf("g")?.width).toBeGreaterThan(before + 1_000);
    expect(scene.looks.content("d").inside).toBe(0);
  });

  it("hides a loop of what it holds when it is folded", () => {
    const { shown } = mapOf({ g: group(undefined, { collapsed: true }), a: stage("g") }, { aa: flow("a", "a") });
    expect(keys(shown.flows)).toEqual([]);
  });

  it("lies in the lane that it names itself, whatever its content names", () => {
    const nodes = { a: { ...stage(), team: "Sales" }, g: group(), b: { ...stage("g"), team: "Service" } };
    const { shown } = mapOf(nodes, {}, { lanes: "team" });
    expect(new Scene(shown, "light", measure).lanes.map(({ name }) => name)).toEqual(["Sales"]);
  });

  it("has a frame round its content, and round the frames in it", () => {
    const { store, shown } = mapOf({ a: stage("h"), h: group("g"), g: group() });
    const scene = new Scene(shown, "light", measure);
    const rect = (id: string) => scene.items.rectOf(id);
    expect(rect("h")).toEqual({ x: -124, y: -112, width: 248, height: 196 });
    expect(rect("g")).toEqual({ x: -148, y: -164, width: 296, height: 272 });
    shown.subscribe((touched) => scene.update(touched));
    store.edit("Move", [{ at: ["position", "lifecycle", "a"], set: { x: 1000, y: 0 } }]);
    expect(rect("g")).toEqual({ x: 852, y: -164, width: 296, height: 272 });
  });

  it("keeps the size that it was given, as far as its content lies within it", () => {
    const { store, shown } = mapOf({ a: stage("g"), g: group() });
    store.edit("Resize", [{ at: ["position", "lifecycle", "g"], set: { x: 0, y: 0, width: 800, height: 600 } }]);
    const scene = new Scene(shown, "light", measure);
    expect(scene.items.rectOf("g")).toEqual({ x: -400, y: -300, width: 800, height: 600 });
  });
});

describe("the inside of a card", () => {
  const nodes = { a: stage(), b: stage(), inner: stage("a"), other: stage("a"), deep: stage("inner") };
  const flows = { ab: flow("a", "b"), out: flow("inner", "b"), io: flow("inner", "other") };

  it("is not shown at the top, where the card stands for it", () => {
    const { shown } = mapOf(nodes, flows);
    expect(keys(shown.nodes)).toEqual(["a", "b"]);
    expect(keys(shown.flows)).toEqual(["ab", "out"]);
    expect(shown.flows.get("out")?.source).toBe("a");
  });

  it("is shown alone when one goes in, with a way back", () => {
    const { shown } = mapOf(nodes, flows);
    shown.enter("a");
    expect(keys(shown.nodes)).toEqual(["inner", "other"]);
    expect(keys(shown.flows)).toEqual(["io"]);
    expect(shown.way()).toEqual(["a"]);
    shown.enter("inner");
    expect(shown.way()).toEqual(["a", "inner"]);
    expect(shown.placeOf("deep")).toBe("inner");
    shown.enter(null);
    expect(keys(shown.nodes)).toEqual(["a", "b"]);
  });

  it("is left for the nearest level that is still there when its card goes", () => {
    const { store, shown } = mapOf(nodes, flows);
    shown.enter("inner");
    store.edit("Remove", [{ at: ["node", "inner"], remove: true }]);
    expect(shown.within).toBe("a");
  });
});

describe("a folded lane", () => {
  it("is stood for by one card, where its members begin", () => {
    const nodes = { a: { ...stage(), team: "S" }, b: { ...stage(), team: "S" }, c: { ...stage(), team: "M" } };
    const { store, shown } = mapOf(nodes, { bc: flow("b", "c"), ab: flow("a", "b") }, { lanes: "team" });
    store.edit("Fold", [{ at: ["map"], set: { folded_lanes: ["S"] } }]);
    expect(keys(shown.nodes)).toEqual(["c", laneId("S")].sort());
    expect(shown.flows.get("bc")).toMatchObject({ source: laneId("S"), target: "c" });
    expect(shown.flows.has("ab")).toBe(false);
    expect(shown.positions.get(laneId("S"))).toMatchObject({ x: 0 });
    store.edit(
      "Move",
      ["a", "b"].map((id) => ({ at: ["position", "lifecycle", id], set: { x: 80, y: 8 } })),
    );
    expect(shown.positions.get(laneId("S"))).toMatchObject({ x: 80, y: 8 });
  });
});

describe("after any run of edits", () => {
  /** A small generator of numbers, the same in every run. */
  function numbers(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (state * 1664525 + 1013904223) % 2 ** 32;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  it.each([1, 2, 3, 4, 5, 6, 7, 8])("what is shown is what a fresh look shows, and so is the scene (%i)", (seed) => {
    const next = numbers(seed);
    const { store, shown } = mapOf({ a: stage(), b: stage(), g: group(), h: group("g"), i: stage("a") });
    const scene = new Scene(shown, "light", measure);
    shown.subscribe((touched) => scene.update(touched));
    let made = 0;
    const any = (): string => [...store.nodes.keys()][next(store.nodes.size)] ?? "a";
    const isUnder = (id: string, root: string): boolean => [...shown.withContent(root)].includes(id);
    const edit = (): Change[] => {
      const id = any();
      const other = any();
      switch (next(9)) {
        case 0:
          return [{ at: ["node", `n${++made}`], add: next(3) ? stage(other) : group(other) }];
        case 1:
          return store.nodes.size > 2 ? [{ at: ["node", id], remove: true }] : [];
        case 2:
          return isUnder(other, id) ? [] : [{ at: ["node", id], set: { parent: other } }];
        case 3:
          return [{ at: ["node", id], unset: ["parent"] }];
        case 4:
          return [{ at: ["node", id], set: { collapsed: next(2) === 0 } }];
        case 5:
          return [{ at: ["flow", `k${++made}`], add: flow(id, other) }];
        case 6:
          return [{ at: ["node", id], set: { kind: next(2) ? "group" : "decision" } }];
        case 7:
          return [{ at: ["position", "lifecycle", id], set: { x: next(2000), y: next(2000), pinned: true } }];
        default:
          return [{ at: ["node", id], set: { team: next(2) ? "S" : "M" } }];
      }
    };
    for (let i = 0; i < 120; i++) {
      if (next(12) === 0) shown.enter(next(2) ? null : ([...store.nodes.keys()].find((id) => id === any()) ?? null));
      else if (next(15) === 0)
        store.edit("Lanes", [{ at: ["map"], set: { lanes: "team", folded_lanes: next(2) ? ["S"] : [] } }]);
      else {
        const changes = edit();
        if (changes.length) store.edit("Edit", changes);
      }
      const fresh = new Nesting(store);
      fresh.enter(shown.within);
      for (const room of ["nodes", "flows", "positions"] as const)
        expect(Object.fromEntries(shown[room]), `${room} after ${i}`).toEqual(Object.fromEntries(fresh[room]));
      const anew = new Scene(fresh, "light", measure);
      const rects = (of: Scene) => Object.fromEntries([...of.items.nodes].map(([id, item]) => [id, item.outline]));
      expect(rects(scene), `scene after ${i}`).toEqual(rects(anew));
      expect(keys(scene.items.flows)).toEqual(keys(anew.items.flows));
      for (const id of shown.nodes.keys()) expect(shown.flowsOf(id)).toEqual(fresh.flowsOf(id));
      fresh.destroy();
    }
  });
});
