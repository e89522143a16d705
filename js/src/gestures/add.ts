/** Adds a card: a ghost of it opens where it will lie, and takes its name; or one whose name is known already. */
import { around, centreOf, distance, type Point, type Rect } from "../drawing/geometry";
import { DEFAULT_NODE_KIND, GEOMETRY } from "../generated/schema";
import { kindOf } from "../model/kinds";
import { attributesAt } from "./belonging";
import type { Bench } from "./bench";
import { addFlow, addNode, checkedName, lensNodeKinds, nodeTitle, shortened, whyNot } from "./changes";
import { snap } from "./grid";
import { editInPlace } from "./in_place";

interface NewNode {
  kind?: string | undefined;
  /** The card that a flow to the new one comes from. */
  from?: string;
  flowKind?: string;
  onEnd?: () => void;
}

interface Put {
  readonly kind: string;
  readonly from: string | undefined;
  readonly flowKind: string | undefined;
}

type Size = Pick<Rect, "width" | "height">;

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
  nameNewNode(bench, placeInView(bench, kind ?? activeKind(bench)), { kind });
}

/** A free place in the middle of what is in sight. */
function placeInView({ surface }: Bench, kind: string): Point {
  const size = kindOf(kind);
  const middle = surface.toWorld(centreOf(surface.element.getBoundingClientRect()));
  const step = { x: size.width + GEOMETRY.label_padding * 4, y: size.height + GEOMETRY.label_padding * 4 };
  // Rings around the middle, nearest first, until a place is free.
  const places: Point[] = [];
  for (let i = -3; i <= 3; i++)
    for (let j = -3; j <= 3; j++) places.push({ x: middle.x + i * step.x, y: middle.y + j * step.y });
  places.sort((a, b) => distance(a, middle) - distance(b, middle));
  return firstFree(surface, size, places) ?? middle;
}

/** A free place to the right of a card, on its row or as near to it as there is room. */
function placeBeside({ surface }: Bench, beside: Rect, kind: string): Point {
  const size = kindOf(kind);
  const column = size.width + GEOMETRY.rank_gap;
  const row = size.height + GEOMETRY.row_gap;
  const x = beside.x + beside.width + GEOMETRY.rank_gap + size.width / 2;
  const { y } = centreOf(beside);
  const places = [0, 1, 2].flatMap((i) => [0, 1, -1, 2, -2, 3].map((j) => ({ x: x + i * column, y: y + j * row })));
  return firstFree(surface, size, places) ?? { x, y };
}

function firstFree(surface: Bench["surface"], { width, height }: Size, places: readonly Point[]): Point | undefined {
  return places.find((at) => surface.nodesIn(around(at, width + 16, height + 16)).length === 0);
}

/** Adds a card of this name, beside the one that it is connected from; false, and the reason told, where it may not be. */
export function addNamed(bench: Bench, text: string, options: Omit<NewNode, "onEnd"> = {}): boolean {
  const { session, store, surface } = bench;
  const kind = options.kind ?? activeKind(bench);
  const { from, flowKind } = options;
  const { name, problem } = checkedName(text);
  const reason = problem || (from && flowKind && whyNot(flowKind, store.nodes.get(from)?.kind ?? "", kind));
  if (reason) {
    session.toast("warn", reason);
    return false;
  }
  const beside = from === undefined ? undefined : surface.nodeRect(from);
  const place = beside ? placeBeside(bench, beside, kind) : placeInView(bench, kind);
  const id = put(bench, name, { x: snap(place.x), y: snap(place.y) }, { kind, from, flowKind });
  surface.reveal(id);
  return true;
}

/** The edit itself; gives the id of the new card, which is selected. */
function put(bench: Bench, label: string, at: Point, { kind, from, flowKind }: Put): string {
  const { store, session } = bench;
  const id = store.temporaryId();
  const changes = addNode(store, id, kind, label, at, attributesAt(bench, at));
  if (from !== undefined && flowKind && store.nodes.has(from))
    changes.push(addFlow(store.temporaryId(), flowKind, from, id));
  store.edit(`Add ${shortened(label)}`, changes);
  session.select([id]);
  return id;
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
    commit: (label) => void put(bench, label, at, { kind, from: source, flowKind }),
    onEnd: () => {
      unlisten();
      options.onEnd?.();
    },
  });
}
