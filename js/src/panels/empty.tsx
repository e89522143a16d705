/** An empty map invites: double-click, type a list, pick a template. */
import { activeKind } from "../gestures/add";
import { labelled, nodeTitle } from "../gestures/changes";
import { Button } from "./buttons";
import type { PanelContext } from "./context";
import { TypedCards } from "./typed_cards";

export function Empty({ context }: { context: PanelContext }) {
  const { store, shown } = context;
  const within = shown.within ?? undefined;
  const kind = nodeTitle(activeKind(context)).toLowerCase();
  const title = within === undefined ? "Begin the map" : `Begin the inside of ${labelled(store, within)}`;
  const hasTemplates = within === undefined && store.about.templates.length > 0;
  if (context.isReadOnly)
    return (
      <section class="panel crm-empty" aria-label="Empty map">
        <p>{within === undefined ? "This map is empty." : "There is nothing inside."}</p>
      </section>
    );
  return (
    <section class="panel crm-empty" aria-label={title}>
      <h3>{title}</h3>
      <p>Double-click anywhere to add the first {kind}, or type the way that customers go:</p>
      <TypedCards context={context} label="The way that customers go" send="Build" rows={3} />
      {hasTemplates && <div class="caption">Or start from a template</div>}
      <div class="row">
        {(hasTemplates ? store.about.templates : []).map(({ name, title }) => (
          <Button class="button outline" key={name} onClick={() => store.build({ template: name })}>
            {title}
          </Button>
        ))}
      </div>
    </section>
  );
}
