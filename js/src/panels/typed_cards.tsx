/** A text that becomes cards: what it would make is told while it is typed, what is wrong with it beside it. */
import { Component } from "preact";
import { addTyped } from "../gestures/quick_entry";
import { numbersOf } from "../model/numbers";
import { countTyped } from "../model/typed_text";
import { SendButton } from "./buttons";
import type { PanelContext } from "./context";
import { plural } from "./plural";

interface TypedCardsProps {
  context: PanelContext;
  label: string;
  send: string;
  rows: number;
  onAdded?: () => void;
}

const EXAMPLE = "Lead -> Qualified -> Won\nor one name per line";
const MOST_CHARACTERS = 100_000;

export class TypedCards extends Component<TypedCardsProps, { problem: string; isSent: boolean }> {
  override state = { problem: "", isSent: false };

  readonly #send = (event: Event) => {
    event.preventDefault();
    const { context, onAdded } = this.props;
    const { session } = context;
    if (!session.entryText.trim() || this.state.isSent) return;
    this.setState({ problem: "", isSent: true });
    addTyped(context, session.entryText, (problem) => {
      this.setState({ problem, isSent: false });
      session.set(problem ? { focusNext: "typed" } : { entryText: "" });
      if (!problem) onAdded?.();
    });
  };

  #preview(): string {
    const { store, session, settings } = this.props.context;
    if (!session.entryText.trim()) return "";
    const labels = Array.from(store.nodes.values(), ({ label }) => label);
    const { cards, flows, known } = countTyped(session.entryText, labels);
    const here = known ? ` (${numbersOf(settings.locale).write(known)} here already)` : "";
    return `${plural(cards, "card", settings.locale)}${here}, ${plural(flows, "flow", settings.locale)}`;
  }

  render({ context, label, send, rows }: TypedCardsProps) {
    const { session } = context;
    const { problem, isSent } = this.state;
    const preview = this.#preview();
    return (
      <form class="typed" onSubmit={this.#send}>
        <textarea
          class="input"
          name="text"
          data-focus="typed"
          aria-label={label}
          aria-invalid={problem !== ""}
          rows={rows}
          maxLength={MOST_CHARACTERS}
          placeholder={EXAMPLE}
          value={session.entryText}
          onInput={(event) => {
            this.setState({ problem: "" });
            session.set({ entryText: event.currentTarget.value });
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.#send(event);
          }}
        />
        <div class="typed-foot">
          {problem ? (
            <span class="field-problem" role="alert">
              {problem}
            </span>
          ) : (
            <span class="hint" role="status">
              {preview}
            </span>
          )}
          <SendButton label={send} disabled={!session.entryText.trim() || isSent} />
        </div>
      </form>
    );
  }
}
