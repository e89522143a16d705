import { describe, expect, it } from "vitest";
import type { Figure } from "../../src/generated/schema";
import { numbersOf } from "../../src/model/numbers";

const space = "\u202f";
/** Spaces of every width as plain ones: which of them a locale takes is not the point. */
const plain = (text: string) => text.replace(/\s/g, " ").replace("'", "’").replace("−", "-");
const figure = (value: number | null, text: string, unit: string, trend = ""): Figure => ({
  label: "open",
  value,
  text,
  unit,
  trend: trend ? { text: trend, direction: "up", is_good: true } : null,
  target: null,
  progress: null,
  status: "none",
  spark: null,
  hint: "",
});

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

  it("leaves the kernel's texts as they are", () => {
    expect(house.text(`€${space}1.9${space}M`)).toBe(`€${space}1.9${space}M`);
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
  });

  it.each([
    ["de-DE", 1_900_000, `€${space}1.9${space}M`, "€", "1,9 Mio. €"],
    ["en-US", 1_900_000, `€${space}1.9${space}M`, "€", "€1.9M"],
    ["fr-FR", 1234, `€${space}1${space}234`, "€", "1 234 €"],
    ["en-GB", 12.5, `£${space}12.50`, "£", "£12.50"],
    ["en-US", 45_000, `¥${space}45${space}000`, "¥", "¥45,000"],
    ["de-CH", 1234, `1${space}234${space}CHF`, "CHF", "CHF 1’234"],
    ["de-DE", -1234, `−$${space}1${space}234`, "$", "-1.234 $"],
    ["de-DE", 0.964, `96.4${space}%`, "%", "96,4 %"],
    ["de-DE", 0.0004, `<0.1${space}%`, "%", "<0,1 %"],
    ["de-DE", 31, `31${space}d`, "d", "31 Tg."],
    ["en-US", 1, `1${space}d`, "d", "1 day"],
    ["de-DE", 12_345, `12.3${space}k${space}leads`, "leads", "12.345 leads"],
    ["de-DE", 8300, `8${space}300`, "", "8.300"],
    ["de-DE", 2.5, "2.5", "", "2,5"],
    ["de-DE", null, "–", "€", "–"],
    ["de-DE", null, "no rows", "", "no rows"],
    ["de-DE", 4, "four, more or less", "", "four, more or less"],
  ])("%s writes the figure %s (%s, unit %s) as %s", (locale, value, text, unit, wanted) => {
    expect(
      plain(
        numbersOf(locale)
          .figure(figure(value, text, unit))
          .text.replace("−", "-"),
      ),
    ).toBe(wanted);
  });

  it("writes a trend with its sign", () => {
    const { trend } = numbersOf("de-DE").figure(figure(8300, `8${space}300`, "", `+4.2${space}%`));
    expect(plain(trend?.text ?? "")).toBe("+4,2 %");
  });

  it("writes the kernel's numbers within a sentence anew, and leaves names, years and versions alone", () => {
    const text = `586 of 1${space}439 entered “Stage 2.5” in 2026 (40.7${space}%), on 3.11.2026 and 2026-01-31.`;
    expect(plain(numbersOf("de-DE").text(text))).toBe(
      "586 of 1.439 entered “Stage 2.5” in 2026 (40,7 %), on 3.11.2026 and 2026-01-31.",
    );
  });

  it("leaves a year alone that is a whole text", () => {
    expect(numbersOf("de-DE").text("2026")).toBe("2026");
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
