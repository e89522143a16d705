/** What happens and is not drawn: looked at, and drawn as one step. */
import { DEFAULT_FLOW_KIND } from "../generated/schema";
import type { Bench } from "./bench";
import { makeFlow } from "./draw_flow";

/** Shows what a ghost says, and says it. */
export function chooseGhost({ session, ghosts }: Bench, key: string): void {
  session.chooseGhost(key);
  session.say(ghosts.get(key)?.sentence ?? "");
}

/** Makes a flow of the ghost that is looked at. */
export function drawGhost(bench: Bench): void {
  const ghost = bench.ghosts.get(bench.session.ghost);
  if (ghost) makeFlow(bench, DEFAULT_FLOW_KIND, ghost.source, ghost.target);
}
