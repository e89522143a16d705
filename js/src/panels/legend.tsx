/** What the colours of a painted answer mean. */
import type { Legend as LegendContent } from "../generated/schema";

export function Legend({ legend: { title, unit, ticks, ghosts } }: { legend: LegendContent }) {
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
      {ghosts && (
        <div class="legend-ghosts">
          <svg viewBox="0 0 44 10" width="44" height="10" aria-hidden="true">
            <path d="M0 5h34" />
            <path d="M43 5l-9-4v8z" />
          </svg>
          {ghosts}
        </div>
      )}
    </section>
  );
}
