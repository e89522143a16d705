/** A part of a panel that is folded away until it is wanted. */
import type { ComponentChildren } from "preact";

export function Fold({ title, note, children }: { title: string; note: string | number; children: ComponentChildren }) {
  return (
    <details class="fold">
      <summary>
        {title} <span class="range">{note || ""}</span>
      </summary>
      {children}
    </details>
  );
}
