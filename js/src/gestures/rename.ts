/** Renames a card, or labels a flow, in place. */
import { centreOf, clamp, type Point, spanning } from "../drawing/geometry";
import type { Bench } from "./bench";
import { setOrUnset, shortened } from "./changes";
import { editInPlace } from "./in_place";
import { isLocked, tellLocked } from "./locks";

const FIELD_HEIGHT = 28;

/** Renames what is selected: the first of the cards, else of the flows. */
export function renameSelection(bench: Bench): void {
  const [node] = bench.session.nodes;
  const [flow] = bench.session.flows;
  if (node !== undefined) renameNode(bench, node);
  else if (flow !== undefined) renameFlow(bench, flow);
}

export function renameNode(bench: Bench, given: string): void {
  const { store, surface, session } = bench;
  const node = store.nodes.get(given);
  if (!node) return;
  if (isLocked(store, given)) {
    tellLocked(bench, [given]);
    return;
  }
  let id = given;
  const unlisten = store.onRenamed((ids) => {
    id = ids[id] ?? id;
    surface.setState({ editing: id });
  });
  session.select([id]);
  surface.reveal(id);
  surface.setState({ editing: id });
  editInPlace(bench, {
    className: "rename",
    label: "Name of the card",
    value: node.label,
    rect: () => {
      const world = surface.nodeRect(id);
      if (!world || !store.nodes.has(id)) return null;
      const { k } = surface.camera;
      const title = surface.cardElement(id)?.querySelector(".title")?.getBoundingClientRect();
      if (title?.width) {
        const height = title.height + 7;
        const y = title.y + (title.height - height) / 2;
        return { x: title.x - 8, y, width: Math.max(title.width + 12, (world.width - 20) * k), height };
      }
      const corner = surface.toClient(world);
      const height = clamp(FIELD_HEIGHT * k, FIELD_HEIGHT, 48);
      const top = corner.y + (world.height * k - height) / 2;
      return { x: corner.x + 7 * k, y: top, width: (world.width - 12) * k, height };
    },
    commit: (label) => {
      if (store.nodes.has(id)) store.edit(`Rename to ${shortened(label)}`, [{ at: ["node", id], set: { label } }]);
    },
    onEnd: () => {
      unlisten();
      surface.setState({ editing: null });
    },
  });
}

export function renameFlow(bench: Bench, given: string): void {
  const { store, session } = bench;
  const flow = store.flows.get(given);
  if (!flow) return;
  let key = given;
  const unlisten = store.onRenamed((ids) => {
    key = ids[key] ?? key;
  });
  session.select([], [key]);
  editInPlace(bench, {
    className: "rename rename-flow",
    label: "Label of the flow",
    placeholder: "Label",
    value: typeof flow.label === "string" ? flow.label : "",
    mayBeEmpty: true,
    rect: () => {
      const at = flowMiddle(bench, key);
      return at && { x: at.x - 70, y: at.y - FIELD_HEIGHT / 2, width: 140, height: FIELD_HEIGHT };
    },
    commit: (label) => {
      if (!store.flows.has(key)) return;
      const title = label ? `Label the flow ${shortened(label)}` : "Take the flow's label off";
      store.edit(title, [setOrUnset(["flow", key], "label", label || undefined)]);
    },
    onEnd: unlisten,
  });
}

/** Where a flow's label stands, or would stand, in client pixels. */
export function flowMiddle({ store, surface }: Bench, key: string): Point | null {
  const label = surface.flowLabel(key);
  if (label) return surface.toClient(centreOf(label));
  const flow = store.flows.get(key);
  const [source, target] = [flow?.source, flow?.target].map((id) => store.positions.get(id ?? ""));
  return source && target ? surface.toClient(centreOf(spanning(source, target))) : null;
}
