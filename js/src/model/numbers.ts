/** Numbers as people read and type them: by a locale, or in the house's own way, which is no language's. */
import type { Figure } from "../generated/schema";

export interface Numbers {
  /** A number for reading: whole from 100 on, three digits below. */
  write(value: number): string;
  /** Text of the kernel's with the numbers in it written anew. What somebody has written by hand stays as it is. */
  text(text: string): string;
  figure(figure: Figure): Figure;
  /** A number as a field holds it to be typed over: all its digits, no groups. */
  typed(value: number): string;
  /** What was typed; not a number where it is none. */
  parse(text: string): number;
}

// The kernel sets groups, unit and currency apart by this space, which nobody types by hand (data/numerals.py).
const SPACE = "\u202f";
const MINUS = "−";
const CURRENCIES: Readonly<Record<string, string>> = { "€": "EUR", $: "USD", "£": "GBP", "¥": "JPY", CHF: "CHF" };
const STEPS: Readonly<Record<string, number>> = { k: 1e3, M: 1e6, B: 1e9, T: 1e12 };
const DURATIONS: Readonly<Record<string, string>> = { s: "second", min: "minute", h: "hour", d: "day" };
/** Sign, currency before it, whole part, fraction, magnitude, unit. */
const NUMBER =
  /(?<![\p{L}\d.,:/_-])([−+±<>]?)(?:(€|\$|£|¥|CHF)\u202f)?(\d{1,3}(?:\u202f\d{3})+|\d+)(\.\d+)?(?:\u202f([kMBT])(?!\p{L}))?(?:\u202f(%|s|min|h|d|CHF)(?!\p{L}))?(?![\d\p{L}]|\.\d)/gu;

// Made once: to make a format takes longer than to use it a hundred times.
const HOUSE: Numbers = {
  write: writer("en", (text) => text.replaceAll(",", SPACE).replace("-", MINUS)),
  text: (text) => text,
  figure: (figure) => figure,
  typed: (value) => String(value).replace(/^-/, MINUS),
  parse: (text) => parsed(text, { digits: [], decimal: ".", group: "", size: 3 }),
};
const known = new Map<string, Numbers>([["", HOUSE]]);

/** How numbers are written in a locale; one that the browser does not know, or none, is the house's own way. */
export function numbersOf(locale: string): Numbers {
  let numbers = known.get(locale);
  if (!numbers) {
    numbers = isLocale(locale) ? localNumbers(locale) : HOUSE;
    known.set(locale, numbers);
  }
  return numbers;
}

function isLocale(locale: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false; // no BCP 47 tag at all
  }
}

function localNumbers(locale: string): Numbers {
  const formats = new Map<string, Intl.NumberFormat>();
  const format = (value: number, options: Intl.NumberFormatOptions): string => {
    const name = JSON.stringify(options);
    let made = formats.get(name);
    if (!made) {
      made = new Intl.NumberFormat(locale, options);
      formats.set(name, made);
    }
    return made.format(value);
  };
  const signs = signsOf(locale);

  /** `exact`: the number itself, where more of it is known than the text tells. */
  const rewrite = (match: RegExpMatchArray, exact: number | null): string => {
    const [, sign = "", currency, whole = "", fraction = "", step, unit] = match;
    const size = Number(whole.replaceAll(SPACE, "") + fraction) * (STEPS[step ?? ""] ?? 1);
    const value = Math.abs(exact !== null && step ? exact : size) * (sign === MINUS ? -1 : 1);
    const places = { minimumFractionDigits: fraction && !step ? fraction.length - 1 : 0 };
    const options: Intl.NumberFormatOptions = { ...places, maximumFractionDigits: Math.max(fraction.length - 1, 0) };
    if (step) Object.assign(options, { notation: "compact", maximumFractionDigits: 1 });
    if (sign === "+") options.signDisplay = "always";
    const money = CURRENCIES[currency ?? unit ?? ""];
    const duration = DURATIONS[unit ?? ""];
    const lead = "±<>".includes(sign) ? sign : "";
    if (money)
      return lead + format(value, { ...options, style: "currency", currency: money, currencyDisplay: "narrowSymbol" });
    if (unit === "%") return lead + format(value / 100, { ...options, style: "percent" });
    if (duration) return lead + format(value, { ...options, style: "unit", unit: duration, unitDisplay: "short" });
    return lead + format(value, options) + (unit ? SPACE + unit : "");
  };
  const text = (given: string, exact: number | null = null): string =>
    given.replace(NUMBER, (...groups) => {
      const match = groups.slice(0, 7) as unknown as RegExpMatchArray;
      const [all = "", , , whole = "", fraction = ""] = match;
      // A bare number within a sentence may be a year, a version, part of a name.
      const isSure = all.includes(SPACE) || (all === given && (fraction !== "" || whole.length < 4));
      return isSure ? rewrite(match, all === given ? exact : null) : all;
    });
  return {
    write: writer(locale, (written) => written),
    text: (given) => text(given),
    figure(figure) {
      const noun =
        figure.unit && figure.text.endsWith(SPACE + figure.unit) && !isKnownUnit(figure.unit)
          ? SPACE + figure.unit
          : "";
      return {
        ...figure,
        text: text(figure.text.slice(0, figure.text.length - noun.length), figure.value) + noun,
        trend: figure.trend && { ...figure.trend, text: text(figure.trend.text) },
      };
    },
    typed: (value) => String(value).replace(".", signs.decimal).replace(/^-/, MINUS),
    parse: (given) => parsed(given, signs),
  };
}

const isKnownUnit = (unit: string): boolean => unit === "%" || unit in CURRENCIES || unit in DURATIONS;

function signsOf(locale: string): Signs {
  const parts = new Intl.NumberFormat(locale).formatToParts(-1234567.8);
  const sign = (type: string): string => parts.find((part) => part.type === type)?.value ?? "";
  const plain = new Intl.NumberFormat(locale, { useGrouping: false });
  return {
    digits: Array.from(plain.format(9876543210)).reverse(),
    decimal: sign("decimal"),
    group: sign("group"),
    size: parts.filter(({ type }) => type === "integer").at(-2)?.value.length ?? 3,
  };
}

function writer(locale: string, finish: (text: string) => string): (value: number) => string {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const some = new Intl.NumberFormat(locale, { maximumSignificantDigits: 3 });
  return (value) => {
    if (!Number.isFinite(value)) return "";
    return finish((Math.abs(value) >= 100 || Number.isInteger(value) ? whole : some).format(value));
  };
}

/** How a locale writes digits, the decimal sign and what parts groups; the house has no sign for groups but spaces. */
interface Signs {
  readonly digits: readonly string[];
  readonly decimal: string;
  readonly group: string;
  /** How many digits a group has but the last, which has three: two in India. */
  readonly size: number;
}

/** Spaces and apostrophes may part groups in any language; of comma and point the locale decides which is which. */
function parsed(text: string, signs: Signs): number {
  const { digits, decimal } = signs;
  const ascii = Array.from(text, (glyph) => (digits.includes(glyph) ? String(digits.indexOf(glyph)) : glyph)).join("");
  const plain = ascii
    .trim()
    .replace(/^[−–]/, "-")
    .replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/g, "");
  // A sign that cannot part groups where it stands is a decimal one, also where the locale has another for that.
  const pointed = withoutGroups(plain, signs)
    .replace(decimal, ".")
    .replace(/^([+-]?\d*),(\d*)$/, "$1.$2");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(pointed) ? Number(pointed) : Number.NaN;
}

function withoutGroups(text: string, { group, size }: Signs): string {
  const [head = "", ...tail] = group ? text.split(group) : [];
  const areGroups = tail.every((part, i) =>
    i === tail.length - 1 ? /^\d{3}(?!\d)/.test(part) : part.length === size && /^\d+$/.test(part),
  );
  return tail.length && areGroups && /^[+-]?[1-9]\d{0,2}$/.test(head) ? head + tail.join("") : text;
}
