/** Where on the map a finding is: its nodes, and the ends of its flows. */
import type { Finding } from "../generated/schema";
import type { MapReading } from "./reading";

export function placesOf(finding: Finding, { nodes, flows }: Pick<MapReading, "nodes" | "flows">): string[] {
  const places = new Set(finding.nodes.filter((id) => nodes.has(id)));
  for (const key of finding.flows) {
    const flow = flows.get(key);
    if (flow) places.add(flow.source).add(flow.target);
  }
  return [...places];
}
