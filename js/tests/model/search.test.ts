import { describe, expect, test } from "vitest";
import { folded, markOf, search } from "../../src/model/search";
import { FakeReading } from "../drawing/reading";

function ids(reading: FakeReading, query: string): string[] {
  return search(reading, query).map(({ id }) => id);
}

describe("a search", () => {
  const map = new FakeReading()
    .node("renewal", 0, 0, { label: "Renewal", owner: "Lea Novak" })
    .node("lead", 0, 0, { label: "Lead" })
    .node("lead_intake", 0, 0, { label: "Lead intake" })
    .node("new_lead", 0, 0, { label: "New lead" })
    .node("mislead", 0, 0, { label: "Misleading" })
    .node("old_leads", 0, 0, { label: "Archive" })
    .node("support", 0, 0, {
      label: "Support",
      team: "Leaders",
      description: "where a lead goes when it has a question",
    })
    .flow("f1", "lead", "support", { label: "Leaves" });

  test("puts the whole name first, then a name that begins so, a word in it, a part of it, the id", () => {
    expect(ids(map, "lead")).toEqual(["lead", "lead_intake", "new_lead", "mislead", "old_leads", "support"]);
  });

  test("looks into owner, team, kind, tags, description and the labels of flows, and says where it was found", () => {
    map.node("quiet", 0, 0, { label: "Quiet", kind: "touchpoint", tags: ["urgent", "EMEA"] });
    const via = (query: string) => Object.fromEntries(search(map, query).map(({ id, via }) => [id, via]));
    expect(via("novak")).toEqual({ renewal: "owner" });
    expect(via("leaders")).toEqual({ support: "team" });
    expect(via("touchp")).toEqual({ quiet: "kind" });
    expect(via("emea")).toEqual({ quiet: "tags" });
    expect(via("question")).toEqual({ support: "description" });
    expect(via("leaves")).toEqual({ f1: "" });
    expect(via("old_le")).toEqual({ old_leads: "id" });
  });

  test("needs every word, wherever each is found", () => {
    expect(ids(map, "lea renewal")).toEqual(["renewal"]);
    expect(ids(map, "intake lead")).toEqual(["lead_intake"]);
    expect(ids(map, "lead nowhere")).toEqual([]);
    expect(ids(map, "   ")).toEqual([]);
  });

  test("heeds neither capitals nor accents", () => {
    const german = new FakeReading().node("a", 0, 0, { label: "Übergabe Straße" });
    for (const query of ["ubergabe", "ÜBERGABE", "strasse", "STRASSE", "Straße"])
      expect(ids(german, query)).toEqual(["a"]);
    expect(folded("Crème Brûlée")).toBe("creme brulee");
  });

  test("finds what an element says now, not what it said before", () => {
    const changing = new FakeReading().node("a", 0, 0, { label: "Before" });
    expect(ids(changing, "before")).toEqual(["a"]);
    changing.node("a", 0, 0, { label: "After" });
    expect(ids(changing, "before")).toEqual([]);
    expect(ids(changing, "after")).toEqual(["a"]);
  });

  test("does not find the id that an element has only until the kernel names it", () => {
    const fresh = new FakeReading().node("~12", 0, 0, { label: "Fresh" });
    expect(ids(fresh, "12")).toEqual([]);
  });
});

describe("the part of a label that a query stands for", () => {
  test("is where a word begins, else wherever it is", () => {
    expect(markOf("Misled lead", "lead")).toEqual([7, 11]);
    expect(markOf("Misleading", "lead")).toEqual([3, 7]);
    expect(markOf("Crème", "crem")).toEqual([0, 4]);
    expect(markOf("Lead", "owner")).toBeNull();
  });

  test("is not marked where folding has moved the letters", () => {
    expect(markOf("Straße zum Lead", "lead")).toBeNull();
  });
});
