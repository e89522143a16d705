/** Every action there is, in the order in which menus and the sheet of keys show them. */
import type { Action } from "./actions";
import { editActions } from "./edit_actions";
import { findActions } from "./find_actions";
import { viewActions } from "./view_actions";
import { walkActions } from "./walk_actions";

export const ACTIONS: readonly Action[] = [...editActions, ...walkActions, ...findActions, ...viewActions];
