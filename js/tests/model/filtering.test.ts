import { expect, it } from "vitest";
import type { FilterBar } from "../../src/generated/schema";
import { filterActions } from "../../src/gestures/filter_actions";
import { ALL_CASES, wishNow, withDay, withOutcome, withValue } from "../../src/model/filtering";
import { Store } from "../../src/model/store";
import { emptyDocument, Line } from "./tiny_kernel";

function bar(partial: Partial<FilterBar> = {}): FilterBar {
  const choices = ["big", "small"].map((value) => ({ value, title: value, count: "40" }));
  return {
    fields: [{ name: "segment", title: "Segment", choices, chosen: ["big"] }],
    outcomes: [],
    outcome: [],
    since: "2026-01-01",
    until: "",
    first_day: "2025-01-01",
    last_day: "2026-12-31",
    sentence: "Filtered: 40 of 80 cases",
    is_on: true,
    ...partial,
  };
}

function opened(filter: FilterBar | null): { store: Store; line: Line } {
  const line = new Line();
  const about = { questions: [], templates: [], author: "", filter, unmatched: [] };
  return { store: new Store(emptyDocument({ about }), line, { client: "c" }), line };
}

it("a value is chosen and let go of, and a field without any is not wished for", () => {
  const wish = wishNow(bar(), []);
  expect(wish).toEqual({ values: { segment: ["big"] }, since: "2026-01-01", until: "", outcome: [] });
  expect(withValue(wish, "segment", "small").values).toEqual({ segment: ["big", "small"] });
  expect(withValue(wish, "segment", "big").values).toEqual({});
  expect(withOutcome(withOutcome(wish, "won"), "won")).toEqual(wish);
});

it("a period never ends before it begins", () => {
  const wish = wishNow(bar(), []);
  expect(withDay(wish, "until", "2025-06-30")).toMatchObject({ since: "2025-06-30", until: "2025-06-30" });
  expect(withDay(wish, "until", "2026-06-30")).toMatchObject({ since: "2026-01-01", until: "2026-06-30" });
  expect(withDay(wish, "since", "")).toMatchObject({ since: "", until: "" });
});

it("a second choice builds on the first, though the kernel has not answered it", () => {
  const { store, line } = opened(bar());
  const first = withValue(wishNow(bar(), store.waiting()), "segment", "small");
  store.filter(first);
  const second = withOutcome(wishNow(bar(), store.waiting()), "won");
  store.filter(second);
  expect(line.up.at(-1)).toEqual({
    op: "filter",
    client: "c",
    id: 2,
    values: { segment: ["big", "small"] },
    since: "2026-01-01",
    until: "",
    outcome: ["won"],
  });
});

it("the keys are there where there is a log, and all cases can be asked for where some are left out", () => {
  const ready = (filter: FilterBar | null) =>
    filterActions
      .filter((action) => action.isReady?.({ store: opened(filter).store } as never))
      .map(({ name }) => name);
  expect(ready(null)).toEqual([]);
  expect(ready(bar({ is_on: false }))).toEqual(["filter"]);
  expect(ready(bar())).toEqual(["filter", "show_all_cases"]);
  expect(ALL_CASES.values).toEqual({});
});
