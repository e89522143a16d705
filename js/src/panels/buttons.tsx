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

/** The button that sends what is written in a form, as Ctrl+Enter in its text does. */
export function SendButton({ label, disabled }: { label: string; disabled: boolean }) {
  return (
    <button
      type="submit"
      class="button primary"
      disabled={disabled}
      data-tip={label}
      data-keys={shortcut("Ctrl+Enter")}
    >
      {label}
    </button>
  );
}

interface IconButtonProps {
  icon: string;
  label: string;
  /** The keys that do the same, for the tooltip. */
  keys?: string | undefined;
  disabled?: boolean;
  tabIndex?: number;
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

const ON_MAC: Readonly<Record<string, string>> = {
  Mod: "⌘",
  Ctrl: "⌘",
  Shift: "⇧",
  Alt: "⌥",
  Enter: "↩",
  Delete: "⌫",
};
const NAMES: Readonly<Record<string, string>> = {
  Mod: "Ctrl",
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  Delete: "Del",
  ContextMenu: "Menu",
  PageUp: "Page ↑",
  PageDown: "Page ↓",
  "-": "−",
};

/** The keys of a shortcut one by one, as this machine writes them. */
export function keyNames(shortcut: string, isMac = IS_MAC): string[] {
  const names = shortcut.split(/(?<=.)\+/).map((key) => (isMac && ON_MAC[key]) || NAMES[key] || key);
  return names.map((name) => (name.length === 1 ? name.toUpperCase() : name));
}

/** A shortcut as this machine writes it. */
export function shortcut(keys: string, isMac = IS_MAC): string {
  return keyNames(keys, isMac).join(isMac ? "" : "+");
}
