import { describe, expect, it } from "vitest";
import { numbersOf } from "../../src/model/numbers";

const space = "\u202f";
describe("the house's own way", () => {
  const house = numbersOf("");

  it("sets groups of three apart by a thin gap", () => {
    expect(house.write(8300)).toBe(`8${space}300`);
    expect(house.write(-1234567)).toBe(`−1${space}234${space}567`);
  });

  it("keeps three digits of a small figure, and shows nothing for what is no number", () => {
    expect(house.write(2.71693)).toBe("2.72");
    expect(house.write(Number.NaN)).toBe("");
  });

  it("is also that of a locale that nobody knows", () => {
    for (const locale of ["no locale!", "zz-ZZ-zz"]) expect(numbersOf(locale).write(8300)).toBe(`8${space}300`);
  });
});

describe("a locale", () => {
  it("writes counts and volumes", () => {
    expect(numbersOf("de-DE").write(1234567)).toBe("1.234.567");
    expect(numbersOf("en-US").write(1234567)).toBe("1,234,567");
    expect(numbersOf("de-DE").write(2.71693)).toBe("2,72");
    expect(numbersOf("ar-EG").write(1234567)).toBe("1,234,567"); // in digits that the kernel writes too
  });
});

describe("what is typed", () => {
  it.each([
    ["", "1,5", 1.5],
    ["", "−1", -1],
    ["", `8${space}300.5`, 8300.5],
    ["de-DE", "1.500", 1500],
    ["de-DE", "1.500,25", 1500.25],
    ["de-DE", "1.5", 1.5],
    ["de-DE", "0.125", 0.125],
    ["en-US", "1,500", 1500],
    ["en-US", "1,234,567.5", 1234567.5],
    ["en-US", "1,5", 1.5],
    ["en-IN", "12,34,567", 1234567],
    ["fr-FR", "1 500,5", 1500.5],
    ["de-CH", "1’500.5", 1500.5],
    ["de-CH", "1'500", 1500],
    ["ar-EG", "١٢٫٥", 12.5],
    ["de-DE", "1e3", 1000],
  ])("in %s, %s is %d", (locale, text, wanted) => {
    expect(numbersOf(locale).parse(text)).toBe(wanted);
  });

  it.each(["", "many", "1,000,000", "1 2", "1.2.3", "Infinity", "0x10", "12 €"])(
    "%s is no number in the house's way",
    (text) => {
      expect(numbersOf("").parse(text)).toBeNaN();
    },
  );

  it("is refused where groups are not of three", () => {
    expect(numbersOf("de-DE").parse("1.50.000")).toBeNaN();
    expect(numbersOf("en-US").parse("1,5,0")).toBeNaN();
  });

  it.each(["", "de-DE", "en-US", "fr-FR", "de-CH", "ar-EG"])(
    "what a field shows in %s is read back to the digit",
    (locale) => {
      const { typed, parse } = numbersOf(locale);
      for (const value of [0, 1, -1, 1500, 0.125, 1234567.891, -0.1, 1e21, 1.5e-9, 2 ** 53 - 1])
        expect(parse(typed(value))).toBe(value);
    },
  );
});
