/** Selects by a line drawn freely around cards: those whose middle lies inside. */
import { centreOf, distance, type Point } from "../drawing/geometry";
import { boxOf, isInside } from "../drawing/polygon";
import type { Bench, Gesture, Pointer } from "./bench";
import { counted } from "./changes";

/** Corners of the line nearer to each other than this, in pixels, say nothing more. */
const STEP_PX = 4;

/** With Shift it adds to what is selected. */
export function lasso(bench: Bench, from: Pointer): Gesture {
  const { session, surface } = bench;
  const before = { nodes: session.nodes, flows: session.flows };
  const kept = from.shift ? before : { nodes: [], flows: [] };
  const line: Point[] = [from.world];
  const inside = (): string[] => {
    const box = boxOf(line);
    return (box ? surface.nodesIn(box) : []).filter((id) => {
      const rect = surface.nodeRect(id);
      return rect && isInside(line, centreOf(rect));
    });
  };
  const finish = () => {
    surface.setState({ lasso: null });
    session.set({ tool: null });
  };
  return {
    move(at) {
      const last = line.at(-1) ?? from.world;
      if (distance(last, at.world) * surface.camera.k < STEP_PX) return;
      line.push(at.world);
      surface.setState({ lasso: [...line] });
      session.select([...kept.nodes, ...inside()], kept.flows);
    },
    end(at) {
      this.move(at);
      finish();
      if (!session.isEmpty) session.turnToSelection();
      session.say(`${counted(session.nodes.size, "card") || "Nothing"} selected`);
    },
    cancel() {
      finish();
      session.select(before.nodes, before.flows);
    },
  };
}
