/** An empty map invites: double-click, type a list, pick a template. */
import { activeKind } from "../gestures/add";
import { nodeTitle } from "../gestures/changes";
import { Button } from "./buttons";
import type { PanelContext } from "./context";
import { TypedCards } from "./typed_cards";

export function Empty({ context }: { context: PanelContext }) {
  const { store } = context;
  const kind = nodeTitle(activeKind(context)).toLowerCase();
  if (context.isReadOnly)
    return (
      <section class="panel crm-empty" aria-label="Empty map">
        <p>This map is empty.</p>
      </section>
    );
  return (
    <section class="panel crm-empty" aria-label="Begin the map">
      <h3>Begin the map</h3>
      <p>Double-click anywhere to add the first {kind}, or type the way that customers go:</p>
      <TypedCards context={context} label="The way that customers go" send="Build" rows={3} />
      {store.about.templates.length > 0 && <div class="caption">Or start from a template</div>}
      <div class="row">
        {store.about.templates.map(({ name, title }) => (
          <Button class="button outline" key={name} onClick={() => store.build({ template: name })}>
            {title}
          </Button>
        ))}
      </div>
    </section>
  );
}
