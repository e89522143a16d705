/** What is said of a flow that happens and is not drawn, and the button that draws it. */
import { labelled } from "../gestures/changes";
import { drawGhost } from "../gestures/ghosts";
import { Button, shortcut } from "./buttons";
import type { PanelContext } from "./context";

export const GHOST_TITLE = "Not drawn";

export function GhostDetails({ context }: { context: PanelContext }) {
  const { store, session, ghosts, isReadOnly } = context;
  const ghost = ghosts.get(session.ghost);
  if (!ghost) return null;
  return (
    <div class="details">
      <p class="ends">
        {labelled(store, ghost.source)} <span aria-hidden="true">→</span> {labelled(store, ghost.target)}
      </p>
      <p class="paint">{ghost.sentence}</p>
      {!isReadOnly && (
        <Button class="button primary" data-keys={shortcut("Enter")} onClick={() => drawGhost(context)}>
          Draw this flow
        </Button>
      )}
    </div>
  );
}
