/** A small panel over a map that has cards already, to type or paste more of them. */
import { IconButton } from "./buttons";
import type { PanelContext } from "./context";
import { TypedCards } from "./typed_cards";

export function QuickEntry({ context }: { context: PanelContext }) {
  const { session, surface } = context;
  const close = () => {
    session.set({ isEntryOpen: false });
    surface.element.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close(); // what was typed is there when it is opened again
  };
  return (
    <section class="panel crm-entry" aria-label="Type or paste cards" onKeyDown={onKeyDown}>
      <header>
        <h3>Type or paste cards</h3>
        <IconButton icon="close" label="Close" keys="Escape" class="small" onClick={close} />
      </header>
      <p class="hint">A chain, a list, or a table with a column “Stage”. A name that is here already is that card.</p>
      <TypedCards context={context} label="Cards and flows" send="Add" rows={4} onAdded={close} />
    </section>
  );
}
