/** What a lever is set to, for reading: shares in percent, and times in the unit that fits them. */
import type { Lever } from "../generated/schema";
import { numbersOf } from "./numbers";

const UNITS = [
  [1, "day", "days"],
  [24, "hour", "hours"],
  [24 * 60, "minute", "minutes"],
  [24 * 60 * 60, "second", "seconds"],
] as const;

export function leverText({ unit }: Pick<Lever, "unit">, value: number | null, locale: string): string {
  const { write } = numbersOf(locale);
  if (value === null) return "no limit";
  if (unit === "%") return `${write(value * 100)}\u202f%`;
  return unit === "days" ? daysText(value, write) : `${write(value)} ${unit}`;
}

/** Days in the largest unit of which there is at least one, as the kernel writes durations. */
function daysText(days: number, write: (value: number) => string): string {
  const [size, one, many] = days === 0 ? UNITS[0] : (UNITS.find(([size]) => days * size >= 1) ?? UNITS[3]);
  const text = write(days * size);
  return `${text} ${text === "1" ? one : many}`;
}
