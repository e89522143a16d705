/** Actions that show the map elsewhere: on the whole screen, as a picture on the clipboard. */
import type { Action } from "./actions";
import { copyPicture } from "./copy_picture";
import { isFullScreen, toggleFullScreen } from "./full_screen";

export const screenActions: readonly Action[] = [
  {
    name: "full_screen",
    title: (bench) => (isFullScreen(bench) ? "Leave the full screen" : "Full screen"),
    group: "View",
    icon: "full_screen",
    keys: ["Shift+f"],
    on: ["empty"],
    isReady: () => document.fullscreenEnabled,
    run: toggleFullScreen,
  },
  {
    name: "copy_picture",
    title: ({ session }) => (session.nodes.size ? "Copy the selection as a picture" : "Copy as a picture"),
    group: "Map",
    icon: "picture",
    keys: ["Mod+Shift+c"],
    on: ["node", "empty"],
    isReady: ({ shown }) => shown.nodes.size > 0,
    run: copyPicture,
  },
];
