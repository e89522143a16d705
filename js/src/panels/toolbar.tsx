/** The bar on top: the map's name, its size and state, the actions that concern all of it. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { LENSES, LIMITS } from "../generated/schema";
import { nodeTitle } from "../gestures/changes";
import { AskMenu } from "./ask_menu";
import type { PanelContext } from "./context";
import { Icon, IconButton, shortcut } from "./icons";

export function Toolbar({ context }: { context: PanelContext }) {
  const { store, session } = context;
  const { status } = store;
  const lens = LENSES[store.lens]?.title ?? store.lens;
  const isEmpty = store.nodes.size === 0;
  const state = stateOf(context);
  const undo = status.undo_label ? `Undo: ${status.undo_label}` : "Undo";
  const redo = status.redo_label ? `Redo: ${status.redo_label}` : "Redo";
  const arrange = () => {
    store.arrange();
    session.set({ spoken: "The map is laid out again; pinned cards stay" });
  };
  return (
    <div class="crm-panel crm-toolbar" role="toolbar" aria-label="Map">
      <MapName context={context} />
      <span class="crm-state" title={state}>
        {state}
      </span>
      {status.problem && (
        <span class="crm-problem" role="alert" title={status.problem}>
          <Icon name="warning" size={16} />
          <span class="crm-wide">{status.problem}</span>
        </span>
      )}
      <span class="crm-space" />
      <span class="crm-lens" title={LENSES[store.lens]?.question ?? ""}>
        {lens}
      </span>
      <span class="crm-buttons">
        <IconButton icon="arrange" label="Lay the map out again" disabled={isEmpty} onClick={arrange} />
        <IconButton
          icon="undo"
          label={undo}
          keys={shortcut("Ctrl+Z")}
          disabled={!status.can_undo}
          onClick={() => store.undo()}
        />
        <IconButton
          icon="redo"
          label={redo}
          keys={shortcut("Ctrl+Shift+Z")}
          disabled={!status.can_redo}
          onClick={() => store.redo()}
        />
      </span>
      <AskMenu context={context} />
    </div>
  );
}

/** “7 stages · 8 flows · saved” */
function stateOf({ store, isStuck }: PanelContext): string {
  const kinds = new Set<string>();
  for (const { kind } of store.nodes.values()) kinds.add(kind);
  const [only] = kinds;
  const noun = kinds.size === 1 && only !== undefined ? nodeTitle(only).toLowerCase() : "card";
  const size = store.nodes.size ? [plural(store.nodes.size, noun), plural(store.flows.size, "flow")] : ["empty"];
  const waiting = isStuck ? "not saved" : "saving…";
  return [...size, store.unsaved() ? waiting : store.status.saved].filter(Boolean).join(" · ");
}

export function plural(n: number, noun: string): string {
  const many = noun.endsWith("y") ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${n.toLocaleString("en").replaceAll(",", "\u202f")} ${n === 1 ? noun : many}`;
}

function MapName({ context }: { context: PanelContext }) {
  const { store, surface } = context;
  const [draft, setDraft] = useState<string | null>(null);
  const cancelled = useRef(false);
  const input = useRef<HTMLInputElement | null>(null);
  const isOpen = draft !== null;
  useLayoutEffect(() => {
    if (isOpen) input.current?.select();
  }, [isOpen]);
  const name = typeof store.map.name === "string" ? store.map.name : "Map";
  if (draft === null) {
    return (
      <button type="button" class="crm-name" title={`${name}: click to rename the map`} onClick={() => setDraft(name)}>
        {name}
      </button>
    );
  }
  const finish = () => {
    const next = draft.replace(/\s+/g, " ").trim();
    if (!cancelled.current && next && next !== name)
      store.edit(`Rename the map to ${next.slice(0, 40)}`, [{ at: ["map"], set: { name: next } }]);
    cancelled.current = false;
    setDraft(null);
  };
  return (
    <input
      class="crm-name crm-input"
      aria-label="Name of the map"
      maxLength={LIMITS.label_characters}
      value={draft}
      ref={input}
      onInput={(event) => setDraft(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Escape") cancelled.current = true;
        if (event.key === "Escape" || event.key === "Enter") surface.element.focus({ preventScroll: true });
      }}
    />
  );
}
