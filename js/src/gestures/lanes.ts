/** Lanes by hand: fold one, name it anew, move it with its cards, give it more room. */
import type { LaneBand } from "../drawing/lanes";
import { LANE_GAP } from "../drawing/lanes";
import type { Change } from "../generated/schema";
import { own } from "../model/kinds";
import { laneId } from "../model/nesting";
import type { Bench, Gesture, Pointer } from "./bench";
import { counted, moveNode, shortened } from "./changes";
import { snap } from "./grid";
import { editInPlace } from "./in_place";

/** The cards of a lane, those that are folded away too. */
function membersOf({ store }: Bench, lane: string): string[] {
  const attribute = String(store.map.lanes);
  return [...store.nodes].filter(([, node]) => own(node, attribute) === lane).map(([id]) => id);
}

export function foldLane({ store, session }: Bench, lane: string): void {
  const now = Array.isArray(store.map.folded_lanes) ? store.map.folded_lanes.map(String) : [];
  const isFolded = now.includes(lane);
  const next = isFolded ? now.filter((name) => name !== lane) : [...now, lane];
  const name = shortened(lane);
  store.edit(isFolded ? `Unfold the lane ${name}` : `Fold the lane ${name}`, [
    { at: ["map"], ...(next.length ? { set: { folded_lanes: next } } : { unset: ["folded_lanes"] }) },
  ]);
  session.set({ spoken: isFolded ? `The lane ${name} is open` : `The lane ${name} is folded` });
}

/** Another name for a lane is another value for each of its cards. */
export function renameLane(bench: Bench, lane: string): void {
  const { store, surface } = bench;
  editInPlace(bench, {
    className: "rename",
    label: "Name of the lane",
    value: lane,
    rect: () => {
      const band = surface.lanes.find(({ name }) => name === lane);
      if (!band) return null;
      const { x, y } = surface.toClient(band.rect);
      return { x: x + 8, y: y + 3, width: 200, height: 28 };
    },
    commit: (next) => {
      const attribute = String(store.map.lanes);
      const changes: Change[] = membersOf(bench, lane).map((id) => ({ at: ["node", id], set: { [attribute]: next } }));
      const folded = store.map.folded_lanes;
      if (Array.isArray(folded) && folded.includes(lane))
        changes.push({ at: ["map"], set: { folded_lanes: folded.map((name) => (name === lane ? next : name)) } });
      store.edit(`Rename the lane to ${shortened(next)}`, changes);
    },
  });
}

/** How far each lane goes when one of them is moved by `dy`: they are stacked anew in the order of their middles. */
export function restacked(bands: readonly LaneBand[], moved: string, dy: number): Map<string, number> {
  const middle = ({ name, rect }: LaneBand): number => rect.y + rect.height / 2 + (name === moved ? dy : 0);
  const order = [...bands].sort((a, b) => middle(a) - middle(b));
  const shifts = new Map<string, number>();
  let y = Math.min(...bands.map(({ rect }) => rect.y));
  for (const { name, rect } of order) {
    shifts.set(name, snap(y - rect.y));
    y += rect.height + LANE_GAP;
  }
  return shifts;
}

/** Moves each lane's cards up or down, seen as they go and made as one edit. */
function laneGesture(bench: Bench, from: Pointer, label: string, shiftsAt: Shifts, end = shiftsAt): Gesture {
  const { store, surface } = bench;
  const bands = [...surface.lanes];
  const starts = new Map(store.positions);
  const changes = (at: Pointer, shifts: Shifts): Change[] =>
    [...shifts(bands, at.world.y - from.world.y)].flatMap(([lane, dy]) =>
      dy === 0 ? [] : membersOf(bench, lane).flatMap((id) => shifted(bench, id, starts.get(id), dy)),
    );
  return {
    move: (at) => store.preview(changes(at, shiftsAt)),
    end(at) {
      const proposed = changes(at, end);
      if (proposed.length) store.edit(label, proposed);
      store.clearPreview();
    },
    cancel: () => store.clearPreview(),
  };
}

type Shifts = (bands: readonly LaneBand[], dy: number) => ReadonlyMap<string, number>;

function shifted({ store }: Bench, id: string, at: { x: number; y: number } | undefined, dy: number): Change[] {
  return at && store.nodes.has(id) ? [moveNode(store, id, { x: at.x, y: at.y + dy })] : [];
}

export function moveLane(bench: Bench, lane: string, from: Pointer): Gesture {
  const { surface } = bench;
  const members = membersOf(bench, lane);
  const label = `Move the lane ${shortened(lane)} (${counted(members.length, "card")})`;
  const follow: Shifts = (_, dy) => new Map([[lane, dy]]);
  const gesture = laneGesture(bench, from, label, follow, (bands, dy) => restacked(bands, lane, dy));
  surface.setState({ dragging: new Set([...members, laneId(lane)]), hover: null });
  const putDown = () => surface.setState({ dragging: new Set() });
  return {
    move: gesture.move,
    end(at) {
      gesture.end(at);
      putDown();
    },
    cancel() {
      gesture.cancel();
      putDown();
    },
  };
}

/** Drags the border below a lane: all lanes further down make room, or close up as far as its cards allow. */
export function resizeLane(bench: Bench, lane: string, from: Pointer): Gesture {
  const { surface } = bench;
  const spare = surface.laneSpare(lane);
  return laneGesture(bench, from, `Resize the lane ${shortened(lane)}`, (bands, dy) => {
    const at = bands.findIndex(({ name }) => name === lane);
    const by = snap(Math.max(dy, -spare));
    return new Map(bands.slice(at + 1).map(({ name }) => [name, by]));
  });
}

/** Selects what a lane holds; a folded one is its own card. */
export function selectLane(bench: Bench, lane: string, adds: boolean): void {
  const { session, shown } = bench;
  const ids = shown.nodes.has(laneId(lane))
    ? [laneId(lane)]
    : membersOf(bench, lane).filter((id) => shown.nodes.has(id));
  session.select(adds ? [...session.nodes, ...ids] : ids);
}
