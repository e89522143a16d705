/** The action on a flow that happens and is not drawn. */
import type { Action } from "./actions";
import { drawGhost } from "./ghosts";

export const ghostActions: readonly Action[] = [
  {
    name: "draw_ghost",
    title: "Draw this flow",
    group: "Add",
    icon: "connect",
    keys: ["Enter"],
    edits: true,
    on: ["ghost"],
    isReady: ({ session, ghosts }) => ghosts.get(session.ghost) !== undefined,
    run: drawGhost,
  },
];
