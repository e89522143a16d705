/** What can be done by a key, from a menu or a button, said once: the keyboard, the menus and the sheet of keys read this. */
import type { Hit } from "../drawing/state";
import type { Place } from "../model/session";
import type { Bench } from "./bench";

/** Where the headings of menus and of the sheet of keys come from. */
export type ActionGroup = "Add" | "Edit" | "Select" | "Arrange" | "View" | "Map";

export interface Action {
  readonly name: string;
  /** As a menu and the sheet of keys write it; a function where it depends on what is selected. */
  readonly title: string | ((bench: Bench) => string);
  readonly group: ActionGroup;
  readonly icon?: string;
  /** Keys that do it, the first of them shown: `Mod` is Ctrl, or ⌘ on a Mac. */
  readonly keys?: readonly string[];
  /** The browser turns the keys into an event of their own (`copy`, `cut`, `paste`), and must be let to. */
  readonly isNative?: boolean;
  /** One of a row of icons in a menu, not a line of its own. */
  readonly isIcon?: boolean;
  /** It changes the map, so that a read-only one does not offer it. */
  readonly edits?: boolean;
  /** Whether there is anything to do now; always, when left out. */
  readonly isReady?: (bench: Bench) => boolean;
  /** What the context menu offers it on; nowhere, when left out. */
  readonly on?: readonly Place[];
  readonly run: (bench: Bench) => void;
}

export function placeOf(hit: Hit): Place {
  if ("id" in hit) return "node";
  if ("ghost" in hit) return "ghost";
  return "key" in hit ? "flow" : "empty";
}

export function titleOfAction(action: Action, bench: Bench): string {
  return typeof action.title === "string" ? action.title : action.title(bench);
}

/** Whether it can be done now. */
export function isReady(action: Action, bench: Bench): boolean {
  if (action.edits && bench.isReadOnly) return false;
  return action.isReady?.(bench) ?? true;
}

/** By the keys that do them; what a key does depends on what is selected. */
export function byKeys(actions: readonly Action[]): ReadonlyMap<string, readonly Action[]> {
  const found = new Map<string, Action[]>();
  for (const action of actions)
    for (const keys of action.keys ?? []) found.set(keys, [...(found.get(keys) ?? []), action]);
  return found;
}
