import { describe, expect, it } from "vitest";
import type { Clip } from "../../src/model/clip";
import { clipText } from "../../src/model/clip_text";

/** Cards by their names, flows as [from, to, label]. */
const clip = (names: string[], flows: [string, string, string?][]): Clip => ({
  nodes: names.map((label) => ({ id: label, x: 0, y: 0, attributes: { kind: "stage", label } })),
  flows: flows.map(([source, target, label]) => ({ source, target, attributes: { kind: "flow", label } })),
});

describe("a clip as text", () => {
  it("is a chain where it is one", () =>
    expect(
      clipText(
        clip(
          ["A", "B", "C"],
          [
            ["A", "B"],
            ["B", "C"],
          ],
        ),
      ),
    ).toBe("A -> B -> C"));

  it("labels the last flow of a line, and ends it there", () =>
    expect(
      clipText(
        clip(
          ["A", "B", "C"],
          [
            ["A", "B", "fits"],
            ["B", "C"],
          ],
        ),
      ),
    ).toBe("A -> B: fits\nB -> C"));

  it("begins a chain where nothing leads to, whatever the order of the flows", () =>
    expect(
      clipText(
        clip(
          ["A", "B", "C"],
          [
            ["B", "C"],
            ["A", "B"],
          ],
        ),
      ),
    ).toBe("A -> B -> C"));

  it("says each flow of a branch and of a circle once", () => {
    const text = clipText(
      clip(
        ["A", "B", "C"],
        [
          ["A", "B"],
          ["A", "C"],
          ["B", "A"],
          ["C", "C"],
        ],
      ),
    );
    expect(text.match(/->/g)).toHaveLength(4);
  });

  it("has a line for each card without a flow", () =>
    expect(clipText(clip(["A", "B", "C"], [["A", "B"]]))).toBe("A -> B\nC"));

  it("writes names so that they stay whole when they are read", () => {
    const names = ["Phase 1: Start", "A -> B", "1. First", "Ends in:"];
    expect(clipText(clip(names, []))).toBe("Phase 1:Start\nA › B\n- 1. First\nEnds in");
  });
});
