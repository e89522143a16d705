/** Attribute values as text that can be typed, and back, with the reason when a text is no such value. */
import { type Attribute, LIMITS } from "../generated/schema";

/** `undefined` as a value takes the attribute off. */
export type Parsed = { value: unknown; problem: "" } | { value?: undefined; problem: string };

export function shown(attribute: Attribute, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (attribute.type === "texts") return Array.isArray(value) ? value.map(String).join("\n") : String(value);
  if (attribute.type === "boolean") return value === true ? "yes" : value === false ? "no" : "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function parsed(attribute: Attribute, text: string): Parsed {
  const trimmed = text.trim();
  if (!trimmed) return attribute.name === "label" ? { problem: "A name is needed" } : { value: undefined, problem: "" };
  const most = attribute.name === "label" ? LIMITS.label_characters : LIMITS.text_characters;
  if (trimmed.length > most) return { problem: `At most ${most} characters; this has ${trimmed.length}` };
  switch (attribute.type) {
    case "number":
    case "integer":
      return parsedNumber(attribute, trimmed);
    case "boolean":
      return { value: trimmed === "yes", problem: "" };
    case "texts":
      return {
        value: trimmed
          .split("\n")
          .map((line) => line.trim())
          .filter(Boolean),
        problem: "",
      };
    case "date":
      return isDate(trimmed) ? { value: trimmed, problem: "" } : { problem: "A date, such as 2026-01-31" };
    case "choice":
      return attribute.choices.includes(trimmed)
        ? { value: trimmed, problem: "" }
        : { problem: `One of ${attribute.choices.join(", ")}` };
    case "text":
      return { value: trimmed.replace(/\s+/g, " "), problem: "" };
    case "paragraph":
      return { value: trimmed, problem: "" };
  }
}

function isDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) && text.length === 10;
}

function parsedNumber({ type, minimum, maximum }: Attribute, text: string): Parsed {
  const plain = text.replace("−", "-").replace(/^([+-]?\d+),(\d+)$/, "$1.$2");
  const value = Number(plain);
  if (!Number.isFinite(value)) return { problem: "A number, such as 12.5" };
  if (type === "integer" && !Number.isInteger(value)) return { problem: "A whole number" };
  if (minimum !== null && value < minimum) return { problem: `At least ${minimum}` };
  if (maximum !== null && value > maximum) return { problem: `At most ${maximum}` };
  return { value, problem: "" };
}
