/** A number and what it counts. */
import { numbersOf } from "../model/numbers";

export function plural(n: number, noun: string, locale: string): string {
  const many = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${numbersOf(locale).write(n)} ${n === 1 ? noun : many}`;
}
