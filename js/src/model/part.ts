/** A part of a map to be read like a whole one: some nodes, and the flows among them. It is for one look, and never changes. */
import type { MapReading } from "./reading";

/** `without`: what the map says of itself that is not said of the part. */
export function partOf(whole: MapReading, ids: ReadonlySet<string>, without: readonly string[] = []): MapReading {
  const { comments, votes, cards, overlays, status, about, positions } = whole;
  const nodes = new Map([...whole.nodes].filter(([id]) => ids.has(id)));
  const flows = new Map([...whole.flows].filter(([, { source, target }]) => ids.has(source) && ids.has(target)));
  const among = (all: ReadonlySet<string>, part: ReadonlyMap<string, unknown>) =>
    new Set([...all].filter((id) => part.has(id)));
  return {
    map: Object.fromEntries(Object.entries(whole.map).filter(([name]) => !without.includes(name))),
    nodes,
    flows,
    positions,
    comments,
    votes,
    cards,
    overlays,
    status,
    about,
    flowsOf: (node) => among(whole.flowsOf(node), flows),
    contentOf: (node) => among(whole.contentOf(node), nodes),
    subscribe: () => () => {},
  };
}
