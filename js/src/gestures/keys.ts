/** The keyboard on the canvas; nothing that is typed here reaches the notebook. */
import { listen } from "../drawing/dom";
import { byKeys, isReady } from "./actions";
import { ACTIONS } from "./all_actions";
import type { Bench } from "./bench";
import { counted, nodeTitle } from "./changes";
import { nudge } from "./nudge";
import type { PointerGestures } from "./pointer";
import { isField } from "./typing";

const STEP = 8;
const LEAP = 40;
/** The arrow keys' directions, by a small step, or a large one with Shift. */
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A key with what is held beside it, as the table of bindings writes it; a sign is itself, however it is typed. */
function nameOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): string {
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const held = [ctrlKey || metaKey ? "Mod+" : "", shiftKey && !isSign ? "Shift+" : ""];
  return held.join("") + (key.length === 1 ? key.toLowerCase() : key);
}

export function keys(bench: Bench, root: HTMLElement, pointer: PointerGestures): () => void {
  const { store, surface, session, shown, pan } = bench;
  const actions = byKeys(ACTIONS);
  const arrows = nudge(bench);

  const letGo = () => {
    if (pointer.cancel() || arrows.cancel()) return;
    session.clear();
  };
  /** To the next card in reading order; past the last one the focus leaves the map, as it should. */
  const walk = (event: KeyboardEvent, step: 1 | -1) => {
    const order = [...shown.positions].sort(([, a], [, b]) => a.x - b.x || a.y - b.y).map(([id]) => id);
    const [current] = session.nodes;
    const at = current === undefined ? (step > 0 ? -1 : order.length) : order.indexOf(current);
    const next = order[at + step];
    if (next === undefined) return;
    event.preventDefault();
    session.select([next]);
    surface.reveal(next);
    const node = shown.nodes.get(next);
    const flows = counted(store.flowsOf(next).size, "flow") || "no flows";
    if (node) session.set({ spoken: `${node.label}, ${nodeTitle(node.kind)}, ${flows}` });
    session.turnToSelection();
  };
  const arrow = ([x, y]: readonly [number, number], step: number) => {
    if (session.nodes.size && !bench.isReadOnly) arrows.by(x * step, y * step);
    else
      surface.setCamera({ ...surface.camera, x: surface.camera.x - x * step * 5, y: surface.camera.y - y * step * 5 });
  };
  const press = (event: KeyboardEvent) => {
    const { key, shiftKey, altKey } = event;
    const name = nameOf(event);
    const direction = name.startsWith("Mod+") ? undefined : ARROWS[key];
    const action = actions.get(name);
    if (altKey || action?.isNative) return;
    if (key === "Tab") walk(event, shiftKey ? -1 : 1);
    else if (direction || (action && isReady(action, bench))) {
      event.preventDefault();
      if (direction) arrow(direction, shiftKey ? LEAP : STEP);
      else {
        arrows.commit();
        action?.run(bench);
      }
    }
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (isField(event.composedPath()[0])) {
      if (event.key === "Escape") surface.element.focus({ preventScroll: true }); // out of a panel's field
      return;
    }
    if (event.key === "Escape") {
      letGo(); // also from a panel's button
      return;
    }
    const target = event.composedPath()[0];
    if (event.key === " " && target === surface.element) {
      event.preventDefault();
      pan.spaceHeld = true;
    }
    // A button in a panel keeps Enter, Space and Tab; undo works everywhere.
    const onCanvas = target instanceof Node && surface.element.contains(target);
    if (onCanvas || event.ctrlKey || event.metaKey) press(event);
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (event.key === " ") pan.spaceHeld = false;
    if (event.key.startsWith("Arrow")) arrows.commit();
  };
  const onBlur = () => {
    pan.spaceHeld = false;
    arrows.commit();
  };
  const keepIn = (event: Event) => event.stopPropagation();
  const unlisten = [
    listen(root, { keydown: onKeyDown, keyup: onKeyUp }),
    listen(surface.element, { blur: onBlur }),
    listen(root, { keydown: keepIn, keyup: keepIn, keypress: keepIn, paste: keepIn, copy: keepIn, cut: keepIn }),
  ];
  return () => {
    for (const stop of unlisten) stop();
  };
}
