/** A list that opens under a button and closes by itself. */
import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

export interface Popover {
  isOpen: boolean;
  toggle(): void;
  close(): void;
  /** Around the button and the list: a press outside closes. */
  ref: RefObject<HTMLDivElement | null>;
}

export function usePopover(): Popover {
  const [isOpen, setOpen] = useState(false);
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const root = ref.current?.getRootNode();
    const onPress = (event: Event) => {
      if (!event.composedPath().includes(ref.current as EventTarget)) setOpen(false);
    };
    root?.addEventListener("pointerdown", onPress, true);
    ref.current?.querySelector<HTMLElement>("[role=menu] button:not([aria-disabled=true])")?.focus();
    return () => root?.removeEventListener("pointerdown", onPress, true);
  }, [isOpen]);
  const close = () => {
    // The focus must not fall out of the map with the list that vanishes.
    if (ref.current?.querySelector("[role=menu]:focus-within"))
      ref.current.querySelector<HTMLElement>("[aria-haspopup]")?.focus();
    setOpen(false);
  };
  return { isOpen, toggle: () => setOpen(!isOpen), close, ref };
}

interface MenuProps {
  label: string;
  popover: Popover;
  class?: string;
  children: ComponentChildren;
}

/** The opened list: arrows walk, Escape goes back to the button. */
export function Menu({ label, popover, class: name = "", children }: MenuProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    const list = event.currentTarget as HTMLElement;
    const items = [...list.querySelectorAll<HTMLElement>("button")];
    const at = items.indexOf((list.getRootNode() as ShadowRoot).activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      items[(to + items.length) % items.length]?.focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      popover.close();
    }
  };
  return (
    <div class={`crm-panel crm-menu ${name}`} role="menu" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown}>
      {children}
    </div>
  );
}
