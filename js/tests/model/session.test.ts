import { describe, expect, it } from "vitest";
import { Session } from "../../src/model/session";
import { Store } from "../../src/model/store";
import { Line, smallDocument } from "./tiny_kernel";

describe("the selection", () => {
  it("tells only when it differs", () => {
    const session = new Session();
    let told = 0;
    session.subscribe(({ selection }) => {
      if (selection) told += 1;
    });
    session.select(["a"]);
    session.select(["a"]);
    session.toggleNode("b");
    expect(told).toBe(2);
    expect([...session.nodes]).toEqual(["a", "b"]);
  });

  it("lets go of what is no longer on the map", () => {
    const session = new Session();
    const store = new Store(smallDocument(), new Line());
    session.select(["lead", "gone"], ["f1", "f9"]);
    session.prune(store, store);
    expect([[...session.nodes], [...session.flows]]).toEqual([["lead"], ["f1"]]);
  });

  it("follows an element that the kernel names, and remembers its first name", () => {
    const session = new Session();
    session.select(["~c1-1"], ["~c1-2"]);
    session.rename({ "~c1-1": "lost", "~c1-2": "f3" });
    expect([[...session.nodes], [...session.flows]]).toEqual([["lost"], ["f3"]]);
    expect([session.firstName("lost"), session.firstName("lead")]).toEqual(["~c1-1", "lead"]);
  });

  it("is where a flow is being connected by the keyboard, until the card there has gone", () => {
    const session = new Session();
    const store = new Store(smallDocument(), new Line());
    session.set({ connecting: { flow: null, end: "target", fixed: "~1" }, cursor: "~1" });
    session.rename({ "~1": "lead" });
    expect([session.connecting?.fixed, session.cursor]).toEqual(["lead", "lead"]);
    session.prune(store, store);
    expect(session.connecting?.fixed).toBe("lead");
    session.set({ connecting: { flow: "gone", end: "target", fixed: "lead" } });
    session.prune(store, store);
    expect(session.connecting).toBeNull();
  });

  it("says the same again so that it is heard again", () => {
    const session = new Session();
    const said = ["Lead moved", "Lead moved", "Lead moved"].map((text) => {
      session.say(text);
      return session.spoken;
    });
    expect(said[0]).not.toBe(said[1]);
    expect(said[1]).not.toBe(said[2]);
    expect(new Set(said.map((text) => text.trim()))).toEqual(new Set(["Lead moved"]));
  });
});

describe("toasts", () => {
  it("are three at most, and none twice", () => {
    const session = new Session();
    for (const text of ["a", "b", "b", "c", "d"]) session.toast("info", text);
    expect(session.toasts.map(({ text }) => text)).toEqual(["b", "c", "d"]);
  });
});
