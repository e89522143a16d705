/** Actions of the clipboard, and the duplicate that needs none. */
import type { Action } from "./actions";
import { ask, pasteByMenu } from "./clipboard";
import { duplicate } from "./paste";

export const clipboardActions: readonly Action[] = [
  {
    name: "cut",
    title: "Cut",
    group: "Edit",
    icon: "cut",
    keys: ["Mod+x"],
    isNative: true,
    edits: true,
    on: ["node", "flow"],
    isReady: ({ session }) => !session.isEmpty,
    run: () => ask("cut"),
  },
  {
    name: "copy",
    title: "Copy",
    group: "Edit",
    icon: "copy",
    keys: ["Mod+c"],
    isNative: true,
    on: ["node", "flow"],
    isReady: ({ session }) => !session.isEmpty,
    run: () => ask("copy"),
  },
  {
    name: "paste",
    title: "Paste",
    group: "Edit",
    icon: "paste",
    keys: ["Mod+v"],
    isNative: true,
    edits: true,
    on: ["node", "empty"],
    run: (bench) => void pasteByMenu(bench),
  },
  {
    name: "duplicate",
    title: "Duplicate",
    group: "Edit",
    icon: "duplicate",
    keys: ["Mod+d"],
    edits: true,
    on: ["node"],
    isReady: ({ session }) => session.nodes.size > 0,
    run: duplicate,
  },
];
