/** The keyboard on the canvas; nothing that is typed here reaches the notebook. */
import { createKeybindingsHandler } from "tinykeys";
import { addInView } from "./add";
import type { Bench } from "./bench";
import { counted, nodeTitle } from "./changes";
import { nudge } from "./nudge";
import type { PanZoom } from "./pan_zoom";
import type { PointerGestures } from "./pointer";
import { removeSelection } from "./remove";
import { renameFlow, renameNode } from "./rename";

const STEP = 8;
const LEAP = 40;
const KEPT_IN = ["keydown", "keyup", "keypress", "paste", "copy", "cut"] as const;

function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null;
}

export function keys(bench: Bench, root: HTMLElement, pan: PanZoom, pointer: PointerGestures): () => void {
  const { store, surface, session } = bench;
  const arrows = nudge(bench);

  const rename = () => {
    const [node] = session.nodes;
    const [flow] = session.flows;
    if (node !== undefined) renameNode(bench, node);
    else if (flow !== undefined) renameFlow(bench, flow);
  };
  const letGo = () => {
    if (pointer.cancel() || arrows.cancel()) return;
    session.clear();
  };
  /** To the next card in reading order; past the last one the focus leaves the map, as it should. */
  const walk = (event: KeyboardEvent, step: 1 | -1) => {
    const order = [...store.positions].sort(([, a], [, b]) => a.x - b.x || a.y - b.y).map(([id]) => id);
    const [current] = session.nodes;
    const at = current === undefined ? (step > 0 ? -1 : order.length) : order.indexOf(current);
    const next = order[at + step];
    if (next === undefined) return;
    event.preventDefault();
    session.select([next]);
    surface.reveal(next);
    const node = store.nodes.get(next);
    const flows = counted(store.flowsOf(next).size, "flow") || "no flows";
    if (node) session.set({ spoken: `${node.label}, ${nodeTitle(node.kind)}, ${flows}`, tab: "details" });
  };
  const arrow = (x: number, y: number) => (event: KeyboardEvent) => {
    event.preventDefault();
    if (session.nodes.size) arrows.by(x, y);
    else surface.setCamera({ ...surface.camera, x: surface.camera.x - x * 5, y: surface.camera.y - y * 5 });
  };
  const does = (run: () => void) => (event: KeyboardEvent) => {
    event.preventDefault();
    arrows.commit();
    run();
  };
  const redo = does(() => store.redo());
  const remove = does(() => removeSelection(bench));
  const renames = does(rename);

  const bindings = createKeybindingsHandler({
    ArrowLeft: arrow(-STEP, 0),
    ArrowRight: arrow(STEP, 0),
    ArrowUp: arrow(0, -STEP),
    ArrowDown: arrow(0, STEP),
    "Shift+ArrowLeft": arrow(-LEAP, 0),
    "Shift+ArrowRight": arrow(LEAP, 0),
    "Shift+ArrowUp": arrow(0, -LEAP),
    "Shift+ArrowDown": arrow(0, LEAP),
    "$mod+z": does(() => store.undo()),
    "$mod+Shift+z": redo,
    "$mod+Shift+Z": redo,
    "$mod+y": redo,
    "$mod+a": does(() => session.select(store.nodes.keys(), store.flows.keys())),
    f: does(() => surface.fit(session.nodes.size ? session.nodes : undefined, { animate: true })),
    n: does(() => addInView(bench)),
    Delete: remove,
    Backspace: remove,
    F2: renames,
    Enter: renames,
    "+": does(() => pan.zoomBy(1.3)),
    "Shift++": does(() => pan.zoomBy(1.3)),
    "=": does(() => pan.zoomBy(1.3)),
    "-": does(() => pan.zoomBy(1 / 1.3)),
    "0": does(() => pan.zoomTo(1)),
    Tab: (event) => walk(event, 1),
    "Shift+Tab": (event) => walk(event, -1),
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (isTyping(event)) {
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
    if (onCanvas || event.ctrlKey || event.metaKey) bindings(event);
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

  root.addEventListener("keydown", onKeyDown);
  root.addEventListener("keyup", onKeyUp);
  surface.element.addEventListener("blur", onBlur);
  for (const name of KEPT_IN) root.addEventListener(name, keepIn);
  return () => {
    root.removeEventListener("keydown", onKeyDown);
    root.removeEventListener("keyup", onKeyUp);
    surface.element.removeEventListener("blur", onBlur);
    for (const name of KEPT_IN) root.removeEventListener(name, keepIn);
  };
}
