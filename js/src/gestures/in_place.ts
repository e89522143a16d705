/** A native input laid over the map, where the text that it changes stands. */
import { div, listen, place } from "../drawing/dom";
import { clamp, type Rect } from "../drawing/geometry";
import type { Bench } from "./bench";
import { checkedName } from "./changes";

export interface InPlace {
  /** In client pixels; asked again whenever the camera moves. `null` ends the editing. */
  rect: () => Rect | null;
  value: string;
  label: string;
  className: string;
  placeholder?: string;
  /** Whether an empty text is an answer (a flow may go without a label). */
  mayBeEmpty?: boolean;
  /** Takes the checked text. */
  commit: (text: string) => void;
  onEnd?: () => void;
}

export function editInPlace(bench: Bench, options: InPlace): void {
  const { surface, layer } = bench;
  const input = document.createElement("input");
  Object.assign(input, { value: options.value, placeholder: options.placeholder ?? "", ariaLabel: options.label });
  Object.assign(input, { autocomplete: "off", spellcheck: false });
  const problem = div("inplace-problem");
  problem.role = "alert";
  problem.hidden = true;
  const holder = div(`inplace ${options.className}`, input, problem);
  layer.append(holder);

  let done = false;
  const end = () => {
    if (done) return;
    done = true;
    unfollow();
    const hadFocus = holder.matches(":focus-within");
    holder.remove();
    options.onEnd?.();
    if (hadFocus) surface.element.focus({ preventScroll: true });
  };
  const say = (sentence: string) => {
    problem.textContent = sentence;
    problem.hidden = sentence === "";
    input.ariaInvalid = String(sentence !== "");
  };
  const commit = (): boolean => {
    const { name, problem: reason } = checkedName(input.value);
    if (reason && !(options.mayBeEmpty && name === "")) {
      say(reason);
      return false;
    }
    if (name !== options.value) options.commit(name);
    return true;
  };

  const follow = () => {
    const rect = options.rect();
    if (!rect) {
      end();
      return;
    }
    const origin = layer.getBoundingClientRect();
    const { height } = rect;
    // The input stays whole inside the view, however small the card is or however near the edge.
    const width = Math.min(Math.max(rect.width, 120), Math.max(origin.width - 16, 80));
    const x = clamp(rect.x - origin.x - (width - rect.width) / 2, 8, origin.width - width - 8);
    const y = clamp(rect.y - origin.y, 8, Math.max(origin.height - height - 8, 8));
    place(holder, { x, y, width, height });
  };

  listen(input, {
    keydown(event) {
      if (event.isComposing || !["Enter", "Escape", "Tab"].includes(event.key)) return;
      event.preventDefault();
      if (event.key === "Escape") event.stopPropagation();
      if (event.key === "Escape" || commit()) end();
    },
    input: () => say(""),
    blur() {
      if (done || !holder.isConnected) return;
      commit(); // what cannot be taken is let go: the old text still stands
      end();
    },
  });
  const keep = (event: Event) => event.stopPropagation();
  listen(holder, { pointerdown: keep, dblclick: keep, wheel: keep });

  const unfollow = surface.onCamera(follow);
  follow();
  input.focus({ preventScroll: true });
  input.select();
}
