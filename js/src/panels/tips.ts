/** Words for what bears only a sign: shown beside it on pointing, after a moment, with the key that does the same. */
import { div, listen } from "../drawing/dom";
import { clamp } from "../drawing/geometry";

const DELAY_MS = 400;
/** Going on along a row of buttons the next one tells at once. */
const WARM_MS = 300;
const GAP = 8;

/** Of every element in `root` with a `data-tip`, and of a text with `data-cut` where it is cut short. */
export function tips(root: HTMLElement): () => void {
  const tip = div("tip");
  tip.role = "tooltip";
  tip.hidden = true;
  root.append(tip);
  let of: HTMLElement | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiddenAt = Number.NEGATIVE_INFINITY;

  const hide = () => {
    clearTimeout(timer);
    if (!tip.hidden) hiddenAt = performance.now();
    tip.hidden = true;
    of = null;
  };
  const show = (element: HTMLElement) => {
    const words = wordsOf(element);
    // An open list says more than its button's tip, and would be covered by it.
    if (!words || !element.isConnected || element.ariaExpanded === "true") return;
    tip.textContent = words;
    const { keys } = element.dataset;
    if (keys) {
      const key = document.createElement("kbd");
      key.textContent = keys;
      tip.append(" ", key);
    }
    tip.hidden = false;
    place(tip, element, root);
  };
  const point = (event: Event, isHere: boolean) => {
    const element =
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-tip], [data-cut]") : null;
    if (element === of) return;
    hide();
    if (!element || !isHere) return;
    of = element;
    const isWarm = performance.now() - hiddenAt < WARM_MS;
    timer = setTimeout(() => show(element), isWarm ? 0 : DELAY_MS);
  };
  return listen(root, {
    pointerover: (event) => point(event, event.pointerType !== "touch"),
    pointerleave: hide,
    pointerdown: hide,
    focusin: (event) => point(event, event.target instanceof Element && event.target.matches(":focus-visible")),
    focusout: hide,
    keydown: hide,
    wheel: hide,
  });
}

function wordsOf(element: HTMLElement): string {
  const { tip } = element.dataset;
  if (tip) return tip;
  return element.scrollWidth > element.clientWidth ? (element.textContent ?? "") : "";
}

/** Under the element, or beside it in a row that goes downward; never out of the view. */
function place(tip: HTMLElement, element: HTMLElement, root: HTMLElement): void {
  const box = element.getBoundingClientRect();
  const room = root.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = tip;
  const isColumn = element.closest("[aria-orientation=vertical]") !== null;
  let x = box.left + (box.width - width) / 2;
  let y = box.bottom + GAP;
  if (isColumn) {
    y = box.top + (box.height - height) / 2;
    x = box.right + GAP;
    if (x + width > room.right - GAP) x = box.left - GAP - width;
  } else if (y + height > room.bottom - GAP) y = box.top - GAP - height;
  tip.style.left = `${clamp(x - room.left, GAP, Math.max(room.width - width - GAP, GAP))}px`;
  tip.style.top = `${y - room.top}px`;
}
