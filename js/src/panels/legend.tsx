/** What the colours of a painted answer mean. */
import type { Legend as LegendContent } from "../generated/schema";

export function Legend({ legend }: { legend: LegendContent }) {
  return (
    <section class="crm-panel crm-legend" aria-label={`Legend: ${legend.title}`}>
      <div class="crm-legend-title">
        {legend.title}
        {legend.unit && <span> ({legend.unit})</span>}
      </div>
      <div class="crm-scale" aria-hidden="true" />
      <div class="crm-ticks">
        {legend.ticks.map((tick, index) => (
          <span key={index}>{tick}</span>
        ))}
      </div>
    </section>
  );
}
