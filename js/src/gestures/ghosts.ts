/** What happens and is not drawn: looked at, and drawn as one step. */
import { DEFAULT_FLOW_KIND } from "../generated/schema";
import type { Bench } from "./bench";
import { addFlow, labelled, shortened, whyNotBetween } from "./changes";

/** Shows what a ghost says, and says it. */
export function chooseGhost({ session, ghosts }: Bench, key: string): void {
  session.chooseGhost(key);
  session.say(ghosts.get(key)?.sentence ?? "");
}

/** Makes a flow of the ghost that is looked at. */
export function drawGhost({ store, session, ghosts }: Bench): void {
  const ghost = ghosts.get(session.ghost);
  if (!ghost) return;
  const { source, target } = ghost;
  const reason = whyNotBetween(store, DEFAULT_FLOW_KIND, source, target);
  if (reason) {
    session.toast("warn", reason);
    return;
  }
  const key = store.temporaryId();
  const names = [source, target].map((id) => shortened(labelled(store, id), 24));
  store.edit(`Draw ${names.join(" → ")}`, [addFlow(key, DEFAULT_FLOW_KIND, source, target)]);
  session.select([], [key]);
}
