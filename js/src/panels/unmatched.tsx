/** What of the event log means no card: for each activity the card that it is, nearest first, or a stage of its own. */
import { Component } from "preact";
import { labelled } from "../gestures/changes";
import { byLikeness } from "../model/likeness";
import { Button, IconButton } from "./buttons";
import type { PanelContext } from "./context";

/** A list of more cards than this is no choice. */
const MOST_CARDS = 200;

/** The quiet word of it in the filter bar. */
export function UnmatchedChip({ context: { store, session, isReadOnly } }: { context: PanelContext }) {
  const n = store.about.unmatched.length;
  if (n === 0 || isReadOnly) return null;
  const isOpen = session.left === "unmatched";
  return (
    <Button
      class="chip warn"
      aria-expanded={isOpen}
      data-tip="Activities of the event log that mean no card"
      onClick={() => session.set({ left: isOpen ? null : "unmatched", focusNext: isOpen ? null : "unmatched" })}
    >
      {n} not on the map
    </Button>
  );
}

export class UnmatchedPanel extends Component<{ context: PanelContext }> {
  /** The cards that were chosen, by activity. */
  readonly #chosen = new Map<string, string>();

  readonly #close = () => {
    const { session, surface } = this.props.context;
    session.set({ left: null });
    surface.element.focus({ preventScroll: true });
  };

  render({ context }: { context: PanelContext }) {
    const { store, isReadOnly } = context;
    const { unmatched } = store.about;
    if (unmatched.length === 0 || isReadOnly) return null;
    return (
      <section
        class="panel crm-left crm-unmatched open"
        aria-label="Not on the map"
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          this.#close();
        }}
      >
        <header>
          <h3>Not on the map</h3>
          <IconButton icon="close" label="Close the list" keys="Esc" class="small" onClick={this.#close} />
        </header>
        <div class="unmatched-body" data-focus="unmatched">
          <p class="hint">These activities of the event log mean no card, so no answer counts them there.</p>
          {/* By their place: the focus stays where it is when a row has gone. */}
          <ul>{unmatched.map(({ activity, count }, i) => this.#row(i, activity, count))}</ul>
          <Button
            class="button outline"
            onClick={() => store.match({ add: unmatched.map(({ activity }) => activity) })}
          >
            Add all as stages
          </Button>
        </div>
      </section>
    );
  }

  #row(index: number, activity: string, count: string) {
    const { store } = this.props.context;
    const named = [...store.nodes].map(([id, { label }]) => [id, label] as const);
    const { ids, like } = byLikeness(activity, named);
    const before = this.#chosen.get(activity) ?? like ?? "";
    const chosen = store.nodes.has(before) ? before : "";
    return (
      <li key={index}>
        <span class="unmatched-name">
          <b>{activity}</b> <small>{count} events</small>
        </span>
        <select
          class="input"
          aria-label={`What “${activity}” is`}
          value={chosen}
          onChange={({ currentTarget }) => {
            this.#chosen.set(activity, currentTarget.value);
            this.forceUpdate();
          }}
        >
          {chosen === "" && <option value="">is …</option>}
          {ids.slice(0, MOST_CARDS).map((id) => (
            <option key={id} value={id}>
              {labelled(store, id)}
            </option>
          ))}
        </select>
        <Button
          class="button outline"
          disabled={chosen === ""}
          aria-label={chosen && `“${activity}” is ${labelled(store, chosen)}`}
          onClick={() => store.match({ means: { [activity]: chosen } })}
        >
          Is this
        </Button>
        <Button
          class="button outline"
          aria-label={`Add “${activity}” as a stage`}
          onClick={() => store.match({ add: [activity] })}
        >
          Add
        </Button>
      </li>
    );
  }
}
