/** Icons and buttons of the panels. */
import type { ButtonHTMLAttributes } from "preact";
import { ICONS } from "../drawing/icons";

export function Icon({ name, size = 18 }: { name: string; size?: number }) {
  return (
    <svg class="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <path d={ICONS[name] ?? ICONS.stage} />
    </svg>
  );
}

/** What every button can bear beside what HTML gives it. */
export interface ButtonProps extends ButtonHTMLAttributes {
  /** Words that show on pointing, and the keys that do the same (tips.ts). */
  "data-tip"?: string | undefined;
  "data-keys"?: string | undefined;
}

export function Button(props: ButtonProps) {
  return <button type="button" {...props} />;
}

interface IconButtonProps {
  icon: string;
  label: string;
  /** The keys that do the same, for the tooltip. */
  keys?: string | undefined;
  disabled?: boolean;
  onClick: () => void;
  class?: string;
  /** By which it can be given the focus. */
  focusName?: string;
}

export function IconButton({ icon, label, keys, class: name = "", focusName, ...rest }: IconButtonProps) {
  return (
    <Button
      class={`button ${name}`}
      aria-label={label}
      data-tip={label}
      data-keys={keys}
      data-focus={focusName}
      {...rest}
    >
      <Icon name={icon} />
    </Button>
  );
}

const IS_MAC = typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform);

const SIGNS: Readonly<Record<string, string>> = {
  ...(IS_MAC ? { Mod: "⌘", Ctrl: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↩", Delete: "⌫" } : { Mod: "Ctrl" }),
  ContextMenu: "Menu",
};

/** A shortcut as this machine writes it. */
export function shortcut(keys: string): string {
  const parts = keys.match(/[^+]+|\+$/g) ?? [];
  const written = parts.map((part) => SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part));
  return written.join(IS_MAC ? "" : "+");
}
