/** Every action there is, in the order in which menus and the sheet of keys show them. */
import type { Action } from "./actions";
import { alignActions } from "./align_actions";
import { clipboardActions } from "./clipboard_actions";
import { commentActions } from "./comment_actions";
import { copyCodeActions } from "./copy_code";
import { editActions } from "./edit_actions";
import { filterActions } from "./filter_actions";
import { findActions } from "./find_actions";
import { ghostActions } from "./ghost_actions";
import { groupActions } from "./group_actions";
import { lassoActions } from "./lasso_actions";
import { lockActions } from "./lock_actions";
import { menuActions } from "./menu_actions";
import { quickEntryActions } from "./quick_entry_actions";
import { screenActions } from "./screen_actions";
import { viewActions } from "./view_actions";
import { voteActions } from "./vote_actions";
import { walkActions } from "./walk_actions";

export const ACTIONS: readonly Action[] = [
  ...clipboardActions,
  ...editActions,
  ...quickEntryActions,
  ...commentActions,
  ...voteActions,
  ...walkActions,
  ...findActions,
  ...filterActions,
  ...ghostActions,
  ...groupActions,
  ...lockActions,
  ...alignActions,
  ...menuActions,
  ...lassoActions,
  ...viewActions,
  ...screenActions,
  ...copyCodeActions,
];
