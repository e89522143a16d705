/** A small course of values without axes, as one path. */

/** The points of a sparkline within its box, as one path; empty when fewer than two are known. */
export function sparkPath(values: readonly number[], width: number, height: number): string {
  const known = values.slice(-64);
  const present = known.filter(Number.isFinite);
  if (present.length < 2) return "";
  const low = Math.min(...present);
  const span = Math.max(...present) - low || 1;
  let pen = "M";
  return known
    .map((value, i) => {
      if (!Number.isFinite(value)) {
        pen = "M";
        return "";
      }
      const x = 1 + (i / (known.length - 1)) * (width - 2);
      const y = 2 + (1 - (value - low) / span) * (height - 4);
      const point = `${pen}${x.toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
      return point;
    })
    .join("");
}
