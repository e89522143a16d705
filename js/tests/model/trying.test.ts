import { expect, it } from "vitest";
import type { Lever, Levers, Overlay, ToView } from "../../src/generated/schema";
import { Session } from "../../src/model/session";
import { Store } from "../../src/model/store";
import {
  AS_IT_IS,
  endOf,
  positionOf,
  sameWay,
  stillTried,
  takenOver,
  trialOf,
  valueAt,
  withValue,
} from "../../src/model/trial";
import { Trying } from "../../src/model/trying";
import { emptyDocument, Line } from "./tiny_kernel";

function lever(partial: Partial<Lever> = {}): Lever {
  return { title: "Inflow", baseline: 100, value: 100, least: 0, most: 500, step: 5, unit: "a month", ...partial };
}

function levers(partial: Partial<Levers> = {}): Levers {
  return { effects: [], nodes: { lead: { inflow: lever() } }, flows: {}, note: "", ...partial };
}

function painted(from: Levers): Overlay {
  return { title: "", subtitle: "", legend: null, nodes: {}, flows: {}, findings: [], table: null, levers: from };
}

/** A store with a painted what-if, frames that the test lets pass, and a hand on the sliders. */
function opened(from = levers()) {
  const flow = (source: string, target: string, more = {}) => ({ source, target, kind: "flow", ...more });
  const document = emptyDocument({
    nodes: {
      lead: { kind: "stage", label: "Lead", capacity: 5 },
      won: { kind: "end", label: "Won" },
      lost: { kind: "end", label: "Lost" },
    },
    flows: { f1: flow("lead", "won", { probability: 0.2 }), f2: flow("lead", "lost", { probability: 0.8 }) },
    overlays: { what_if: painted(from) },
  });
  const line = new Line();
  const store = new Store(document, line, { client: "c" });
  const frames: (() => void)[] = [];
  const trying = new Trying(
    () => {},
    (work) => frames.push(work),
  );
  const frame = () => {
    for (const work of frames.splice(0)) work();
  };
  let seq = 0;
  const paint = (next: Levers, ack: number) => {
    seq += 1;
    const add = painted(next) as unknown as Record<string, unknown>;
    line.deliver({ op: "patch", seq, changes: [{ at: ["overlay", "what_if"], add }], ack: ["c", ack] });
  };
  const refuse = (id: number, reason: string) => line.deliver({ op: "refusal", client: "c", id, reason } as ToView);
  const now = () => store.overlays.get("what_if")?.levers as Levers;
  return { line, store, trying, frame, paint, refuse, now };
}

const inflow = (value: number) => withValue(AS_IT_IS, ["node", "lead", "inflow"], value);

it("within one frame, and while an answer is waited for, the last position alone is told", () => {
  const { line, store, trying, frame, paint, now } = opened();
  for (const value of [105, 110, 115]) trying.try(store, inflow(value));
  frame();
  expect(line.up).toEqual([{ op: "what_if", client: "c", id: 1, nodes: { lead: { inflow: 115 } }, flows: {} }]);
  for (const value of [120, 125]) trying.try(store, inflow(value));
  frame();
  expect(line.up).toHaveLength(1);
  paint(levers({ nodes: { lead: { inflow: lever({ value: 115, is_given: true }) } } }), 1);
  expect(trying.now(now())).toEqual(inflow(125)); // the hand is ahead of the answer
  frame();
  expect(line.up).toHaveLength(2);
  expect(line.up[1]).toMatchObject({ id: 2, nodes: { lead: { inflow: 125 } } });
  paint(levers({ nodes: { lead: { inflow: lever({ value: 125, is_given: true }) } } }), 2);
  frame();
  expect(line.up).toHaveLength(2);
  expect(trying.isSettled(now())).toBe(true);
  expect(trying.now(now())).toEqual(inflow(125));
});

it("a position that the kernel refuses stays, beside the reason, until another is tried or painted", () => {
  const { store, trying, frame, paint, refuse, now } = opened();
  trying.try(store, inflow(110));
  frame();
  trying.try(store, inflow(0));
  paint(levers({ nodes: { lead: { inflow: lever({ value: 110, is_given: true }) } } }), 1);
  frame();
  refuse(2, "No case comes in.");
  expect(trying.problem(now())).toBe("No case comes in.");
  expect(trying.now(now())).toEqual(inflow(0));
  expect(trying.isSettled(now())).toBe(false);
  trying.try(store, inflow(5));
  expect(trying.problem(now())).toBe("");
  frame();
  refuse(3, "still not");
  const elsewhere = levers();
  expect(trying.problem(elsewhere)).toBe("");
  expect(trying.now(elsewhere)).toEqual(AS_IT_IS);
});

it("a refusal that comes when the answer is off the map is forgotten", () => {
  const { line, store, trying, frame, refuse } = opened();
  trying.try(store, inflow(110));
  frame();
  line.deliver({ op: "patch", seq: 1, changes: [{ at: ["overlay", "what_if"], remove: true }] });
  refuse(1, "no what-if is painted");
  expect(trying.now(levers())).toEqual(AS_IT_IS);
  expect(trying.problem(levers())).toBe("");
});

it("only what was tried itself is told again, not what follows from it", () => {
  const flows = {
    f1: lever({ baseline: 0.2, value: 0.3, is_given: true }),
    f2: lever({ baseline: 0.8, value: 0.7 }),
  };
  const nodes = { lead: { capacity: lever({ baseline: null, value: null, is_given: true }), inflow: lever() } };
  expect(trialOf(levers({ nodes, flows }))).toEqual({ nodes: { lead: { capacity: null } }, flows: { f1: 0.3 } });
});

it("a value that is taken back leaves nothing behind, and flows that lead the same way are one", () => {
  const both = withValue(inflow(110), ["node", "lead", "capacity"], 3);
  expect(withValue(both, ["node", "lead", "inflow"], undefined).nodes).toEqual({ lead: { capacity: 3 } });
  expect(withValue(inflow(110), ["node", "lead", "inflow"], undefined)).toEqual(AS_IT_IS);
  const first = withValue(AS_IT_IS, ["flow", "f1"], 0.4);
  expect(withValue(first, ["flow", "f9"], 0.5, ["f1", "f9"]).flows).toEqual({ f9: 0.5 });
  expect(withValue(first, ["flow", "f2"], 0.5).flows).toEqual({ f1: 0.4, f2: 0.5 });
});

it("where nothing limits a stage, the end of its slider stands for that", () => {
  const free = lever({ baseline: null, value: null, least: 1, most: 10, step: 1 });
  expect([endOf(free), positionOf(free, null), valueAt(free, 11), valueAt(free, 10)]).toEqual([11, 11, null, 10]);
  const limited = lever({ baseline: 5, value: 5, least: 1, most: 20, step: 1 });
  expect([endOf(limited), valueAt(limited, 20)]).toEqual([20, 20]);
});

it("what is taken over is all that is tried, with the other shares of the same stage, and nothing twice", () => {
  const { store } = opened();
  const nodes = {
    lead: {
      capacity: lever({ baseline: 5, value: null, is_given: true }),
      inflow: lever({ value: 120, is_given: true }),
      duration_days: lever({ baseline: 2, value: 2, is_given: true }),
    },
  };
  const flows = {
    f1: lever({ baseline: 0.2, value: 0.3, is_given: true }),
    f2: lever({ baseline: 0.8, value: 0.7 }),
  };
  const tried = levers({ nodes, flows });
  const changes = takenOver(tried, store);
  expect(changes).toEqual([
    { at: ["node", "lead"], set: { inflow: 120 }, unset: ["capacity"] },
    { at: ["flow", "f1"], set: { probability: 0.3 } },
    { at: ["flow", "f2"], set: { probability: 0.7 } },
  ]);
  store.edit("Take over what was tried", changes);
  expect(takenOver(tried, store)).toEqual([]);
  expect(takenOver(levers(), store)).toEqual([]);
});

it("flows that lead the same way share what is taken over for them", () => {
  const { store } = opened();
  store.edit("add", [{ at: ["flow", "f3"], add: { source: "lead", target: "won", kind: "flow" } }]);
  expect(sameWay(store, "f1").sort()).toEqual(["f1", "f3"]);
  const tried = lever({ baseline: 0.2, value: 0.5, is_given: true });
  expect(takenOver(levers({ flows: { f1: tried, f3: tried } }), store)).toEqual([
    { at: ["flow", "f1"], set: { probability: 0.25 } },
    { at: ["flow", "f3"], set: { probability: 0.25 } },
  ]);
});

it("what a log measures is tried on once the rest is on the map", () => {
  const nodes = {
    lead: { inflow: lever({ value: 9, is_given: true, is_measured: true }), capacity: lever({ is_given: true }) },
  };
  expect(stillTried(levers({ nodes }))).toEqual(inflow(9));
});

it("with sliders on it the answer stays beside a selection, without it gives way to the details", () => {
  const session = new Session();
  session.turnToSelection();
  expect(session.tab).toBe("details");
  session.set({ tab: "answer" });
  session.hasLevers = true;
  session.turnToSelection();
  expect(session.tab).toBe("answer");
});
