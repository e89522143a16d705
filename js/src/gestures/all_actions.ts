/** Every action there is, in the order in which menus and the sheet of keys show them. */
import type { Action } from "./actions";
import { alignActions } from "./align_actions";
import { clipboardActions } from "./clipboard_actions";
import { editActions } from "./edit_actions";
import { menuActions } from "./menu_actions";
import { viewActions } from "./view_actions";

export const ACTIONS: readonly Action[] = [
  ...clipboardActions,
  ...editActions,
  ...alignActions,
  ...menuActions,
  ...viewActions,
];
