import { expect, test } from "vitest";
import { ACTIONS } from "../../src/gestures/all_actions";

test("no two actions share a name, and no key does two things", () => {
  const names = ACTIONS.map(({ name }) => name);
  const keys = ACTIONS.flatMap((action) => action.keys ?? []);
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});
