/** What is tried otherwise on a painted what-if, as values: what is set on its sliders, and what of it goes onto the map. */
import type { Change, Lever, Levers } from "../generated/schema";
import { own } from "./kinds";
import type { MapReading } from "./reading";

/** All that is to be otherwise: attributes of nodes (`null`: no limit), and probabilities of flows by their key. */
export interface Trial {
  readonly nodes: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
  readonly flows: Readonly<Record<string, number>>;
}

/** Where a lever is: an attribute of a node, or a flow. */
export type LeverAt = readonly ["node", id: string, name: string] | readonly ["flow", key: string];

export const AS_IT_IS: Trial = { nodes: {}, flows: {} };

/** What the kernel says is tried; of what only follows from it there is no word. `wanted` narrows it further. */
export function trialOf({ nodes, flows }: Levers, wanted: (lever: Lever) => boolean = () => true): Trial {
  let trial = AS_IT_IS;
  const take = (at: LeverAt, lever: Lever) => {
    if (lever.is_given && wanted(lever)) trial = withValue(trial, at, lever.value);
  };
  for (const [id, levers] of Object.entries(nodes))
    for (const [name, lever] of Object.entries(levers)) take(["node", id, name], lever);
  for (const [key, lever] of Object.entries(flows)) take(["flow", key], lever);
  return trial;
}

/** What is tried at a lever; `undefined` where nothing is. */
export function valueIn(trial: Trial, at: LeverAt): number | null | undefined {
  return at[0] === "flow" ? own(trial.flows, at[1]) : own(own(trial.nodes, at[1]), at[2]);
}

/** The trial with one value more; `undefined` leaves the lever as it is. Flows that lead the same way are one. */
export function withValue(
  trial: Trial,
  at: LeverAt,
  value: number | null | undefined,
  sameWay: readonly string[] = [],
): Trial {
  if (at[0] === "flow") {
    const others = Object.entries(trial.flows).filter(([key]) => key !== at[1] && !sameWay.includes(key));
    const flows = Object.fromEntries(others);
    return { ...trial, flows: typeof value === "number" ? { ...flows, [at[1]]: value } : flows };
  }
  const [, id, name] = at;
  const { [id]: before = {}, ...others } = trial.nodes;
  const { [name]: _, ...rest } = before;
  const node = value === undefined ? rest : { ...rest, [name]: value };
  return { ...trial, nodes: Object.keys(node).length ? { ...others, [id]: node } : others };
}

/** How far a slider reaches: where nothing limits what is, its end stands for no limit. */
export function endOf({ baseline, most, step }: Lever): number {
  return baseline === null ? most + step : most;
}

export function positionOf(lever: Lever, value: number | null): number {
  return value ?? endOf(lever);
}

export function valueAt(lever: Lever, position: number): number | null {
  return lever.baseline === null && position > lever.most ? null : position;
}

/** The flows that lead the same way as this one, itself among them. */
export function sameWay(map: Pick<MapReading, "flows" | "flowsOf">, key: string): string[] {
  const flow = map.flows.get(key);
  if (!flow) return [];
  return [...map.flowsOf(flow.source)].filter((other) => {
    const { source, target, kind } = map.flows.get(other) ?? {};
    return source === flow.source && target === flow.target && kind === flow.kind;
  });
}

/** The edit that makes the map say what is tried; empty where it does already. */
export function takenOver(levers: Levers, map: Pick<MapReading, "nodes" | "flows" | "flowsOf">): Change[] {
  const changes: Change[] = [];
  for (const [id, ofNode] of Object.entries(levers.nodes)) {
    const tried = Object.entries(ofNode).filter(([, lever]) => isMoved(lever));
    const set = tried.filter(([name, { value }]) => value !== null && map.nodes.get(id)?.[name] !== value);
    const unset = tried.filter(([name, { value }]) => value === null && map.nodes.get(id)?.[name] !== undefined);
    if (!set.length && !unset.length) continue;
    const change: Change = { at: ["node", id] };
    if (set.length) change.set = Object.fromEntries(set.map(([name, { value }]) => [name, value]));
    if (unset.length) change.unset = unset.map(([name]) => name);
    changes.push(change);
  }
  // One share that is tried moves the others of its stage, and all of them together have to add up.
  const sources = new Set<string>();
  for (const [key, lever] of Object.entries(levers.flows)) {
    const source = map.flows.get(key)?.source;
    if (source !== undefined && isMoved(lever)) sources.add(source);
  }
  for (const [key, { value }] of Object.entries(levers.flows)) {
    const flow = map.flows.get(key);
    if (!flow || value === null || !sources.has(flow.source)) continue;
    const share = value / sameWay(map, key).length;
    if (flow.probability !== share) changes.push({ at: ["flow", key], set: { probability: share } });
  }
  return changes;
}

/** What goes on being tried when all is on the map: what a log measures stays as the log tells it. */
export function stillTried(levers: Levers): Trial {
  return trialOf(levers, ({ is_measured }) => is_measured === true);
}

/** Whether it is tried at all, and otherwise than it is. */
export function isMoved({ is_given, value, baseline }: Lever): boolean {
  return is_given === true && value !== baseline;
}
