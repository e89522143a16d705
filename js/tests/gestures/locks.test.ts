import { describe, expect, it } from "vitest";
import { around } from "../../src/drawing/geometry";
import { CARD } from "../../src/generated/schema";
import { align } from "../../src/gestures/align";
import type { Bench } from "../../src/gestures/bench";
import { lockActions } from "../../src/gestures/lock_actions";
import { nudge } from "../../src/gestures/nudge";
import { removeSelection } from "../../src/gestures/remove";
import { Nesting } from "../../src/model/nesting";
import { Session } from "../../src/model/session";
import { Store } from "../../src/model/store";
import { smallDocument, TinyKernel } from "../model/tiny_kernel";

function bench(selected: string[], locked: string[] = []) {
  const document = smallDocument();
  for (const id of locked) Object.assign(document.nodes[id] ?? {}, { locked: true });
  const kernel = new TinyKernel(document);
  const store = new Store(document, kernel.line());
  const session = new Session();
  session.select(selected);
  const shown = new Nesting(store);
  const surface = {
    nodeRect: (id: string) => around(shown.positions.get(id) ?? { x: 0, y: 0 }, CARD.width, CARD.height),
  };
  return { kernel, store, session, bench: { store, session, shown, surface } as unknown as Bench };
}

const lock = lockActions[0];
if (!lock) throw new Error("there is no action that locks");

describe("locking", () => {
  it("is one step for all that is selected, and takes itself back", () => {
    const { kernel, store, bench: given } = bench(["lead", "won"], ["won"]);
    lock.run(given); // a part of it was locked: all of it is now
    kernel.settle();
    expect(["lead", "nurture", "won"].map((id) => store.nodes.get(id)?.locked)).toEqual([true, undefined, true]);
    lock.run(given);
    kernel.settle();
    expect(kernel.document.read(["node", "lead"])).not.toHaveProperty("locked");
  });

  it("is called by what it would do", () => {
    const title = (given: Bench) => (typeof lock.title === "function" ? lock.title(given) : lock.title);
    expect(title(bench(["lead"]).bench)).toBe("Lock");
    expect(title(bench(["lead"], ["lead"]).bench)).toBe("Unlock");
  });
});

describe("a locked card", () => {
  it("stays when what is selected is removed, and offers to be unlocked", () => {
    const { store, session, bench: given } = bench(["lead", "won"], ["won"]);
    removeSelection(given);
    expect([...store.nodes.keys()]).toEqual(["nurture", "won"]);
    expect([...session.nodes]).toEqual(["won"]);
    const toast = session.toasts.find(({ text }) => text === "“Won” is locked");
    toast?.action?.run();
    expect(store.nodes.get("won")?.locked).toBeUndefined();
  });

  it("is not nudged, while the others are", () => {
    const { store, bench: given } = bench(["lead", "won"], ["won"]);
    const arrows = nudge(given);
    arrows.by(8, 0);
    arrows.commit();
    expect([store.positions.get("lead")?.x, store.positions.get("won")?.x]).toEqual([8, 704]);
  });

  it("may be what others are aligned to", () => {
    const { store, bench: given } = bench(["lead", "won"], ["lead"]);
    align(given, "left");
    expect([store.positions.get("lead")?.x, store.positions.get("won")?.x]).toEqual([0, 0]);
  });
});
