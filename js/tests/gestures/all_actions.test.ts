import { expect, test } from "vitest";
import { ACTIONS } from "../../src/gestures/all_actions";
import type { Bench } from "../../src/gestures/bench";
import { Session } from "../../src/model/session";

test("no two actions share a name, and a key that two share does the one that the selection is ready for", () => {
  const names = ACTIONS.map(({ name }) => name);
  const keys = ACTIONS.flatMap((action) => action.keys ?? []);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual(["Enter"]);
  const session = new Session();
  const bench = { session, ghosts: new Map([["~ghost a\nb", {}]]) } as unknown as Bench;
  const onEnter = () => ACTIONS.filter(({ keys, isReady }) => keys?.includes("Enter") && isReady?.(bench));
  session.select(["a"]);
  expect(onEnter().map(({ name }) => name)).toEqual(["rename"]);
  session.chooseGhost("~ghost a\nb");
  expect(onEnter().map(({ name }) => name)).toEqual(["draw_ghost"]);
  session.toggleFlow("f1");
  expect(onEnter().map(({ name }) => name)).toEqual(["rename"]);
});
