/**
 * Numbers as people read and type them: by a locale, or in the house's own way, which is no language's.
 *
 * What the kernel writes, as figures and answers, comes in the locale already (data/numerals.py).
 */

export interface Numbers {
  /** A number for reading: whole from 100 on, three digits below. */
  write(value: number): string;
  /** A number as a field holds it to be typed over: all its digits, no groups. */
  typed(value: number): string;
  /** What was typed; not a number where it is none. */
  parse(text: string): number;
}

const SPACE = "\u202f";
const MINUS = "−";

// The kernel writes the digits 0 to 9 in every locale: one map has one kind of them. Others can be typed.
const LATIN = { numberingSystem: "latn" } as const;

// Made once: to make a format takes longer than to use it a hundred times.
const HOUSE: Numbers = {
  write: writer("en", (text) => text.replaceAll(",", SPACE).replace("-", MINUS)),
  typed: (value) => String(value).replace(/^-/, MINUS),
  parse: (text) => parsed(text, { glyphs: new Map(), decimal: ".", group: "", size: 3 }),
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
  const signs = signsOf(locale);
  return {
    write: writer(locale, (written) => written),
    typed: (value) => String(value).replace(".", signs.decimal).replace(/^-/, MINUS),
    parse: (given) => parsed(given, signs),
  };
}

function signsOf(locale: string): Signs {
  const parts = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options).formatToParts(-1234567.8);
  const sign = (type: string, options: Intl.NumberFormatOptions): string =>
    parts(options).find((part) => part.type === type)?.value ?? "";
  const own = new Intl.NumberFormat(locale, { useGrouping: false });
  const glyphs = new Map(Array.from(own.format(9876543210), (digit, i) => [digit, String(9 - i)]));
  for (const type of ["decimal", "group"]) glyphs.set(sign(type, {}), sign(type, LATIN));
  return {
    glyphs,
    decimal: sign("decimal", LATIN),
    group: sign("group", LATIN),
    size:
      parts(LATIN)
        .filter(({ type }) => type === "integer")
        .at(-2)?.value.length ?? 3,
  };
}

function writer(locale: string, finish: (text: string) => string): (value: number) => string {
  const whole = new Intl.NumberFormat(locale, { ...LATIN, maximumFractionDigits: 0 });
  const some = new Intl.NumberFormat(locale, { ...LATIN, maximumSignificantDigits: 3 });
  return (value) => {
    if (!Number.isFinite(value)) return "";
    return finish((Math.abs(value) >= 100 || Number.isInteger(value) ? whole : some).format(value));
  };
}

/** How a locale writes digits, the decimal sign and what parts groups; the house has no sign for groups but spaces. */
interface Signs {
  /** Digits and signs of its own, with those that stand for them here. */
  readonly glyphs: ReadonlyMap<string, string>;
  readonly decimal: string;
  readonly group: string;
  /** How many digits a group has but the last, which has three: two in India. */
  readonly size: number;
}

/** Spaces and apostrophes may part groups in any language; of comma and point the locale decides which is which. */
function parsed(text: string, signs: Signs): number {
  const { glyphs, decimal } = signs;
  const ascii = Array.from(text, (glyph) => glyphs.get(glyph) ?? glyph).join("");
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
