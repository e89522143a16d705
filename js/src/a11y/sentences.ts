/** What an edit has changed, in words to be heard: one short sentence, however much it was. */
import { ATTRIBUTES, type Attributes, type Change } from "../generated/schema";
import { titleOf } from "../model/kinds";
import type { MapReading } from "../model/reading";

/** One thing that was done, in words of its own, and as one of many. */
export interface Deed {
  /** What it was done to. */
  readonly id: string;
  readonly text: string;
  readonly verb: "added" | "removed" | "changed" | "moved";
  readonly noun: "card" | "flow" | "comment" | "vote" | "answer" | "map";
}

type Told = Omit<Deed, "id">;
type Reading = Pick<MapReading, "nodes" | "flows" | "comments" | "overlays">;

/** So many deeds are told one by one; more of them are counted. */
const TOLD = 2;
const LONGEST = 60;

/** What the changes will do to the map as it is: what they take away must still have its name. */
export function deedsOf(changes: readonly Change[], reading: Reading): Deed[] {
  const words = new Words(changes, reading);
  return changes.flatMap((change) => {
    const deed = words.deedOf(change);
    return deed ? [{ id: change.at.slice(1).join(" "), ...deed }] : [];
  });
}

export function sentenceOf(all: readonly Deed[]): string {
  // Done again and again to one thing, only the last of it counts.
  const deeds = [...new Map(all.map((deed) => [`${deed.noun} ${deed.verb} ${deed.id}`, deed])).values()];
  const telling = deeds.length > TOLD ? deeds.filter(({ verb }) => verb !== "moved") : deeds;
  if (telling.length && telling.length <= TOLD) return telling.map(({ text }) => text).join(", ");
  const counts = new Map<string, { readonly noun: string; readonly verb: string; n: number }>();
  for (const { noun, verb } of telling.length ? telling : deeds) {
    const count = counts.get(`${noun} ${verb}`);
    if (count) count.n += 1;
    else counts.set(`${noun} ${verb}`, { noun, verb, n: 1 });
  }
  return [...counts.values()].map(({ noun, verb, n }) => `${n} ${noun}${n === 1 ? "" : "s"} ${verb}`).join(", ");
}

/** Names of things that are there, or that the same edit brings. */
class Words {
  readonly #added = new Map<string, Attributes>();
  readonly #removed = new Set<string>();

  constructor(
    changes: readonly Change[],
    readonly reading: Reading,
  ) {
    for (const { at, add, remove } of changes) {
      if (at[0] === "node" && add) this.#added.set(String(at[1]), add);
      if (at[0] === "node" && remove) this.#removed.add(String(at[1]));
    }
  }

  deedOf(change: Change): Told | null {
    const [kind, id = ""] = change.at;
    if (kind === "node") return this.#aboutNode(id, change);
    if (kind === "flow") return this.#aboutFlow(id, change);
    if (kind === "position") return this.#aboutPlace(change.at.at(-1) ?? "", change);
    if (kind === "comment") return this.#aboutComment(id, change);
    if (kind === "vote") return this.#aboutVote(id, change);
    if (kind === "map" && typeof change.set?.name === "string")
      return { text: `The map is now called ${brief(change.set.name)}`, verb: "changed", noun: "map" };
    if (kind === "overlay" && !change.remove && change.at.length === 2) {
      const title = change.add?.title ?? this.reading.overlays.get(id)?.title ?? id;
      return { text: `${brief(title)} is painted on the map`, verb: "added", noun: "answer" };
    }
    return null;
  }

  #aboutNode(id: string, { add, set, unset, remove }: Change): Told | null {
    const noun = "card";
    if (add) return { text: `${this.name(id)} added`, verb: "added", noun };
    if (remove) return { text: `${this.name(id)} removed`, verb: "removed", noun };
    if (typeof set?.label === "string")
      return { text: `${this.name(id)} renamed to ${brief(set.label)}`, verb: "changed", noun };
    return attributeDeed(set, unset, this.name(id), noun);
  }

  #aboutFlow(key: string, { add, set, unset, remove }: Change): Told | null {
    const noun = "flow";
    const flow: Attributes = add ?? this.reading.flows.get(key) ?? {};
    const [source, target] = [String(flow.source), String(flow.target)];
    const [from, to] = [this.name(source), this.name(target)];
    if (add) return { text: `${from} connected to ${to}`, verb: "added", noun };
    // With a card that goes its flows go without saying.
    if (remove && (this.#removed.has(source) || this.#removed.has(target))) return null;
    if (remove) return { text: `${from} no longer connected to ${to}`, verb: "removed", noun };
    if (set && ("source" in set || "target" in set)) {
      const ends = [set.source ?? source, set.target ?? target].map((end) => this.name(String(end)));
      return { text: `The flow now leads from ${ends[0]} to ${ends[1]}`, verb: "changed", noun };
    }
    const name = `the flow from ${from} to ${to}`;
    if (typeof set?.label === "string") return { text: `${set.label} written on ${name}`, verb: "changed", noun };
    if (unset?.includes("label")) return { text: `Label taken off ${name}`, verb: "changed", noun };
    return attributeDeed(set, unset, name, noun);
  }

  #aboutPlace(id: string, { remove }: Change): Told | null {
    if (remove || this.#added.has(id) || !this.reading.nodes.has(id)) return null;
    return { text: `${this.name(id)} moved`, verb: "moved", noun: "card" };
  }

  #aboutComment(id: string, { add, remove }: Change): Told | null {
    const on = String((add ?? this.reading.comments.get(id))?.on ?? "");
    if (remove && this.#removed.has(on)) return null;
    const verb = add ? "added" : remove ? "removed" : "changed";
    return { text: `Comment on ${this.name(on)} ${verb}`, verb, noun: "comment" };
  }

  #aboutVote(id: string, { remove }: Change): Told | null {
    if (remove && this.#removed.has(id)) return null;
    const verb = remove ? "removed" : "added";
    return { text: `Vote for ${this.name(id)} ${remove ? "taken back" : "added"}`, verb, noun: "vote" };
  }

  name(id: string): string {
    return brief(this.reading.nodes.get(id)?.label ?? this.#added.get(id)?.label ?? id);
  }
}

function attributeDeed(set: Change["set"], unset: Change["unset"], of: string, noun: "card" | "flow"): Told | null {
  const names = [...Object.keys(set ?? {}), ...(unset ?? [])];
  const [name] = names;
  if (name === undefined) return null;
  const title = titleOf(ATTRIBUTES, name);
  const value = set?.[name];
  if (names.length > 1) return { text: `${names.length} attributes of ${of} changed`, verb: "changed", noun };
  if (!set || !(name in set)) return { text: `${title} of ${of} taken off`, verb: "changed", noun };
  const said = typeof value === "boolean" ? (value ? "yes" : "no") : Array.isArray(value) ? value.join(", ") : value;
  return { text: `${title} of ${of} is now ${brief(said)}`, verb: "changed", noun };
}

function brief(value: unknown): string {
  const text = String(typeof value === "object" ? JSON.stringify(value) : value).replace(/\s+/g, " ");
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
