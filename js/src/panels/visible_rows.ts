/** Which rows of a long list are worth drawing: those in sight, and a few more. */

/** So many rows beyond the edges, for a quick finger and for who reads on. */
const SPARE = 8;

export function visibleRows(
  count: number,
  rowHeight: number,
  scrolled: number,
  height: number,
): { from: number; to: number } {
  const from = Math.max(Math.floor(scrolled / rowHeight) - SPARE, 0);
  const to = Math.min(Math.ceil((scrolled + height) / rowHeight) + SPARE, count);
  return { from: Math.min(from, to), to };
}

/** How far to scroll so that a row is whole in sight; as it is where it is so already. */
export function scrolledTo(row: number, rowHeight: number, scrolled: number, height: number): number {
  const top = row * rowHeight;
  if (top < scrolled) return top;
  return Math.max(scrolled, top + rowHeight - height);
}
