/** Copies on the move: shown where they would come to lie while the originals stay, then added there as one edit. */
import type { Point } from "../drawing/geometry";
import { type Clip, clipOf } from "../model/clip";
import type { Store } from "../model/store";
import { copiesOf, heldLike, inWords } from "./copies";
import type { Move } from "./move";

export function startCopy(store: Store, ids: Iterable<string>): Move {
  const clip: Clip = clipOf(store, ids);
  const copies = copiesOf(store, clip, ({ id }) => heldLike(store, id));
  const [first] = clip.nodes;
  const at = (first && store.positions.get(first.id)) ?? { x: 0, y: 0 };
  const origin: Point = { x: at.x - (first?.x ?? 0), y: at.y - (first?.y ?? 0) };
  let shift = { x: 0, y: 0 };
  const changes = () => [...copies.elements, ...copies.places({ x: origin.x + shift.x, y: origin.y + shift.y })];
  store.preview(changes()); // they have to be there to be lifted
  return {
    ids: () => copies.nodes,
    by(x, y) {
      shift = { x, y };
      store.preview(changes());
    },
    commit(more = [], into = "") {
      if (shift.x || shift.y) store.edit(`Duplicate ${inWords(clip)}${into}`, [...changes(), ...more]);
      store.clearPreview();
    },
    cancel: () => store.clearPreview(),
  };
}
