/** Adds a card: a ghost of it opens where it will lie, and takes its name. */
import { around, distance, type Point } from "../drawing/geometry";
import { DEFAULT_NODE_KIND, GEOMETRY } from "../generated/schema";
import { kindOf } from "../model/kinds";
import { attributesAt } from "./belonging";
import type { Bench } from "./bench";
import { addFlow, addNode, lensNodeKinds, nodeTitle, shortened, whyNot } from "./changes";
import { snap } from "./grid";
import { editInPlace } from "./in_place";

interface NewNode {
  kind?: string | undefined;
  /** The card that a flow to the new one comes from. */
  from?: string;
  flowKind?: string;
  onEnd?: () => void;
}

export function activeKind({ session, store }: Bench): string {
  return session.kind ?? lensNodeKinds(store.lens)[0] ?? DEFAULT_NODE_KIND;
}

/** Adds where the menu was opened, else in the middle. */
export function addHere(bench: Bench): void {
  const at = bench.spot.chosen;
  if (at) nameNewNode(bench, at);
  else addInView(bench);
}

/** Adds in the middle of what is in sight, beside what already lies there. */
export function addInView(bench: Bench, kind?: string): void {
  const { surface } = bench;
  const box = surface.element.getBoundingClientRect();
  const size = kindOf(kind ?? activeKind(bench));
  const middle = surface.toWorld({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const step = { x: size.width + GEOMETRY.label_padding * 4, y: size.height + GEOMETRY.label_padding * 4 };
  // Rings around the middle, nearest first, until a place is free.
  const places: Point[] = [];
  for (let i = -3; i <= 3; i++)
    for (let j = -3; j <= 3; j++) places.push({ x: middle.x + i * step.x, y: middle.y + j * step.y });
  places.sort((a, b) => distance(a, middle) - distance(b, middle));
  const free = places.find((at) => surface.nodesIn(around(at, size.width + 16, size.height + 16)).length === 0);
  nameNewNode(bench, free ?? middle, { kind });
}

export function nameNewNode(bench: Bench, world: Point, options: NewNode = {}): void {
  const { store, surface, session } = bench;
  const kind = options.kind ?? activeKind(bench);
  const { from, flowKind } = options;
  const reason = from && flowKind ? whyNot(flowKind, store.nodes.get(from)?.kind ?? "", kind) : "";
  if (reason) {
    options.onEnd?.();
    session.toast("warn", reason);
    return;
  }
  const size = kindOf(kind);
  const at = { x: snap(world.x), y: snap(world.y) };
  let source = from;
  const unlisten = store.onRenamed((ids) => {
    if (source !== undefined) source = ids[source] ?? source;
  });
  const noun = nodeTitle(kind).toLowerCase();
  editInPlace(bench, {
    className: "ghost",
    label: `Name of the new ${noun}`,
    placeholder: `Name the ${noun}`,
    value: "",
    rect: () => {
      const { k } = surface.camera;
      const corner = surface.toClient({ x: at.x - size.width / 2, y: at.y - size.height / 2 });
      const height = Math.max(size.height * k, 44);
      return { x: corner.x, y: corner.y + (size.height * k - height) / 2, width: size.width * k, height };
    },
    commit: (label) => {
      const id = store.temporaryId();
      const changes = addNode(store, id, kind, label, at, attributesAt(bench, at));
      if (source !== undefined && flowKind && store.nodes.has(source))
        changes.push(addFlow(store.temporaryId(), flowKind, source, id));
      store.edit(`Add ${shortened(label)}`, changes);
      session.select([id]);
    },
    onEnd: () => {
      unlisten();
      options.onEnd?.();
    },
  });
}
