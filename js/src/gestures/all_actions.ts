/** Every action there is, in the order in which menus and the sheet of keys show them. */
import type { Action } from "./actions";
import { editActions } from "./edit_actions";
import { groupActions } from "./group_actions";
import { viewActions } from "./view_actions";

export const ACTIONS: readonly Action[] = [...editActions, ...groupActions, ...viewActions];
