/** Attribute values as text that can be typed, and back, with the reason when a text is no such value. */
import { type Attribute, LIMITS } from "../generated/schema";
import { numbersOf } from "../model/numbers";

/** `undefined` as a value takes the attribute off. */
export type Parsed = { value: unknown; problem: "" } | { value?: undefined; problem: string };

export function shown(attribute: Attribute, value: unknown, locale = ""): string {
  if (value === undefined || value === null) return "";
  if (attribute.type === "texts") return Array.isArray(value) ? value.map(String).join("\n") : String(value);
  if (attribute.type === "boolean") return value === true ? "yes" : value === false ? "no" : "";
  if (typeof value === "number") return numbersOf(locale).typed(value);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

interface Reading {
  /** An empty text is none, and a long one is refused sooner. */
  isName?: boolean | undefined;
  /** How numbers are typed. */
  locale?: string;
}

export function parsed(attribute: Attribute, text: string, { isName = false, locale = "" }: Reading = {}): Parsed {
  const trimmed = text.trim();
  const value = (value: unknown): Parsed => ({ value, problem: "" });
  if (!trimmed) return isName ? { problem: "A name is needed" } : value(undefined);
  const most = isName ? LIMITS.label_characters : LIMITS.text_characters;
  if (trimmed.length > most) return { problem: `At most ${most} characters; this has ${trimmed.length}` };
  switch (attribute.type) {
    case "number":
    case "integer":
      return parsedNumber(attribute, trimmed, locale);
    case "boolean":
      return value(trimmed === "yes");
    case "texts":
      return value(trimmed.split(/\s*\n\s*/));
    case "date":
      return isDate(trimmed) ? value(trimmed) : { problem: "A date, such as 2026-01-31" };
    case "choice": {
      const { choices = [] } = attribute;
      return choices.includes(trimmed) ? value(trimmed) : { problem: `One of ${choices.join(", ")}` };
    }
    case "text":
      return value(trimmed.replace(/\s+/g, " "));
    case "paragraph":
      return value(trimmed);
  }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text.length === 10;
}

function parsedNumber({ type, minimum, maximum }: Attribute, text: string, locale: string): Parsed {
  const numbers = numbersOf(locale);
  const value = numbers.parse(text);
  if (!Number.isFinite(value)) return { problem: `A number, such as ${numbers.typed(12.5)}` };
  if (type === "integer" && !Number.isInteger(value)) return { problem: "A whole number" };
  if (minimum !== undefined && value < minimum) return { problem: `At least ${minimum}` };
  if (maximum !== undefined && value > maximum) return { problem: `At most ${maximum}` };
  return { value, problem: "" };
}
