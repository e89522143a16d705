/** What can be put on the map: click adds in the middle, drag drops where it is let go. */
import { NODE_KINDS } from "../generated/schema";
import { activeKind, addInView } from "../gestures/add";
import { lensNodeKinds, nodeTitle } from "../gestures/changes";
import { dragFromPalette } from "../gestures/palette_drag";
import type { PanelContext } from "./context";
import { Icon } from "./icons";
import { Menu, type Popover, usePopover } from "./popover";

function KindButton({ context, kind, popover }: { context: PanelContext; kind: string; popover?: Popover }) {
  const { session } = context;
  const title = nodeTitle(kind);
  const add = () => {
    popover?.close();
    session.set({ kind });
    addInView(context, kind);
  };
  const isActive = activeKind(context) === kind;
  return (
    <button
      type="button"
      role={popover ? "menuitem" : undefined}
      class={popover ? "crm-item crm-item-icon" : `crm-tool${isActive ? " crm-on" : ""}`}
      aria-label={`Add a ${title.toLowerCase()}`}
      aria-pressed={popover ? undefined : isActive}
      title={`${title}: click to add, or drag onto the map${isActive ? " (N)" : ""}`}
      onPointerDown={(event) => dragFromPalette(context, kind, event, () => popover?.close())}
      onClick={add}
    >
      <Icon name={kind} />
      {popover && <span>{title}</span>}
    </button>
  );
}

export function Palette({ context }: { context: PanelContext }) {
  const popover = usePopover();
  const { session, store, isNarrow } = context;
  const first = [...lensNodeKinds(store.lens)].slice(0, 6);
  // A kind in hand stays in sight, also when it is none of the lens's own.
  if (session.kind && !first.includes(session.kind)) first.push(session.kind);
  const rest = Object.keys(NODE_KINDS).filter((kind) => isNarrow || !first.includes(kind));
  return (
    <div class="crm-panel crm-palette" role="toolbar" aria-label="Add to the map" aria-orientation="vertical">
      {!isNarrow && first.map((kind) => <KindButton key={kind} context={context} kind={kind} />)}
      {rest.length > 0 && (
        <div class="crm-anchor" ref={popover.ref}>
          <button
            type="button"
            class="crm-tool"
            aria-haspopup="menu"
            aria-expanded={popover.isOpen}
            aria-label={isNarrow ? "Add a card" : "More kinds"}
            title={isNarrow ? "Add a card" : "More kinds"}
            onClick={popover.toggle}
          >
            <Icon name={isNarrow ? "add" : "more"} />
          </button>
          {popover.isOpen && (
            <Menu label="Kinds of card" popover={popover} class="crm-menu-kinds">
              {rest.map((kind) => (
                <KindButton key={kind} context={context} kind={kind} popover={popover} />
              ))}
            </Menu>
          )}
        </div>
      )}
    </div>
  );
}
