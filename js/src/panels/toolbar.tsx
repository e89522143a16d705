/** The bar on top: the map's name, its size and state, the actions that concern all of it. */
import { LENSES } from "../generated/schema";
import { ACTIONS } from "../gestures/all_actions";
import { nodeTitle, shortened } from "../gestures/changes";
import { hasComments } from "../gestures/comment_actions";
import { editInPlace } from "../gestures/in_place";
import { own, titleOf } from "../model/kinds";
import { numbersOf } from "../model/numbers";
import { openThreads } from "../model/threads";
import { AskMenu } from "./ask_menu";
import { Button, Icon, IconButton, shortcut } from "./buttons";
import type { PanelContext } from "./context";
import { LanesMenu } from "./lanes_menu";
import { MoreMenu } from "./more_menu";
import { plural } from "./plural";
import { Progress } from "./progress";

export function Toolbar({ context }: { context: PanelContext }) {
  const { store, session } = context;
  const { status } = store;
  const state = stateOf(context);
  const step = (name: "undo" | "redo", title: string, keys: string) => {
    const label = status[`${name}_label`];
    return (
      <IconButton
        icon={name}
        label={label ? `${title}: ${label}` : title}
        keys={shortcut(keys)}
        disabled={!status[`can_${name}`]}
        onClick={() => store[name]()}
      />
    );
  };
  const arrange = () => {
    store.arrange();
    session.set({ spoken: "The map is laid out again; pinned cards stay" });
  };
  return (
    <div class="panel crm-toolbar" role="toolbar" aria-label="Map">
      <MapName context={context} />
      <span class="state" data-cut>
        {state}
      </span>
      <Progress context={context} />
      {status.problem && (
        <span class="problem" role="alert" data-tip={status.problem}>
          <Icon name="warning" size={16} />
          <span class="wide">{status.problem}</span>
        </span>
      )}
      <span class="space" />
      <span class="lens" data-tip={own(LENSES, store.lens)?.question}>
        {titleOf(LENSES, store.lens)}
      </span>
      <Button
        class="button outline find"
        aria-label="Find"
        aria-keyshortcuts="/"
        data-tip={`Find a card, an owner, a tag … (/ or ${shortcut("Mod+f")})`}
        onClick={() => session.set({ findOpen: true, connecting: null, focusNext: "find" })}
      >
        <Icon name="find" size={16} />
        <span class="wide">Find</span>
        <kbd class="wide">/</kbd>
      </Button>
      <span class="buttons">
        <IconButton
          icon="outline"
          label={session.left === "outline" ? "Close the outline" : "Outline"}
          keys="O"
          class={session.left === "outline" ? "on" : ""}
          onClick={() =>
            session.set(session.left === "outline" ? { left: null } : { left: "outline", focusNext: "outline" })
          }
        />
        <IconButton
          icon="keyboard"
          label={session.left === "keys" ? "Close the sheet of keys" : "Keys"}
          keys="?"
          class={session.left === "keys" ? "on" : "spare"}
          onClick={() => session.set(session.left === "keys" ? { left: null } : { left: "keys", focusNext: "keys" })}
        />
      </span>
      {context.isReadOnly && (
        <span class="view-only">
          <Icon name="lock" size={14} />
          View only
        </span>
      )}
      {!context.isReadOnly && !context.isNarrow && <LanesMenu context={context} />}
      {!context.isReadOnly && (
        <span class="buttons">
          {!context.isNarrow && (
            <IconButton icon="arrange" label="Lay the map out again" disabled={!store.nodes.size} onClick={arrange} />
          )}
          {step("undo", "Undo", "Ctrl+Z")}
          {step("redo", "Redo", "Ctrl+Shift+Z")}
        </span>
      )}
      {hasComments(context) && <CommentsButton context={context} />}
      {store.about.questions.length > 0 && <AskMenu context={context} />}
      <MoreMenu context={context} />
    </div>
  );
}

/** How many threads are open on the whole map; shows them all. */
function CommentsButton({ context }: { context: PanelContext }) {
  const { session, store, settings } = context;
  const action = ACTIONS.find(({ name }) => name === "comments");
  let open = 0;
  for (const n of openThreads(store.comments).values()) open += n;
  const label = open ? plural(open, "open comment", settings.locale) : "Open comments";
  return (
    <Button
      class="button"
      aria-label={label}
      aria-pressed={session.isEmpty && session.tab === "comments"}
      data-tip={label}
      data-keys={shortcut("Shift+M")}
      onClick={() => action?.run(context)}
    >
      <Icon name="comment" />
      {open > 0 && <span>{numbersOf(settings.locale).write(open)}</span>}
    </Button>
  );
}

/** “7 stages · 8 flows · saved” */
function stateOf({ store, isStuck, settings }: PanelContext): string {
  const kinds = new Set([...store.nodes.values()].map(({ kind }) => kind));
  const [only = ""] = kinds;
  const noun = kinds.size === 1 ? nodeTitle(only).toLowerCase() : "card";
  const count = (n: number, of: string) => plural(n, of, settings.locale);
  const size = store.nodes.size ? [count(store.nodes.size, noun), count(store.flows.size, "flow")] : ["empty"];
  const waiting = isStuck ? "not saved" : "saving…";
  return [...size, store.unsaved() ? waiting : store.status.saved].filter(Boolean).join(" · ");
}

function MapName({ context }: { context: PanelContext }) {
  const { store } = context;
  const name = typeof store.map.name === "string" ? store.map.name : "Map";
  if (context.isReadOnly) return <span class="name">{name}</span>;
  const rename = (event: MouseEvent) => {
    const button = event.currentTarget as HTMLElement;
    editInPlace(context, {
      className: "rename",
      label: "Name of the map",
      value: name,
      rect: () => (button.isConnected ? button.getBoundingClientRect() : null),
      commit: (next) => store.edit(`Rename the map to ${shortened(next)}`, [{ at: ["map"], set: { name: next } }]),
    });
  };
  return (
    <Button class="name" data-tip={`${name}: click to rename the map`} onClick={rename}>
      {name}
    </Button>
  );
}
