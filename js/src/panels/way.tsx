/** Where the view is, below the toolbar: the way back out of a card that one has gone into. */
import { goInto } from "../gestures/groups";
import { Button, Icon } from "./buttons";
import type { PanelContext } from "./context";

export function Way({ context }: { context: PanelContext }) {
  const { shown, store } = context;
  const way = shown.way();
  if (way.length === 0) return null;
  const name = typeof store.map.name === "string" ? store.map.name : "Map";
  const steps: [string | null, string][] = [
    [null, name],
    ...way.map((id) => [id, store.nodes.get(id)?.label ?? id] as [string, string]),
  ];
  return (
    <nav class="panel crm-way" aria-label="The way back">
      <ol>
        {steps.map(([id, label], i) => (
          <li key={id ?? ""}>
            {i > 0 && <Icon name="folded" size={14} />}
            {i === steps.length - 1 ? (
              <span aria-current="location" title={label}>
                {label}
              </span>
            ) : (
              <Button class="link" title={label} onClick={() => goInto(context, id)}>
                {label}
              </Button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
