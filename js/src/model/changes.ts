/** What a change does to one element, and what it names: pure functions on wire values. */
import type { Attributes, Change } from "../generated/schema";

/** One string for a path; ids never hold the zero character. */
export function keyOf(at: readonly string[]): string {
  return at.join("\u0000");
}

export function pathOf(key: string): string[] {
  return key.split("\u0000");
}

/** The element after the change; `undefined` stands for an element that is not there. */
export function applyChange(current: Attributes | undefined, change: Change): Attributes | undefined {
  if (change.remove) return undefined;
  if (change.add) return { ...change.add };
  if (!current) return undefined; // an attribute of an element that has gone meanwhile
  const next = { ...current, ...change.set };
  for (const name of change.unset ?? []) delete next[name];
  return next;
}

/** The same for a change of what lies deeper in the element: all that it passes is copied, nothing else. */
export function applyWithin(
  current: Attributes | undefined,
  change: Change,
  within: readonly string[],
): Attributes | undefined {
  const [name, ...rest] = within;
  if (name === undefined || !current) return applyChange(current, change);
  return { ...current, [name]: applyWithin(current[name] as Attributes | undefined, change, rest) };
}

const REFERENCES = ["source", "target", "on", "parent", "reply_to"] as const;

function renameValues(values: Attributes, ids: Readonly<Record<string, string>>): Attributes {
  let next = values;
  for (const name of REFERENCES) {
    const value = values[name];
    const id = typeof value === "string" ? ids[value] : undefined;
    if (id === undefined) continue;
    if (next === values) next = { ...values };
    next[name] = id;
  }
  return next;
}

/** The same change with temporary ids replaced by the kernel's. */
export function renameChange(change: Change, ids: Readonly<Record<string, string>>): Change {
  const next: Change = { ...change, at: change.at.map((part, index) => (index ? (ids[part] ?? part) : part)) };
  if (change.add) next.add = renameValues(change.add, ids);
  if (change.set) next.set = renameValues(change.set, ids);
  return next;
}
