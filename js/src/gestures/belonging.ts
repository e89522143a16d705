/** Where a card belongs that is put somewhere: into the frame and the lane that lie there. */
import type { Point } from "../drawing/geometry";
import type { Change } from "../generated/schema";
import { kindOf, own } from "../model/kinds";
import type { Bench } from "./bench";
import { labelled, setOrUnset } from "./changes";

export interface Belonging {
  /** The node that holds it: a frame, or the one whose inside is shown. */
  readonly parent: string | undefined;
  /** The lane, where the map has some. */
  readonly lane: string | undefined;
}

export function belongingAt({ surface, shown }: Bench, world: Point): Belonging {
  return { parent: surface.frameAt(world) ?? shown.within ?? undefined, lane: surface.laneAt(world) };
}

/** The attributes of a new card there. */
export function attributesAt(bench: Bench, world: Point): Record<string, string> {
  const { parent, lane } = belongingAt(bench, world);
  const { lanes } = bench.store.map;
  return { ...(parent && { parent }), ...(lane && typeof lanes === "string" && { [lanes]: lane }) };
}

/** The changes that make cards belong where they are dropped, and what to call them; none where they belong already. */
export function belongingChanges(
  bench: Bench,
  ids: readonly string[],
  at: Belonging,
): { changes: Change[]; into: string } {
  const { store } = bench;
  const { lanes } = store.map;
  const changes: Change[] = [];
  let into = "";
  for (const id of ids) {
    const node = store.nodes.get(id);
    if (!node) continue;
    const parent = typeof node.parent === "string" ? node.parent : undefined;
    // A field belongs to its dataset wherever it lies.
    const isFree = parent === undefined || kindOf(store.nodes.get(parent)?.kind ?? "").holds !== undefined;
    if (isFree && parent !== at.parent) {
      changes.push(setOrUnset(["node", id], "parent", at.parent));
      into = at.parent === undefined ? "" : ` into ${labelled(store, at.parent)}`;
    }
    if (typeof lanes !== "string" || at.lane === undefined || own(node, lanes) === at.lane) continue;
    changes.push({ at: ["node", id], set: { [lanes]: at.lane } });
    into ||= ` to ${at.lane}`;
  }
  return { changes, into };
}
