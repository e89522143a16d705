import { describe, expect, it } from "vitest";
import { IDENTITY } from "../../src/drawing/camera";
import { distance } from "../../src/drawing/geometry";
import { hitAt } from "../../src/drawing/hits";
import { Scene } from "../../src/drawing/scene";
import { initialState } from "../../src/drawing/state";
import type { Attributes, Ghost, Overlay } from "../../src/generated/schema";
import type { Bench } from "../../src/gestures/bench";
import { drawGhost } from "../../src/gestures/ghosts";
import { Ghosts, isGhost, withGhosts } from "../../src/model/ghosts";
import { Nesting } from "../../src/model/nesting";
import { Session } from "../../src/model/session";
import { Store } from "../../src/model/store";
import { measure } from "../drawing/reading";
import { emptyDocument, Line } from "./tiny_kernel";

const KEY = "~ghost a\nc";
const flow = (source: string, target: string): Attributes => ({ source, target, kind: "flow" });
const ghost = (source: string, target: string, heat = 1): Ghost => ({
  source,
  target,
  paint: { heat, text: "12 %", detail: "24 cases", width: 24 },
  sentence: "12 % of the cases pass over b.",
});

function answer(...ghosts: Ghost[]): Overlay {
  return { title: "As drawn?", subtitle: "", legend: null, nodes: {}, flows: {}, findings: [], table: null, ghosts };
}

/** Three stages in a row, the first two in a group, with what an answer says of them. */
function mapOf(overlay: Overlay, group: Attributes = {}, flows = { ab: flow("a", "b"), bc: flow("b", "c") }) {
  const stages = ["a", "b", "c"].map((id): [string, Attributes] => {
    const parent = id === "c" ? {} : { parent: "g" };
    return [id, { kind: "stage", label: id, ...parent }];
  });
  const nodes = { ...Object.fromEntries(stages), g: { kind: "group", label: "G", ...group } };
  const lifecycle = Object.fromEntries(
    ["a", "b", "c", "g"].map((id, i) => [id, { x: i * 352, y: id === "c" ? 260 : 0, pinned: false }]),
  );
  const line = new Line();
  const document = emptyDocument({ nodes, flows, positions: { lifecycle }, overlays: { conformance: overlay } });
  const store = new Store(document, line, { client: "c" });
  const shown = new Nesting(store);
  const ghosts = new Ghosts(shown, (node) => shown.shownAs(node), store);
  return { store, shown, ghosts, line };
}

const keysOf = ({ flows }: Ghosts): string[] => [...flows.keys()].filter(isGhost);

describe("a ghost", () => {
  it("is among the flows that are shown, and not on the map", () => {
    const { store, ghosts } = mapOf(answer(ghost("a", "c")));
    expect(keysOf(ghosts)).toEqual([KEY]);
    expect([...ghosts.flowsOf("a")]).toEqual(["ab", KEY]);
    expect([...store.flows.keys()]).toEqual(["ab", "bc"]);
  });

  it("costs nothing where there is none", () => {
    const { ghosts, shown } = mapOf(answer());
    expect(ghosts.flows).toBe(shown.flows);
  });

  it("of an end that is folded away leads to what shows it, and is not seen between two that one card hides", () => {
    const { ghosts, store } = mapOf(answer(ghost("a", "c"), ghost("b", "a")), { collapsed: true });
    expect(keysOf(ghosts)).toEqual([KEY]);
    expect(ghosts.flows.get(KEY)).toMatchObject({ source: "g", target: "c" });
    expect(ghosts.get("~ghost b\na")).toBeDefined();
    expect(keysOf(withGhosts(store))).toEqual([KEY, "~ghost b\na"]); // for who reads the outline
  });

  it("gives way to a flow the moment that it is drawn, and comes back when that is taken back", () => {
    const { store, ghosts } = mapOf(answer(ghost("a", "c")));
    const session = new Session();
    session.chooseGhost(KEY);
    const touched: string[] = [];
    ghosts.subscribe(({ flows }) => touched.push(...flows));
    drawGhost({ store, session, ghosts } as unknown as Bench);
    expect(keysOf(ghosts)).toEqual([]);
    expect(touched).toContain(KEY);
    expect([...session.flows]).toEqual([...store.flows.keys()].slice(-1));
    expect(session.ghost).toBeNull();
    const [key = ""] = session.flows;
    expect(store.flows.get(key)).toEqual({ source: "a", target: "c", kind: "flow" });
    store.edit("Remove", [{ at: ["flow", key], remove: true }]);
    expect(keysOf(ghosts)).toEqual([KEY]);
  });

  it("is told as changed when the answer paints it otherwise, and only then", () => {
    const { ghosts, line } = mapOf(answer(ghost("a", "c")));
    const touched: string[][] = [];
    ghosts.subscribe(({ flows }) => touched.push([...flows]));
    const paint = (seq: number, overlay: Overlay) =>
      line.deliver({ op: "patch", seq, changes: [{ at: ["overlay", "conformance"], add: { ...overlay } }] });
    paint(1, answer(ghost("a", "c", 0.5)));
    line.deliver({ op: "patch", seq: 2, changes: [{ at: ["node", "a"], set: { label: "A" } }] });
    paint(3, answer());
    expect(touched).toEqual([[KEY], [], [KEY]]);
  });
});

describe("on the picture", () => {
  // One is drawn forward and one back, and of both the other direction is what happens.
  const flows = { ab: flow("a", "b"), bc: flow("c", "b") };
  const drawn = mapOf(answer(), {}, flows);
  const painted = mapOf(answer(ghost("a", "c"), ghost("b", "c"), ghost("b", "a"), ghost("c", "c")), {}, flows);
  const before = new Scene(drawn.ghosts, "light", measure);
  const scene = new Scene(painted.ghosts, "light", measure);
  scene.setOverlay("conformance");

  it("what is drawn stays where it is when ghosts come", () => {
    for (const item of before.items.flows.values()) {
      const same = scene.items.flow(item.key);
      expect(same && scene.ways.route(same)).toEqual(before.ways.route(item));
    }
  });

  it("a ghost is dashed with a hollow head, and lies on no flow that is drawn", () => {
    for (const [key, beside] of [
      ["~ghost b\nc", "bc"],
      ["~ghost b\na", "ab"],
    ] as const) {
      const [one, other] = [scene.items.flow(key), scene.items.flow(beside)];
      const [there, back] = [one && scene.ways.route(one), other && scene.ways.route(other)];
      if (!there || !back) throw new Error("both are there");
      expect(scene.looks.style(key)).toMatchObject({ dash: [9, 7], hollow: scene.looks.theme.tokens.background });
      expect(scene.looks.style(beside)).toMatchObject({ dash: [], hollow: "" });
      expect(distance(there.start, back.tip)).toBeGreaterThan(20);
      expect(distance(there.tip, back.start)).toBeGreaterThan(20);
      expect(scene.looks.label(key, 1)).toMatchObject({ strong: "12 %", soft: "24 cases" });
    }
  });

  it("it is hit as what it is, and says its sentence", () => {
    const item = scene.items.flow(KEY);
    const label = item && scene.labels.anyway(item, 1)?.rect;
    if (!label) throw new Error("it has a label");
    const at = { x: label.x + 5, y: label.y + 5 };
    expect(hitAt(scene, IDENTITY, initialState(), at)).toEqual({ type: "ghost", ghost: KEY });
    expect(scene.looks.smallPrint(KEY)).toBe("12 % of the cases pass over b.");
  });
});
