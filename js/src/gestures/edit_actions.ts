/** Actions that change the map: add, rename, remove, undo. */
import type { Action } from "./actions";
import { addHere } from "./add";
import { removeSelection } from "./remove";
import { renameSelection } from "./rename";

export const editActions: readonly Action[] = [
  {
    name: "add",
    title: "Add a card",
    group: "Add",
    icon: "add",
    keys: ["n"],
    edits: true,
    on: ["empty"],
    run: addHere,
  },
  {
    name: "rename",
    title: "Rename",
    group: "Edit",
    icon: "rename",
    keys: ["Enter", "F2"],
    edits: true,
    on: ["node", "flow"],
    isReady: ({ session: { nodes, flows } }) => nodes.size === 1 || (nodes.size === 0 && flows.size === 1),
    run: renameSelection,
  },
  {
    name: "undo",
    title: ({ store }) => (store.status.undo_label ? `Undo: ${store.status.undo_label}` : "Undo"),
    group: "Edit",
    icon: "undo",
    keys: ["Mod+z"],
    edits: true,
    run: ({ store }) => void store.undo(),
  },
  {
    name: "redo",
    title: ({ store }) => (store.status.redo_label ? `Redo: ${store.status.redo_label}` : "Redo"),
    group: "Edit",
    icon: "redo",
    keys: ["Mod+Shift+z", "Mod+y"],
    edits: true,
    run: ({ store }) => void store.redo(),
  },
  {
    name: "remove",
    title: "Remove",
    group: "Edit",
    icon: "bin",
    keys: ["Delete", "Backspace"],
    edits: true,
    on: ["node", "flow"],
    isReady: ({ session }) => !session.isEmpty,
    run: (bench) => removeSelection(bench),
  },
];
