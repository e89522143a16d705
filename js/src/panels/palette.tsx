/** What can be put on the map: click adds in the middle, drag drops where it is let go. */
import { NODE_KINDS } from "../generated/schema";
import { activeKind, addInView } from "../gestures/add";
import { ACTIONS } from "../gestures/all_actions";
import { lensNodeKinds, nodeTitle } from "../gestures/changes";
import { dragFromPalette } from "../gestures/palette_drag";
import { Button, Icon } from "./buttons";
import type { PanelContext } from "./context";
import { Dropdown } from "./dropdown";

/** A tool of the bar, or with `close` an item of the list. */
function kindButton(context: PanelContext, kind: string, close?: () => void) {
  const title = nodeTitle(kind);
  const isActive = activeKind(context) === kind;
  const add = () => {
    close?.();
    context.session.set({ kind });
    addInView(context, kind);
  };
  return (
    <Button
      key={kind}
      role={close ? "menuitem" : undefined}
      class={close ? "item item-icon" : `tool${isActive ? " on" : ""}`}
      aria-label={`Add a ${title.toLowerCase()}`}
      aria-pressed={close ? undefined : isActive}
      data-tip={close ? undefined : `${title}: click to add, or drag onto the map`}
      data-keys={isActive ? "N" : undefined}
      onPointerDown={(event) => dragFromPalette(context, kind, event, close)}
      onClick={add}
    >
      <Icon name={kind} />
      {close && <span>{title}</span>}
    </Button>
  );
}

function runAction(context: PanelContext, name: string): void {
  ACTIONS.find((action) => action.name === name)?.run(context);
}

export function Palette({ context }: { context: PanelContext }) {
  const { session, store, isNarrow } = context;
  const first = new Set([...lensNodeKinds(store.lens), ...Object.keys(NODE_KINDS)].slice(0, 6));
  // A kind in hand stays in sight, also when it is none of the lens's own.
  if (session.kind) first.add(session.kind);
  const rest = Object.keys(NODE_KINDS).filter((kind) => isNarrow || !first.has(kind));
  const title = isNarrow ? "Add a card" : "More kinds";
  return (
    <div class="panel crm-palette" role="toolbar" aria-label="Add to the map" aria-orientation="vertical">
      {!isNarrow && [...first].map((kind) => kindButton(context, kind))}
      {rest.length > 0 && (
        <Dropdown
          label="Kinds of card"
          listClass="menu-kinds"
          button={{ class: "tool", "aria-label": title, "data-tip": title }}
          face={<Icon name={isNarrow ? "add" : "more"} />}
          items={(close) => rest.map((kind) => kindButton(context, kind, close))}
        />
      )}
      <Button
        class={`tool${session.tool === "lasso" ? " on" : ""}`}
        aria-label="Lasso"
        aria-pressed={session.tool === "lasso"}
        data-tip="Select with a line drawn around cards"
        data-keys="L"
        onClick={() => {
          runAction(context, "lasso");
          context.surface.element.focus({ preventScroll: true });
        }}
      >
        <Icon name="lasso" />
      </Button>
      <Button
        class={`tool${session.isEntryOpen ? " on" : ""}`}
        aria-label="Type or paste cards"
        aria-pressed={session.isEntryOpen}
        data-tip="Type or paste cards"
        data-keys="Q"
        onClick={() => runAction(context, "quick_entry")}
      >
        <Icon name="type" />
      </Button>
    </div>
  );
}
