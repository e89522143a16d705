/** A native input laid over the map, where the text that it changes stands. */
import type { Rect } from "../drawing/geometry";
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
  /** Takes the checked text; a returned sentence refuses it. */
  commit: (text: string) => string | undefined;
  onEnd?: () => void;
}

export interface Editing {
  cancel(): void;
}

export function editInPlace(bench: Bench, options: InPlace): Editing {
  const { surface, layer } = bench;
  const holder = document.createElement("div");
  holder.className = `crm-inplace ${options.className}`;
  const input = document.createElement("input");
  input.type = "text";
  input.value = options.value;
  input.placeholder = options.placeholder ?? "";
  input.setAttribute("aria-label", options.label);
  input.autocomplete = "off";
  input.spellcheck = false;
  const problem = document.createElement("div");
  problem.className = "crm-inplace-problem";
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  holder.append(input, problem);
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
  const refuse = (sentence: string) => {
    problem.textContent = sentence;
    problem.hidden = false;
    input.setAttribute("aria-invalid", "true");
  };
  const commit = (): boolean => {
    const { name, problem: reason } = checkedName(input.value);
    const empty = !name && options.mayBeEmpty;
    const refusal = reason && !empty ? reason : name === options.value ? undefined : options.commit(name);
    if (!refusal) return true;
    refuse(refusal);
    return false;
  };

  const place = () => {
    const rect = options.rect();
    if (!rect) {
      end();
      return;
    }
    const origin = layer.getBoundingClientRect();
    // The input stays whole inside the view, however small the card is or however near the edge.
    const width = Math.min(Math.max(rect.width, 120), Math.max(origin.width - 16, 80));
    const left = Math.min(Math.max(rect.x - origin.x - (width - rect.width) / 2, 8), origin.width - width - 8);
    const top = Math.min(Math.max(rect.y - origin.y, 8), Math.max(origin.height - rect.height - 8, 8));
    Object.assign(holder.style, {
      left: `${left}px`,
      top: `${top}px`,
      width: `${width}px`,
      height: `${rect.height}px`,
    });
  };

  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (commit()) end();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      end();
    } else if (event.key === "Tab") {
      event.preventDefault();
      if (commit()) end();
    }
  });
  input.addEventListener("input", () => {
    problem.hidden = true;
    input.removeAttribute("aria-invalid");
  });
  input.addEventListener("blur", () => {
    if (done || !holder.isConnected) return;
    commit(); // what cannot be taken is let go: the old text still stands
    end();
  });
  for (const name of ["pointerdown", "dblclick", "wheel"] as const)
    holder.addEventListener(name, (event) => event.stopPropagation());

  const unfollow = surface.onCamera(place);
  place();
  input.focus({ preventScroll: true });
  input.select();
  return { cancel: end };
}
