/** Puts what was copied on the map: cards as they were, or text as it would be typed; where the hand points. */
import { contains, type Point, type Rect } from "../drawing/geometry";
import { type Change, LIMITS } from "../generated/schema";
import { type Clip, clipOf, outlinesOf } from "../model/clip";
import { readClip } from "../model/clip_reading";
import { kindOf } from "../model/kinds";
import { attributesAt } from "./belonging";
import type { Bench } from "./bench";
import { counted } from "./changes";
import { clearShift } from "./clear_place";
import { type Copies, copiesOf, heldLike, inWords } from "./copies";
import { snap } from "./grid";
import { addTyped } from "./quick_entry";

/** What the kernel takes as one text. */
const MOST_CHARACTERS = 100_000;

/** Where a paste is meant to be: where the hand points, beside what is selected and in sight, or in the middle. */
export function pastePoint({ spot, surface, session, store }: Bench): Point {
  if (spot.pointed) return spot.pointed;
  const view = surface.element.getBoundingClientRect();
  for (const id of session.nodes) {
    const at = store.positions.get(id);
    if (at && contains(view, surface.toClient(at))) return at;
  }
  return spot.middle;
}

/** Text goes to the kernel, which builds it as it builds what is typed. */
export function pasteText(bench: Bench, text: string, at: Point): void {
  const { session } = bench;
  if (text.length > MOST_CHARACTERS) {
    const [most, given] = [MOST_CHARACTERS, text.length].map((n) => n.toLocaleString("en"));
    session.toast("warn", `A pasted text has at most ${most} characters; this has ${given}.`);
    return;
  }
  const tell = (reason: string) => {
    if (reason) session.toast("warn", `This cannot be pasted: ${reason}`);
  };
  addTyped(bench, text, tell, { x: snap(at.x), y: snap(at.y) });
}

/** The copies, clear of other cards as near to the point as can be, as one step; they belong to what lies there. */
export function pasteClip(bench: Bench, text: string, at: Point): void {
  const { clip, problem } = readClip(text);
  if (!clip) {
    bench.session.toast("warn", problem);
    return;
  }
  const middle = clearMiddle(bench, clip, at);
  const copies = copiesOf(bench.store, clip, ({ x, y }) => attributesAt(bench, { x: middle.x + x, y: middle.y + y }));
  const changes = [...copies.elements, ...copies.places(middle)];
  const tooMuch = whyTooMuch(bench, changes, copies.nodes.length);
  if (tooMuch) bench.session.toast("warn", tooMuch);
  else putDown(bench, `Paste ${inWords(clip)}`, "Pasted", copies, changes);
}

/** Copies of what is selected, right beside it and held by the same. */
export function duplicate(bench: Bench): void {
  const { store, session } = bench;
  const clip = clipOf(store, session.nodes);
  const [first] = clip.nodes;
  const at = first && store.positions.get(first.id);
  if (!at) return;
  const middle = clearMiddle(bench, clip, { x: at.x - first.x, y: at.y - first.y });
  const copies = copiesOf(store, clip, ({ id }) => heldLike(store, id));
  putDown(bench, `Duplicate ${inWords(clip)}`, "Duplicated", copies, [...copies.elements, ...copies.places(middle)]);
}

/** They are selected then. */
function putDown(bench: Bench, label: string, said: string, { nodes, flows }: Copies, changes: Change[]): void {
  const { store, session, surface } = bench;
  store.edit(label, changes);
  session.select(nodes, flows);
  session.set({ spoken: `${said} ${counted(nodes.length, "card")}` });
  const [id] = nodes;
  if (id !== undefined) surface.reveal(id);
}

/** Where the middle of a clip comes to lie: its first card meets the grid, the others keep their distance to it. */
function clearMiddle(bench: Bench, clip: Clip, at: Point): Point {
  const [first = { x: 0, y: 0 }] = clip.nodes;
  const middle = { x: snap(at.x + first.x) - first.x, y: snap(at.y + first.y) - first.y };
  const boxes = outlinesOf(clip.nodes).map((box) => ({ ...box, x: box.x + middle.x, y: box.y + middle.y }));
  const shift = clearShift(boxes, (box) => isFree(bench, box));
  return { x: middle.x + shift.x, y: middle.y + shift.y };
}

/** Whether no card lies there; in a frame there is room for more. */
function isFree({ surface, store }: Bench, box: Rect): boolean {
  const isFrame = (id: string): boolean => kindOf(store.nodes.get(id)?.kind ?? "").shape === "frame";
  return surface.nodesIn(box).every(isFrame);
}

function whyTooMuch({ store }: Bench, changes: readonly unknown[], n: number): string {
  const asked = `This cannot be pasted: it is ${counted(n, "card")}`;
  const write = (most: number): string => most.toLocaleString("en");
  if (store.nodes.size + n > LIMITS.nodes) return `${asked}, and a map has at most ${write(LIMITS.nodes)}.`;
  if (changes.length > LIMITS.message_changes)
    return `${asked} and more flows than one step takes, which is ${write(LIMITS.message_changes)} in all.`;
  // A quarter is kept for what the message says beside the changes, and for letters of several bytes.
  if (JSON.stringify(changes).length > LIMITS.message_bytes * 0.75)
    return `${asked} that say more than one step can carry. Paste them in parts.`;
  return "";
}
