import { describe, expect, it } from "vitest";
import { leverText } from "../../src/model/lever_text";

const days = (value: number, locale = "") => leverText({ unit: "days" }, value, locale);

describe("what a lever is set to", () => {
  it("is a time in the unit that fits it", () => {
    expect([days(0.0935), days(0.5), days(1 / 24), days(0.01), days(1e-5)]).toEqual([
      "2.24 hours",
      "12 hours",
      "1 hour",
      "14.4 minutes",
      "0.864 seconds",
    ]);
    expect([days(0), days(1), days(2.5), days(45)]).toEqual(["0 days", "1 day", "2.5 days", "45 days"]);
    expect(days(0.0935, "de-DE")).toBe("2,24 hours");
  });

  it("is a share in percent, a number with its unit, or no limit", () => {
    expect(leverText({ unit: "%" }, 0.385, "")).toBe("38.5\u202f%");
    expect(leverText({ unit: "a month" }, 120, "")).toBe("120 a month");
    expect(leverText({ unit: "at once" }, null, "")).toBe("no limit");
  });
});
