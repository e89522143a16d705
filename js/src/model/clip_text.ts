/** A clip as the text that is typed to build a map: `Lead -> Qualified: fits`, useful anywhere, and readable back. */
import type { Clip, ClipFlow } from "./clip";

const ARROW = /-{1,3}>|={1,3}>|[→⟶⇒]/g;
/** What quick entry takes for a bullet, and drops. */
const BULLET = /^(?:[-*+•·–—▪◦‣]|\[[ xX]?\]|\(?\d{1,4}[.)]|\(?[a-zA-Z]\))\s+/;

/** One line for each chain of flows without labels, one for each flow with its label, one for each card without flows. */
export function clipText({ nodes, flows }: Clip): string {
  const names = new Map(nodes.map(({ id, attributes }) => [id, nameIn(String(attributes.label ?? id))]));
  const joined = new Set(flows.flatMap(({ source, target }) => [source, target]));
  const lines = chains(flows).map((chain) => {
    const [first] = chain;
    const label = oneLine(String(chain.at(-1)?.attributes.label ?? ""));
    const way = [first?.source, ...chain.map(({ target }) => target)].map((id) => names.get(id ?? "")).join(" -> ");
    return label ? `${way}: ${label}` : way;
  });
  for (const { id } of nodes) if (!joined.has(id)) lines.push(names.get(id) ?? "");
  return lines.map((line) => (BULLET.test(line) ? `- ${line}` : line)).join("\n");
}

/** Flows in a row while each has the next as its only one without a label; a label ends the line, as it is its last flow's. */
function chains(flows: readonly ClipFlow[]): ClipFlow[][] {
  const left = new Set(flows);
  const from = new Map<string, ClipFlow[]>();
  for (const flow of flows) {
    const others = from.get(flow.source);
    if (others) others.push(flow);
    else from.set(flow.source, [flow]);
  }
  const enters = new Set(flows.filter(({ attributes }) => !attributes.label).map(({ target }) => target));
  const all: ClipFlow[][] = [];
  // Chains begin where nothing leads to, else they would be taken from their middle; what goes in a circle comes last.
  const order = [...flows.filter(({ source }) => !enters.has(source)), ...flows];
  for (const first of order) {
    if (!left.delete(first)) continue;
    const chain = [first];
    for (let last = first; !last.attributes.label; ) {
      const next = from.get(last.target)?.find((flow) => left.has(flow));
      if (!next) break;
      left.delete(next);
      chain.push(next);
      last = next;
    }
    all.push(chain);
  }
  return all;
}

/** A name that is not taken apart again: what would be an arrow, or set off a label, is written otherwise. */
function nameIn(label: string): string {
  return oneLine(label)
    .replace(ARROW, "›")
    .replace(/\s*:\s+/g, ":")
    .replace(/:$/, "");
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
