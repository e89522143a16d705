/** The panel on the right, a sheet at the bottom where it is narrow: the answer in words, or the selection's details. */
import { FLOW_KINDS } from "../generated/schema";
import { titleOf } from "../model/kinds";
import type { SideTab } from "../model/session";
import { Button, IconButton } from "./buttons";
import type { PanelContext } from "./context";
import { Findings } from "./findings";
import { Inspector } from "./inspector";

/** Which of the two shows; `null`: neither has anything to say. */
export function sideContent({ overlay, session }: PanelContext): SideTab | null {
  if (session.isEmpty) return overlay && "answer";
  return overlay ? session.tab : "details";
}

export function Side({ context }: { context: PanelContext }) {
  const { session, store, overlay, isNarrow } = context;
  const content = sideContent(context);
  if (!content) return null;
  const answer = content === "answer" ? overlay : null;
  const title = answer ? answer[1].title : detailsTitle(context);
  const isOpen = !isNarrow || session.sheetOpen;
  const tab = (name: SideTab, text: string) => (
    <Button
      role="tab"
      aria-selected={content === name}
      class={content === name ? "on" : ""}
      onClick={() => session.set({ tab: name, sheetOpen: true })}
    >
      {text}
    </Button>
  );
  return (
    <section class="panel crm-side" aria-label={title}>
      {overlay && !session.isEmpty && (
        <div class="tabs" role="tablist" aria-label="Side panel">
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
            class="small"
            onClick={() => session.set({ sheetOpen: !isOpen })}
          />
        )}
        <IconButton
          icon="close"
          label={answer ? "Take this answer off the map" : "Close the details"}
          keys={answer ? undefined : "Escape"}
          class="small"
          onClick={() => (answer ? store.hide(answer[0]) : session.clear())}
        />
      </header>
      {isOpen && (
        <div class="side-body" data-focus={content}>
          {answer ? <Findings overlay={answer[1]} context={context} /> : <Inspector context={context} />}
        </div>
      )}
    </section>
  );
}

function detailsTitle({ session: { nodes, flows }, store }: PanelContext): string {
  if (nodes.size + flows.size > 1) return "Selection";
  const [node = ""] = nodes;
  const [flow = ""] = flows;
  return store.nodes.get(node)?.label ?? titleOf(FLOW_KINDS, store.flows.get(flow)?.kind ?? "flow");
}
