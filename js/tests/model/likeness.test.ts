import { expect, it } from "vitest";
import { byLikeness, likeness } from "../../src/model/likeness";

it("is 1 for the same words in any case and with any signs, 0 for nothing in common, and does not mind the order", () => {
  expect(likeness("Closed Won", "closed-won")).toBe(1);
  expect(likeness("Straße", "STRASSE")).toBe(1);
  expect(likeness("abc", "xyz")).toBe(0);
  expect(likeness("", "")).toBe(1);
  for (const [a, b] of [
    ["Demo", "Demos"],
    ["Qualify lead", "Lead qualified"],
    ["a", "ab"],
  ] as const) {
    expect(likeness(a, b)).toBe(likeness(b, a));
    expect(likeness(a, b)).toBeGreaterThan(0);
    expect(likeness(a, b)).toBeLessThan(1);
  }
});

it("the nearest comes first, and is only said to be like where that is no chance", () => {
  const cards = [
    ["lead", "Lead"],
    ["won", "Won"],
    ["demos", "Demos held"],
  ] as const;
  expect(byLikeness("Demo held", cards)).toEqual({ ids: ["demos", "lead", "won"], like: "demos" });
  expect(byLikeness("Contract", cards).like).toBeNull();
  expect(byLikeness("Contract", [])).toEqual({ ids: [], like: null });
});
