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

  it("follows an element that the kernel names", () => {
    const session = new Session();
    session.select(["~c1-1"], ["~c1-2"]);
    session.rename({ "~c1-1": "lost", "~c1-2": "f3" });
    expect([[...session.nodes], [...session.flows]]).toEqual([["lost"], ["f3"]]);
  });
});

describe("toasts", () => {
  it("are three at most, and none twice", () => {
    const session = new Session();
    for (const text of ["a", "b", "b", "c", "d"]) session.toast("info", text);
    expect(session.toasts.map(({ text }) => text)).toEqual(["b", "c", "d"]);
  });
});
