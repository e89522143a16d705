/** The keyboard on the canvas; nothing that is typed here reaches the notebook. */
import { listen } from "../drawing/dom";
import { byKeys, isReady } from "./actions";
import { ACTIONS } from "./all_actions";
import type { Bench } from "./bench";
import { isFullScreen, toggleFullScreen } from "./full_screen";
import { nudge } from "./nudge";
import type { PointerGestures } from "./pointer";
import { isField } from "./typing";
import { endGathering, stepCard } from "./walk";

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
function nameOf(event: KeyboardEvent): string {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (key === " ") return "Space";
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase();
  const hasMod = (ctrlKey || metaKey) && !event.getModifierState("AltGraph");
  const held = [hasMod ? "Mod+" : "", altKey && !isSign ? "Alt+" : "", shiftKey && !isSign ? "Shift+" : ""];
  return held.join("") + (key.length === 1 ? key.toLowerCase() : key);
}

export function keys(bench: Bench, root: HTMLElement, pointer: PointerGestures): () => void {
  const { surface, session, pan } = bench;
  const actions = byKeys(ACTIONS);
  const ready = (name: string) => actions.get(name)?.find((action) => isReady(action, bench));
  const arrows = nudge(bench);

  /** One thing at a time, the newest first. */
  const letGo = () => {
    if (pointer.cancel() || arrows.cancel() || endGathering(bench)) return;
    if (session.tool) session.set({ tool: null });
    else if (session.findOpen || session.left === "keys")
      session.set({ findOpen: false, left: session.left === "keys" ? null : session.left });
    else if (!session.isEmpty || session.ghost !== null) session.clear();
    // A browser that takes Escape itself has left before.
    else if (isFullScreen(bench)) toggleFullScreen(bench);
  };
  const arrow = ([x, y]: readonly [number, number], step: number) => {
    if (session.nodes.size && !bench.isReadOnly) arrows.by(x * step, y * step);
    else
      surface.setCamera({ ...surface.camera, x: surface.camera.x - x * step * 5, y: surface.camera.y - y * step * 5 });
  };
  const press = (event: KeyboardEvent) => {
    const { key, shiftKey } = event;
    const name = nameOf(event);
    if (actions.get(name)?.[0]?.isNative) return;
    const action = ready(name);
    const direction = /^(Shift\+)?Arrow/.test(name) ? ARROWS[key] : undefined;
    if (key === "Tab") {
      if (stepCard(bench, shiftKey ? -1 : 1)) event.preventDefault();
    } else if (direction) {
      event.preventDefault();
      arrow(direction, shiftKey ? LEAP : STEP);
    } else if (action) {
      event.preventDefault();
      arrows.commit();
      action.run(bench);
    }
  };

  /** Whether the space bar is down and has not served to pan. */
  let isTap = false;
  const onSpace = (event: KeyboardEvent) => {
    event.preventDefault();
    isTap ||= !event.repeat;
    pan.spaceHeld = true;
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.composedPath()[0];
    const onCanvas = target instanceof Node && surface.element.contains(target);
    if (event.key === "Escape" && !onCanvas) {
      // Out of a panel's field or button; what the pointer holds is let go all the same.
      if (!pointer.cancel()) surface.element.focus({ preventScroll: true });
    } else if (isField(target)) return;
    else if (event.key === "Escape") letGo();
    else if (event.key === " " && onCanvas) onSpace(event);
    // A button in a panel keeps Enter, Space and Tab; undo works everywhere, the outline knows its own keys.
    else if (onCanvas || event.ctrlKey || event.metaKey) press(event);
  };
  const onKeyUp = (event: KeyboardEvent) => {
    if (event.key === " ") {
      if (isTap) ready("Space")?.run(bench);
      isTap = false;
      pan.spaceHeld = false;
    }
    if (event.key.startsWith("Arrow")) arrows.commit();
  };
  const onBlur = () => {
    pan.spaceHeld = false;
    isTap = false;
    arrows.commit();
  };
  const keepIn = (event: Event) => event.stopPropagation();
  const unlisten = [
    listen(root, { keydown: onKeyDown, keyup: onKeyUp }),
    listen(surface.element, {
      blur: onBlur,
      pointerdown() {
        isTap = false;
      },
    }),
    listen(root, { keydown: keepIn, keyup: keepIn, keypress: keepIn, paste: keepIn, copy: keepIn, cut: keepIn }),
  ];
  return () => {
    for (const stop of unlisten) stop();
  };
}
