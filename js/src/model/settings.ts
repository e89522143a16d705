/** What the host sets for a view: how it may be used and how it looks, beside what the map itself says. */
import type { ThemeName } from "../generated/schema";

export interface Settings {
  readonly theme: ThemeName;
  /** The map can be looked at, searched and asked, but not changed. */
  readonly isReadOnly: boolean;
  /** Cards that are dragged meet the grid and the lines of their neighbours. */
  readonly snap: boolean;
  readonly density: "comfortable" | "compact";
  /** How numbers are written, as a BCP 47 tag; empty for the house's own way, which is no language's. */
  readonly locale: string;
}
