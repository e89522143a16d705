/** An empty map invites: double-click, type a list, pick a template. */
import { useState } from "preact/hooks";
import { activeKind } from "../gestures/add";
import { nodeTitle } from "../gestures/changes";
import type { PanelContext } from "./context";

export function Empty({ context }: { context: PanelContext }) {
  const { store } = context;
  const [text, setText] = useState("");
  const build = () => {
    if (text.trim()) store.build({ text });
  };
  const kind = nodeTitle(activeKind(context)).toLowerCase();
  return (
    <section class="crm-panel crm-empty" aria-label="Begin the map">
      <h3>Begin the map</h3>
      <p>Double-click anywhere to add the first {kind}, or type the way that customers go:</p>
      <textarea
        aria-label="The way that customers go"
        rows={3}
        value={text}
        placeholder={"Lead -> Qualified -> Won\nor one name per line"}
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) build();
        }}
      />
      <div class="crm-row">
        <button type="button" class="crm-button crm-primary" disabled={!text.trim()} onClick={build}>
          Build
        </button>
      </div>
      {store.about.templates.length > 0 && (
        <>
          <div class="crm-caption">Or start from a template</div>
          <div class="crm-templates">
            {store.about.templates.map(({ name, title }) => (
              <button
                type="button"
                class="crm-button crm-outline"
                key={name}
                onClick={() => store.build({ template: name })}
              >
                {title}
              </button>
            ))}
          </div>
        </>
      )}
    </section>
  );
}
