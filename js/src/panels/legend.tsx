/** What the colours of a painted answer mean. */
import type { Legend as LegendContent } from "../generated/schema";

export function Legend({ legend: { title, unit, ticks } }: { legend: LegendContent }) {
  return (
    <section class="panel crm-legend" aria-label={`Legend: ${title}`}>
      <div class="legend-title">
        {title}
        {unit && <span> ({unit})</span>}
      </div>
      <div class="scale" aria-hidden="true" />
      <div class="ticks">
        {ticks.map((tick, index) => (
          <span key={index}>{tick}</span>
        ))}
      </div>
    </section>
  );
}
