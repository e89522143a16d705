/** Connects a card by its keyboard: the other end is chosen by name, by nearness or by direction. */
import { Component } from "preact";
import { activeKind } from "../gestures/add";
import { labelled, nodeTitle, shortened } from "../gestures/changes";
import {
  aim,
  connect,
  connectToNew,
  goals,
  goalThatWay,
  metBy,
  problemOf,
  stopConnecting,
  titleOf,
} from "../gestures/connect";
import type { Direction } from "../gestures/neighbours";
import { numbersOf } from "../model/numbers";
import { search } from "../model/search";
import type { Connecting } from "../model/session";
import type { PanelContext } from "./context";
import { type Choice, Picker } from "./picker";

interface ConnectProps {
  context: PanelContext;
  connecting: Connecting;
}

interface ConnectState {
  query: string;
  /** The card aimed at. */
  aimed: string | null;
}

const WAYS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

export class Connect extends Component<ConnectProps, ConnectState> {
  override state: ConnectState = { query: "", aimed: null };
  #cards: readonly string[];
  #listed = "";

  constructor(props: ConnectProps) {
    super(props);
    this.#cards = goals(props.context, props.connecting);
  }

  override componentWillUnmount(): void {
    this.props.context.surface.setState({ draft: null, draftFlow: null, dropTarget: null });
  }

  /** The cards that can be chosen: by name where one is typed, else by nearness. */
  #list(): readonly string[] {
    const { context, connecting } = this.props;
    const { query } = this.state;
    if (query === this.#listed) return this.#cards;
    this.#listed = query;
    this.#cards = query.trim()
      ? search({ nodes: context.store.nodes, flows: new Map() }, query).map(({ id }) => id)
      : goals(context, connecting);
    return this.#cards;
  }

  #aim(aimed: string | null): void {
    const { context, connecting } = this.props;
    this.setState({ aimed });
    aim(context, connecting, aimed);
    if (aimed === null) return;
    const reason = problemOf(context, connecting, aimed);
    context.session.say(
      reason || `${labelled(context.store, aimed)}, ${nodeTitle(context.store.nodes.get(aimed)?.kind ?? "")}`,
    );
  }

  readonly #onQuery = (query: string) => {
    this.setState({ query }, () => this.#aim(query.trim() ? (this.#list()[0] ?? null) : null));
  };

  /** While nothing is typed the arrows go over the map, and Tab from near to far. */
  readonly #onKey = (event: KeyboardEvent): boolean => {
    const { context, connecting } = this.props;
    const { query, aimed } = this.state;
    const way = query ? undefined : WAYS[event.key];
    if (way) {
      this.#aim(goalThatWay(context, connecting, aimed, way));
      return true;
    }
    if (event.key !== "Tab") return false;
    const list = this.#list();
    const at = aimed === null ? -1 : list.indexOf(aimed);
    const to = event.shiftKey ? (at <= 0 ? list.length - 1 : at - 1) : (at + 1) % Math.max(list.length, 1);
    this.#aim(list[to] ?? null);
    return true;
  };

  #choice(index: number): Choice | null {
    const { context, connecting } = this.props;
    const id = this.#list()[index];
    const node = context.store.nodes.get(id ?? "");
    if (id === undefined || !node) return null;
    const reason = problemOf(context, connecting, id);
    const note = reason ? "not allowed" : metBy(context, connecting, id) || nodeTitle(node.kind);
    return { key: id, icon: node.kind, title: node.label, note, isBarred: reason !== "" };
  }

  render({ context, connecting }: ConnectProps, { query, aimed }: ConnectState) {
    const list = this.#list();
    const name = query.replace(/\s+/g, " ").trim();
    const noun = nodeTitle(activeKind(context)).toLowerCase();
    const isThere = list.some((id) => context.store.nodes.get(id)?.label === name);
    const mayAdd = name !== "" && !isThere && connecting.flow === null;
    const count = `${numbersOf(context.settings.locale).write(list.length)} found`;
    const choose = (index: number) => {
      const id = list[index];
      if (id !== undefined) connect(context, connecting, id);
    };
    return (
      <Picker
        label="Connect"
        place="connect"
        heading={titleOf(context, connecting)}
        placeholder="Name, arrows or Tab; Enter takes it"
        query={query}
        count={list.length}
        // While it is chosen on the map itself, the map should be seen.
        height={name ? 5 : 3}
        active={aimed === null ? -1 : list.indexOf(aimed)}
        choice={(index) => this.#choice(index)}
        summary={name ? (list.length ? count : "Nothing found") : ""}
        offer={
          mayAdd
            ? { label: `Add the ${noun} “${shortened(name)}”`, run: () => connectToNew(context, connecting, name) }
            : null
        }
        onQuery={this.#onQuery}
        onActive={(index) => this.#aim(list[index] ?? null)}
        onChoose={choose}
        onClose={() => stopConnecting(context)}
        onKey={this.#onKey}
      />
    );
  }
}
