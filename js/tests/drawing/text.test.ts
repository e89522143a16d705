import { describe, expect, test } from "vitest";
import { ellipsis, fontOf, oneLine, wholeParts, wrap } from "../../src/drawing/text";
import { measure } from "./reading";

const font = fontOf({ size: 10, weight: 400 }); // 6 pixels a letter

describe("ellipsis", () => {
  test("a text that fits is left alone", () => {
    expect(ellipsis("Support", 60, font, measure)).toBe("Support");
  });

  test("a text that is cut is as long as fits, with the ellipsis", () => {
    const cut = ellipsis("Lead generation", 60, font, measure);
    expect(cut).toBe("Lead gene…");
    expect(measure(cut, font)).toBeLessThanOrEqual(60);
  });

  test("letters outside of the basic plane are never cut in two", () => {
    expect(ellipsis("😀😀😀😀😀😀", 20, font, measure)).toBe("😀😀…");
  });
});

describe("a figure with less room than it needs", () => {
  const figure = "34.8\u202f% · 421 of 1\u202f210";

  test("keeps whole parts from the first on, and says what is left over", () => {
    expect(wholeParts(figure, 500, font, measure)).toEqual([figure, ""]);
    expect(wholeParts(figure, 90, font, measure)).toEqual(["34.8\u202f%", "421 of 1\u202f210"]);
  });

  test("is its number with the unit where not even one part fits, and a text that is none is cut as any", () => {
    expect(wholeParts("8.78 in progress", 60, font, measure)).toEqual(["8.78", "in progress"]);
    expect(wholeParts("<5 cases · 3", 30, font, measure)).toEqual(["<5", "cases · 3"]);
    expect(wholeParts("never taken", 40, font, measure)).toEqual(["never…", ""]);
    expect(wholeParts("", 40, font, measure)).toEqual(["", ""]);
  });
});

describe("wrapping", () => {
  test("lines break at spaces", () => {
    expect(wrap("Nurture and qualify", 80, 3, font, measure)).toEqual(["Nurture and", "qualify"]);
  });

  test("what is over ends the last line in an ellipsis", () => {
    const lines = wrap("Webinars and events for partners and prospects", 80, 2, font, measure);
    expect(lines).toHaveLength(2);
    expect(lines[1]?.endsWith("…")).toBe(true);
    for (const line of lines) expect(measure(line, font)).toBeLessThanOrEqual(80);
  });

  test("a word that is longer than the line breaks inside", () => {
    expect(wrap("Kundenbeziehungsmanagement", 60, 3, font, measure).join("")).toBe("Kundenbeziehungsmanagement");
  });

  test("an empty text has no lines", () => {
    expect(wrap("", 60, 3, font, measure)).toEqual([]);
  });
});

test("control characters and line breaks become single spaces", () => {
  expect(oneLine(" a\u0000\n\t b ")).toBe("a b");
});
