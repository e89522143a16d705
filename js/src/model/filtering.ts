/** What a view wishes its map's questions to be narrowed to, from what is chosen and what is pressed. */
import type { FilterBar } from "../generated/schema";
import type { Waiting } from "./operations";

export interface FilterWish {
  readonly values: Record<string, string[]>;
  readonly since: string;
  readonly until: string;
  readonly outcome: string[];
}

export const ALL_CASES: FilterWish = { values: {}, since: "", until: "", outcome: [] };

/** What is wished now: what the kernel has told, or the last wish that it has not answered yet. */
export function wishNow(bar: FilterBar, waiting: readonly Waiting[]): FilterWish {
  for (const { message } of [...waiting].reverse()) if (message.op === "filter") return { ...ALL_CASES, ...message };
  const { since, until, outcome, fields } = bar;
  const chosen = fields.filter(({ chosen }) => chosen.length > 0).map(({ name, chosen }) => [name, chosen] as const);
  return { values: Object.fromEntries(chosen), since, until, outcome };
}

/** The wish with one value of a field more, or less. */
export function withValue({ values, ...rest }: FilterWish, name: string, value: string): FilterWish {
  const chosen = toggled(values[name] ?? [], value);
  const { [name]: _, ...others } = values;
  return wished({ ...rest, values: chosen.length ? { ...others, [name]: chosen } : others });
}

export function withOutcome(wish: FilterWish, outcome: string): FilterWish {
  return wished({ ...wish, outcome: toggled(wish.outcome, outcome) });
}

/** The wish with another period; one that would end before it begins is moved along. */
export function withDay(wish: FilterWish, end: "since" | "until", day: string): FilterWish {
  const next = { ...wish, [end]: day };
  const isBackwards = next.since !== "" && next.until !== "" && next.since > next.until;
  return wished(isBackwards ? { ...next, since: day, until: day } : next);
}

/** No more than what a wish is made of: the message that it may come from has a number too. */
function wished({ values, since, until, outcome }: FilterWish): FilterWish {
  return { values, since, until, outcome };
}

function toggled(values: readonly string[], value: string): string[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value];
}
