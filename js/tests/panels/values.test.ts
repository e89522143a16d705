import { describe, expect, it } from "vitest";
import { ATTRIBUTES, type Attribute } from "../../src/generated/schema";
import { parsed, shown } from "../../src/panels/values";

function attribute(partial: Partial<Attribute>): Attribute {
  return { type: "text", ...partial };
}

describe("a typed value", () => {
  it("of nothing takes the attribute off", () => {
    for (const type of ["text", "paragraph", "number", "integer", "boolean", "date", "texts", "choice"] as const)
      expect(parsed(attribute({ type }), "  ")).toEqual({ value: undefined, problem: "" });
  });

  it("of nothing is refused for a name", () => {
    expect(parsed(attribute({}), " ", { isName: true }).problem).toBe("A name is needed");
  });

  it("of a number may use a decimal comma or a minus sign, and keeps its bounds", () => {
    const number = attribute({ type: "number", minimum: -2, maximum: 2 });
    expect(parsed(number, "1,5")).toEqual({ value: 1.5, problem: "" });
    expect(parsed(number, "−1")).toEqual({ value: -1, problem: "" });
    expect(parsed(number, "3").problem).toBe("At most 2");
    expect(parsed(number, "-3").problem).toBe("At least -2");
    for (const text of ["many", "1e999", "NaN", "Infinity", "1,000,000"])
      expect(parsed(number, text).problem).not.toBe("");
  });

  it("of a number is read, and asked for, in the locale", () => {
    const number = attribute({ type: "number" });
    expect(parsed(number, "1.500,5", { locale: "de-DE" })).toEqual({ value: 1500.5, problem: "" });
    expect(parsed(number, "viel", { locale: "de-DE" }).problem).toBe("A number, such as 12,5");
    expect(shown(number, 1500.5, "de-DE")).toBe("1500,5");
  });

  it("of a whole number is refused with a fraction", () => {
    expect(parsed(attribute({ type: "integer" }), "1.5").problem).toBe("A whole number");
  });

  it("of several texts is one a line, without the empty ones", () => {
    expect(parsed(attribute({ type: "texts" }), " SEO \n\n Events ")).toEqual({
      value: ["SEO", "Events"],
      problem: "",
    });
  });

  it("of a date must be on the calendar", () => {
    const date = attribute({ type: "date" });
    expect(parsed(date, "2026-02-28").problem).toBe("");
    for (const text of ["2026-02-30", "28.2.2026", "2026-2-3"]) expect(parsed(date, text).problem).not.toBe("");
  });

  it("of a choice names what is allowed", () => {
    expect(parsed(attribute({ type: "choice", choices: ["won", "lost"] }), "win").problem).toBe("One of won, lost");
  });

  it("that is too long is refused with its length", () => {
    expect(parsed(attribute({}), "x".repeat(1_000_000)).problem).toContain("1000000");
  });

  it("shown and typed again is the same", () => {
    const values: [string, unknown][] = [
      ["label", "Lead"],
      ["actions", ["SEO", "Events"]],
      ["capacity", 4.5],
      ["is_personal", false],
      ["review_date", "2026-01-31"],
      ["outcome", "won"],
    ];
    for (const [name, value] of values) {
      const known = ATTRIBUTES[name];
      if (!known) throw new Error(name);
      expect(parsed(known, shown(known, value))).toEqual({ value, problem: "" });
    }
  });
});
