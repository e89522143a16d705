import { expect, it } from "vitest";
import { laneAttributes } from "../../src/panels/lanes_menu";

it("lanes can be made of short texts and choices, the usual ones first, by how many there would be", () => {
  const nodes: Record<string, unknown>[] = [
    { kind: "stage", label: "Lead", team: "Sales", channel: "Web", description: "long", capacity: 2, parent: "x" },
    { kind: "end", label: "Won", team: "Sales", outcome: "won", tags: ["a"], constructor: "odd" },
  ];
  expect([...laneAttributes(nodes)]).toEqual([
    ["team", 1],
    ["owner", 0],
    ["department", 0],
    ["kind", 2],
    ["channel", 1],
    ["outcome", 1],
  ]);
});
