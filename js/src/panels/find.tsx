/** Search with jump: what is typed is found in cards and flows, and stands out on the map. */
import { Component } from "preact";
import { ATTRIBUTES, NODE_KINDS } from "../generated/schema";
import { activeKind, addNamed } from "../gestures/add";
import { labelled, nodeTitle, shortened } from "../gestures/changes";
import { visit } from "../gestures/fly";
import { titleOf } from "../model/kinds";
import { numbersOf } from "../model/numbers";
import { type Match, search } from "../model/search";
import type { PanelContext } from "./context";
import { type Choice, Picker } from "./picker";

/** With more hits than this nothing stands out, as almost all of the map would. */
const MOST_SHOWN = 2000;

interface FindState {
  query: string;
  active: number;
}

export class Find extends Component<{ context: PanelContext }, FindState> {
  override state: FindState = { query: "", active: 0 };
  #matches: readonly Match[] = [];
  #shown: readonly Match[] = [];
  #searched = "";
  #isStale = false;
  #unlisten = () => {};

  override componentDidMount(): void {
    const { store } = this.props.context;
    this.#unlisten = store.subscribe(({ everything, nodes, flows }) => {
      this.#isStale ||= everything || nodes.size + flows.size > 0;
    });
    // The first search of a large map reads all of it: better while nobody has typed yet.
    setTimeout(() => search(store, "e"));
  }

  override componentDidUpdate(_: unknown, before: FindState): void {
    if (this.#matches !== this.#shown || before.active !== this.state.active) this.#show();
  }

  override componentWillUnmount(): void {
    this.#unlisten();
    this.props.context.surface.setState({ found: null });
  }

  #found(): readonly Match[] {
    const { query } = this.state;
    if (query !== this.#searched || this.#isStale) this.#matches = search(this.props.context.store, query);
    this.#searched = query;
    this.#isStale = false;
    return this.#matches;
  }

  /** Lets the hits stand out on the map. */
  #show(): void {
    const { surface } = this.props.context;
    const found = this.#found();
    this.#shown = found;
    const ids = (type: Match["type"]) => new Set(found.filter((match) => match.type === type).map(({ id }) => id));
    const isClear = found.length > 0 && found.length <= MOST_SHOWN;
    const active = found[this.state.active]?.id ?? null;
    surface.setState({ found: isClear ? { nodes: ids("node"), flows: ids("flow"), active } : null });
  }

  readonly #close = () => {
    const { session, surface } = this.props.context;
    session.set({ findOpen: false });
    surface.element.focus({ preventScroll: true }); // now, so that the next key is for the canvas
  };

  readonly #walk = (active: number) => {
    const { store, go } = this.props.context;
    this.setState({ active });
    const match = this.#found()[active];
    if (!match) return;
    const flow = match.type === "flow" ? store.flows.get(match.id) : undefined;
    go([flow?.source ?? match.id]);
  };

  readonly #choose = (index: number) => {
    const match = this.#found()[index];
    if (!match) return;
    this.#close();
    visit(this.props.context, match);
  };

  #choice(index: number): Choice | null {
    const { store } = this.props.context;
    const match = this.#found()[index];
    if (!match) return null;
    const { type, id, via } = match;
    const told = (element: Readonly<Record<string, unknown>>) =>
      via === "id" || via === "" || via === "kind" ? "" : `${titleOf(ATTRIBUTES, via)}: ${textOf(element[via])}`;
    if (type === "flow") {
      const flow = store.flows.get(id);
      const ends = `${labelled(store, flow?.source ?? "")} → ${labelled(store, flow?.target ?? "")}`;
      const label = textOf(flow?.label);
      return { key: id, icon: "connect", title: label || ends, note: told(flow ?? {}) || (label && ends) };
    }
    const node = store.nodes.get(id);
    const where = [titleOf(NODE_KINDS, node?.kind ?? ""), textOf(node?.team) || textOf(node?.owner)];
    const note = via === "id" ? id : told(node ?? {}) || where.filter(Boolean).join(" · ");
    return { key: id, icon: node?.kind ?? "stage", title: node?.label ?? id, note };
  }

  render({ context }: { context: PanelContext }, { query, active }: FindState) {
    const found = this.#found();
    const name = query.replace(/\s+/g, " ").trim();
    const noun = nodeTitle(activeKind(context)).toLowerCase();
    const mayAdd = name !== "" && found.length === 0 && !context.isReadOnly;
    const add = () => {
      if (addNamed(context, name)) this.#close();
    };
    const summary = !name
      ? ""
      : found.length
        ? `${numbersOf(context.settings.locale).write(found.length)} found`
        : "Nothing found";
    return (
      <Picker
        label="Find on the map"
        place="find"
        placeholder="Find a card, an owner, a team, a tag …"
        query={query}
        count={found.length}
        active={Math.min(active, found.length - 1)}
        choice={(index) => this.#choice(index)}
        summary={summary}
        offer={mayAdd ? { label: `Add the ${noun} “${shortened(name)}”`, run: add } : null}
        onQuery={(next) => this.setState({ query: next, active: 0 })}
        onActive={this.#walk}
        onChoose={this.#choose}
        onClose={this.#close}
      />
    );
  }
}

function textOf(value: unknown): string {
  return Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "";
}
