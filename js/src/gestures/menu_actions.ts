/** The action that opens the context menu without a mouse. */
import type { Action } from "./actions";
import { openMenuByKey } from "./context_menu";

export const menuActions: readonly Action[] = [
  {
    name: "menu",
    title: "Open the menu",
    group: "Edit",
    keys: [".", "Shift+F10", "ContextMenu"],
    run: openMenuByKey,
  },
];
