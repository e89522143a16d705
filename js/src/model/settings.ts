/** What the host sets for a view: how it may be used and how it looks, beside what the map itself says. */
import type { ThemeName } from "../generated/schema";

export type ThemeWish = "auto" | ThemeName;
export type Density = "comfortable" | "compact";

/** What may also be set from the canvas: the host writes it back to where it came from, for every view. */
export interface Wishes {
  readonly theme: ThemeWish;
  /** Cards that are dragged meet the grid and the lines of their neighbours. */
  readonly snap: boolean;
  /** Compact panels leave more room to the map. */
  readonly density: Density;
}

export interface Settings extends Omit<Wishes, "theme"> {
  /** The theme that shows; `auto` has become one of the two. */
  readonly theme: ThemeName;
  readonly themeWish: ThemeWish;
  /** The map can be looked at, searched and asked, but not changed. */
  readonly isReadOnly: boolean;
  /** How numbers are written, as a BCP 47 tag; empty for the house's own way, which is no language's. */
  readonly locale: string;
}
