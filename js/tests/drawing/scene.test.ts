import { describe, expect, test } from "vitest";
import { overlaps, type Rect } from "../../src/drawing/geometry";
import { placeLabel } from "../../src/drawing/labels";
import { Scene } from "../../src/drawing/scene";
import { FakeReading, grid, measure, touchedNothing } from "./reading";

const EVERYWHERE: Rect = { x: -1e5, y: -1e5, width: 2e5, height: 2e5 };

/** Flows between neighbours, over one card, back, and several between the same two. */
function connected(count: number, columns: number): FakeReading {
  const reading = grid(count, columns);
  for (let i = 0; i < count; i++) {
    for (const [j, step] of [1, columns, columns + 1, 2, -1, 1].entries()) {
      const to = i + step;
      if (to >= 0 && to < count && (i + j) % 2 === 0)
        reading.flow(`f${i}-${j}`, `n${i}`, `n${to}`, { label: `${i} to ${to} again` });
    }
  }
  return reading;
}

describe("labels", () => {
  test.each([
    [12, 4, 1],
    [100, 10, 1],
    [100, 10, 1.55],
  ])("of %i nodes overlap neither each other nor a card, %i columns, type × %f", (count, columns, scale) => {
    const scene = new Scene(connected(count, columns), "light", measure);
    const labels = scene.labels.placed(scene.items.flowsIn(EVERYWHERE), scale);
    const cards = scene.items.nodesIn(EVERYWHERE).map((item) => item.outline.rect);
    expect(labels.length).toBeGreaterThan(count / 2);
    for (const [i, a] of labels.entries()) {
      expect(cards.some((card) => overlaps(a.rect, card))).toBe(false);
      for (const b of labels.slice(i + 1)) expect(overlaps(a.rect, b.rect)).toBe(false);
    }
  });

  test("keep their places while the view moves over the map", () => {
    const scene = new Scene(connected(100, 10), "light", measure);
    const part = scene.labels.placed(scene.items.flowsIn({ x: 0, y: 0, width: 900, height: 600 }), 1);
    const all = new Map(
      scene.labels.placed(scene.items.flowsIn(EVERYWHERE), 1).map((label) => [label.key, label.rect]),
    );
    for (const label of part) expect(all.get(label.key)).toEqual(label.rect);
  });

  test("are hidden where nothing is free, and shown all the same when asked for", () => {
    expect(placeLabel([0, 0, 40, 0, 80, 0, 120, 0], 60, 20, () => false)).toBeUndefined();
    const reading = new FakeReading().node("a", 0, 0).node("b", 232, 0).flow("f", "a", "b", { label: "a long label" });
    const scene = new Scene(reading, "light", measure);
    const flow = scene.items.flow("f");
    expect(scene.labels.placed(scene.items.flowsIn(EVERYWHERE), 2.2)).toEqual([]);
    expect(flow && scene.labels.anyway(flow, 2.2)?.fitted.soft).not.toBe("");
  });
});

describe("the scene", () => {
  const moved = (scene: Scene, reading: FakeReading, id: string, x: number, y: number) => {
    reading.positions.set(id, { x, y, pinned: true });
    return scene.update({ ...touchedNothing, positions: new Set([id]) });
  };

  test("a moved node damages its old place, its new place and its flows, nothing else", () => {
    const reading = connected(12, 4);
    const scene = new Scene(reading, "light", measure);
    const damage = moved(scene, reading, "n0", 40, -300);
    expect(damage.all).toBe(false);
    expect([...damage.cards]).toEqual(["n0"]);
    expect(damage.rects.some((rect) => overlaps(rect, { x: -100, y: -60, width: 200, height: 120 }))).toBe(true);
    expect(damage.rects.some((rect) => overlaps(rect, { x: -60, y: -360, width: 200, height: 120 }))).toBe(true);
    expect(damage.rects.some((rect) => overlaps(rect, { x: 956, y: 324, width: 200, height: 120 }))).toBe(false);
  });

  test("the routes of a moved node follow it", () => {
    const reading = connected(12, 4);
    const scene = new Scene(reading, "light", measure);
    const flow = scene.items.flow("f0-0");
    const before = flow && scene.ways.route(flow);
    moved(scene, reading, "n0", 40, -300);
    const after = flow && scene.ways.route(flow);
    expect(after?.start).not.toEqual(before?.start);
  });

  test("what is in the hand leaves the still picture with its flows and comes back with them", () => {
    const reading = connected(12, 4);
    const scene = new Scene(reading, "light", measure);
    const flows = scene.items.flowsIn(EVERYWHERE).length;
    const own = reading.flowsOf("n5").size;
    scene.lift(new Set(["n5"]));
    expect(scene.items.nodesIn(EVERYWHERE).map((item) => item.id)).not.toContain("n5");
    expect(scene.items.allNodesIn(EVERYWHERE).map((item) => item.id)).toContain("n5");
    expect(scene.items.flowsIn(EVERYWHERE)).toHaveLength(flows - own);
    expect(scene.items.liftedFlows()).toHaveLength(own);
    expect(moved(scene, reading, "n5", 500, 900).rects).toEqual([]);
    scene.lift(new Set());
    expect(scene.items.flowsIn(EVERYWHERE)).toHaveLength(flows);
    expect(scene.items.nodesIn({ x: 490, y: 890, width: 20, height: 20 }).map((item) => item.id)).toEqual(["n5"]);
  });

  test("a removed node takes its flows from the picture with it", () => {
    const reading = connected(12, 4);
    const scene = new Scene(reading, "light", measure);
    const keys = reading.flowsOf("n5");
    for (const key of keys) reading.flows.delete(key);
    reading.nodes.delete("n5");
    reading.positions.delete("n5");
    scene.update({ ...touchedNothing, nodes: new Set(["n5"]), flows: keys, positions: new Set(["n5"]) });
    expect(scene.items.node("n5")).toBeUndefined();
    expect(scene.items.flowsIn(EVERYWHERE).some((item) => keys.has(item.key))).toBe(false);
  });

  test("a new flow between the same two nodes moves the first aside", () => {
    const reading = new FakeReading().node("a", 0, 0).node("b", 352, 0).flow("f", "a", "b");
    const scene = new Scene(reading, "light", measure);
    const first = scene.items.flow("f");
    expect(first && scene.ways.route(first)?.start.y).toBe(0);
    reading.flow("g", "a", "b");
    scene.update({ ...touchedNothing, flows: new Set(["g"]) });
    const second = scene.items.flow("g");
    const gap = Math.abs(
      ((first && scene.ways.route(first)?.start.y) ?? 0) - ((second && scene.ways.route(second)?.start.y) ?? 0),
    );
    expect(gap).toBeGreaterThanOrEqual(24);
  });

  test("after any edits is what a fresh scene is", () => {
    const reading = connected(30, 6);
    const edited = new Scene(reading, "light", measure);
    edited.labels.placed(edited.items.flowsIn(EVERYWHERE), 1);
    edited.lift(new Set(["n8", "n9"]));
    moved(edited, reading, "n8", 130, 620);
    edited.lift(new Set());
    reading.flow("new", "n3", "n4", { volume: 40 });
    edited.update({ ...touchedNothing, flows: new Set(["new"]) });
    reading.flows.set("f2-0", { source: "n2", target: "n20", kind: "flow", label: "elsewhere" });
    reading.flow("f2-0", "n2", "n20", { label: "elsewhere" });
    edited.update({ ...touchedNothing, flows: new Set(["f2-0"]) });
    const fresh = new Scene(reading, "light", measure);
    for (const [key] of reading.flows) {
      const [a, b] = [edited.items.flow(key), fresh.items.flow(key)];
      expect(a && edited.ways.route(a), key).toEqual(b && fresh.ways.route(b));
      expect(edited.looks.style(key)).toEqual(fresh.looks.style(key));
    }
  });

  test("a node without a place is not drawn", () => {
    const reading = new FakeReading().node("a", 0, 0).node("b", 352, 0).flow("f", "a", "b");
    reading.positions.delete("b");
    const scene = new Scene(reading, "light", measure);
    expect(scene.items.nodesIn(EVERYWHERE).map((item) => item.id)).toEqual(["a"]);
    expect(scene.items.flowsIn(EVERYWHERE)).toEqual([]);
  });

  test("names that every object inherits are ordinary names", () => {
    const reading = new FakeReading().node("constructor", 0, 0).node("__proto__", 352, 0);
    reading.flow("toString", "constructor", "__proto__");
    const scene = new Scene(reading, "light", measure);
    reading.overlays.set("o", {
      title: "",
      subtitle: "",
      legend: null,
      nodes: {},
      flows: {},
      findings: [],
      table: null,
    });
    scene.setOverlay("o");
    expect(scene.looks.content("constructor").heat).toBeNull();
    expect(scene.looks.style("toString").label).toBeNull();
  });

  test("lanes hold still while a card is in the hand", () => {
    const reading = grid(6, 3);
    reading.map = { lanes: "team" };
    const scene = new Scene(reading, "light", measure);
    const before = scene.lanes;
    scene.lift(new Set(["n0"]));
    moved(scene, reading, "n0", 0, 4000);
    expect(scene.lanes).toEqual(before);
    scene.lift(new Set());
    expect(scene.lanes).not.toEqual(before);
  });
});

describe("a part of the scene", () => {
  const reading = connected(12, 4);
  reading.map = { lanes: "team" };
  const whole = new Scene(reading, "light", measure);
  const part = whole.part(new Set(["n2", "n3", "n6"]));

  test("holds these nodes, the flows among them, and no lanes", () => {
    expect([...part.items.nodes.keys()]).toEqual(["n2", "n3", "n6"]);
    expect(part.items.flows.size).toBeGreaterThan(0);
    for (const { source, target } of part.items.flows.values())
      expect([source, target].every((id) => part.items.node(id))).toBe(true);
    expect([whole.lanes.length, part.lanes.length]).toEqual([3, 0]);
  });

  test("looks as it does in the whole", () => {
    for (const item of part.items.nodes.values()) expect(part.looks.colour(item)).toBe(whole.looks.colour(item));
    expect(part.looks.colour(part.items.node("n2") as never)).not.toBe(
      part.looks.colour(part.items.node("n3") as never),
    );
  });

  test("leaves the whole as it was", () => {
    expect(whole.items.nodes.size).toBe(12);
    expect(whole.items.flowsOf("n2").length).toBeGreaterThan(part.items.flowsOf("n2").length);
  });
});
