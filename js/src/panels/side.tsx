/** The panel on the right, a sheet at the bottom where it is narrow: the answer in words, or the selection's details. */
import { FLOW_KINDS } from "../generated/schema";
import { nodeTitle } from "../gestures/changes";
import type { PanelContext } from "./context";
import { Findings } from "./findings";
import { IconButton } from "./icons";
import { Inspector } from "./inspector";

/** Which of the two shows; `null`: neither has anything to say. */
export function sideContent({ overlay, session }: PanelContext): "answer" | "details" | null {
  const hasDetails = !session.isEmpty;
  if (overlay && hasDetails) return session.tab;
  if (overlay) return "answer";
  return hasDetails ? "details" : null;
}

export function Side({ context }: { context: PanelContext }) {
  const { session, store, overlay, isNarrow } = context;
  const content = sideContent(context);
  if (!content) return null;
  const hasBoth = overlay !== null && !session.isEmpty;
  const title = content === "answer" ? (overlay?.[1].title ?? "") : detailsTitle(context);
  const close = () => {
    if (content === "answer" && overlay) store.hide(overlay[0]);
    else session.clear();
  };
  const isOpen = !isNarrow || session.sheetOpen;
  const tab = (name: "answer" | "details", text: string) => (
    <button
      type="button"
      role="tab"
      aria-selected={content === name}
      class={content === name ? "crm-on" : ""}
      onClick={() => session.set({ tab: name, sheetOpen: true })}
    >
      {text}
    </button>
  );
  return (
    <section class={`crm-panel crm-side${isOpen ? "" : " crm-folded"}`} aria-label={title}>
      {hasBoth && (
        <div class="crm-tabs" role="tablist" aria-label="Side panel">
          {tab("answer", "Answer")}
          {tab("details", "Details")}
        </div>
      )}
      <header>
        <h3 title={title}>{title}</h3>
        {isNarrow && (
          <IconButton
            icon={isOpen ? "down" : "up"}
            label={isOpen ? "Fold the sheet" : "Unfold the sheet"}
            class="crm-small"
            onClick={() => session.set({ sheetOpen: !session.sheetOpen })}
          />
        )}
        <IconButton
          icon="close"
          label={content === "answer" ? "Take this answer off the map" : "Close the details"}
          {...(content === "details" ? { keys: "Escape" } : {})}
          class="crm-small"
          onClick={close}
        />
      </header>
      {isOpen && (
        <div class="crm-side-body">
          {content === "answer" && overlay ? (
            <Findings overlay={overlay[1]} context={context} />
          ) : (
            <Inspector context={context} />
          )}
        </div>
      )}
    </section>
  );
}

function detailsTitle({ session, store }: PanelContext): string {
  const { nodes, flows } = session;
  if (nodes.size + flows.size > 1) return "Selection";
  const [node] = nodes;
  const [flow] = flows;
  if (node !== undefined) return store.nodes.get(node)?.label ?? nodeTitle("stage");
  const kind = flow === undefined ? "" : (store.flows.get(flow)?.kind ?? "");
  return FLOW_KINDS[kind]?.title ?? "Flow";
}
