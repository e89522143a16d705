/** The panel on the right, a sheet at the bottom where it is narrow: the answer in words, the selection's details, or what is said. */
import { FLOW_KINDS } from "../generated/schema";
import { hasComments } from "../gestures/comment_actions";
import { titleOf } from "../model/kinds";
import { numbersOf } from "../model/numbers";
import type { SideTab } from "../model/session";
import { openThreads } from "../model/threads";
import { Button, IconButton } from "./buttons";
import { Comments } from "./comments";
import type { PanelContext } from "./context";
import { Findings } from "./findings";
import { GHOST_TITLE, GhostDetails } from "./ghost";
import { Inspector } from "./inspector";

const TABS = { answer: "Answer", details: "Details", comments: "Comments" } as const;

/** What has anything to say now, in the order of the tabs. */
function sideTabs(context: PanelContext): SideTab[] {
  const { overlay, session } = context;
  const isOneCard = session.nodes.size === 1 && !session.flows.size;
  const has = {
    answer: overlay !== null,
    details: !isNothing(context),
    comments: isNothing(context) ? session.tab === "comments" : isOneCard && hasComments(context),
  };
  return (["answer", "details", "comments"] as const).filter((name) => has[name]);
}

/** Whether neither anything of the map nor a ghost is looked at. */
function isNothing({ session }: PanelContext): boolean {
  return session.isEmpty && session.ghost === null;
}

/** Which of them shows; `null`: none has anything to say. */
export function sideContent(context: PanelContext): SideTab | null {
  const { session } = context;
  const tabs = sideTabs(context);
  if (tabs.includes(session.tab)) return session.tab;
  return tabs.find((name) => name === "details") ?? tabs[0] ?? null;
}

export function Side({ context }: { context: PanelContext }) {
  const { session, store, overlay, isNarrow, settings } = context;
  const content = sideContent(context);
  if (!content) return null;
  const tabs = sideTabs(context);
  const answer = content === "answer" ? overlay : null;
  const title = answer ? answer[1].title : isNothing(context) ? "Open comments" : detailsTitle(context);
  const isOpen = !isNarrow || session.sheetOpen;
  const [node = ""] = session.nodes;
  const openOnNode = openThreads(store.comments).get(node) ?? 0;
  const close = () => {
    if (answer) store.hide(answer[0]);
    else if (isNothing(context)) session.set({ tab: "answer" });
    else session.clear();
  };
  const tab = (name: SideTab) => (
    <Button
      role="tab"
      key={name}
      aria-selected={content === name}
      class={content === name ? "on" : ""}
      onClick={() => session.set({ tab: name, sheetOpen: true })}
    >
      {TABS[name]}
      {name === "comments" && openOnNode > 0 && (
        <span class="count">{numbersOf(settings.locale).write(openOnNode)}</span>
      )}
    </Button>
  );
  return (
    <section class="panel crm-side" aria-label={title}>
      {tabs.length > 1 && (
        <div class="tabs" role="tablist" aria-label="Side panel">
          {tabs.map(tab)}
        </div>
      )}
      <header>
        <h3>{title}</h3>
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
          label={
            answer
              ? "Take this answer off the map"
              : content === "comments"
                ? "Close the comments"
                : "Close the details"
          }
          keys={answer ? undefined : "Escape"}
          class="small"
          onClick={close}
        />
      </header>
      {isOpen && (
        <div class="side-body" data-focus={content}>
          {answer ? (
            <Findings overlay={answer[1]} context={context} />
          ) : content === "comments" ? (
            <Comments key={node} context={context} onClose={close} />
          ) : session.ghost !== null ? (
            <GhostDetails context={context} />
          ) : (
            <Inspector context={context} />
          )}
        </div>
      )}
    </section>
  );
}

function detailsTitle({ session: { nodes, flows, ghost }, store }: PanelContext): string {
  if (ghost !== null) return GHOST_TITLE;
  if (nodes.size + flows.size > 1) return "Selection";
  const [node = ""] = nodes;
  const [flow = ""] = flows;
  return store.nodes.get(node)?.label ?? titleOf(FLOW_KINDS, store.flows.get(flow)?.kind ?? "flow");
}
