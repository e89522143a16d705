/** One attribute of an element, edited by its type; commits when the field is left. */
import { Component } from "preact";
import type { Attribute } from "../generated/schema";
import { parsed, shown } from "./values";

let lastId = 0;

interface FieldProps {
  title: string;
  attribute: Attribute;
  value: unknown;
  /** How numbers are typed here. */
  locale: string;
  /** Whether the field may not be left empty. */
  isRequired?: boolean;
  /** `undefined` takes the attribute off. */
  onCommit: (value: unknown) => void;
}

interface FieldState {
  /** What is being typed; while there is none, the field follows the map. */
  draft: string | null;
  problem: string;
}

const UNTOUCHED: FieldState = { draft: null, problem: "" };

export class Field extends Component<FieldProps, FieldState> {
  override state = UNTOUCHED;
  /** For the label to point to; Preact's own ids begin anew with each drawing from the top. */
  readonly #id = `field-${++lastId}`;

  readonly #commit = (typed: string) => {
    const { attribute, value, locale, isRequired: isName, onCommit } = this.props;
    const result = parsed(attribute, typed, { isName, locale });
    // What was typed stays, beside the reason why it cannot be taken.
    this.setState(result.problem ? { draft: typed, problem: result.problem } : UNTOUCHED);
    if (!result.problem && shown(attribute, result.value) !== shown(attribute, value)) onCommit(result.value);
  };

  readonly #onKeyDown = (event: KeyboardEvent) => {
    const control = event.currentTarget as HTMLInputElement;
    if (event.key === "Escape" && this.state.draft !== null) {
      event.stopPropagation();
      this.setState(UNTOUCHED);
    } else if (event.key === "Enter" && (control.localName === "input" || event.ctrlKey || event.metaKey)) {
      this.#commit(control.value);
    }
  };

  #control(note: string | undefined) {
    const { attribute, value, locale } = this.props;
    const { draft, problem } = this.state;
    const { type } = attribute;
    const current = shown(attribute, value, locale);
    const text = draft ?? current;
    const common = {
      id: this.#id,
      class: "input",
      value: text,
      "aria-invalid": problem !== "",
      "aria-describedby": note,
    };
    if (type === "choice" || type === "boolean") {
      const choices = (type === "boolean" ? ["yes", "no"] : attribute.choices) ?? [];
      return (
        <select {...common} onChange={(event) => this.#commit(event.currentTarget.value)}>
          <option value="">–</option>
          {[...new Set([current, ...choices])].filter(Boolean).map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      );
    }
    const typing = {
      ...common,
      onInput: (event: Event) => this.setState({ draft: typedIn(event), problem: "" }),
      onBlur: (event: Event) => {
        if (this.state.draft !== null) this.#commit(typedIn(event));
      },
      onKeyDown: this.#onKeyDown,
    };
    if (type === "paragraph" || type === "texts") {
      const lines = type === "texts" ? text.split("\n").length : Math.ceil((text.length + 1) / 36);
      return <textarea {...typing} rows={Math.min(lines, 8)} />;
    }
    if (type === "date") return <input {...typing} type="date" />;
    const inputMode = type === "number" || type === "integer" ? "decimal" : undefined;
    return <input {...typing} type="text" inputMode={inputMode} />;
  }

  render({ title, attribute: { help, minimum, maximum } }: FieldProps) {
    const { problem } = this.state;
    const note = problem || help ? `${this.#id}-note` : undefined;
    return (
      <div class="field">
        <label for={this.#id}>
          {title}
          {minimum !== undefined && maximum !== undefined && (
            <span class="range">
              {minimum} to {maximum}
            </span>
          )}
        </label>
        {this.#control(note)}
        {note && (
          <div class={problem ? "field-problem" : "hint"} id={note} role={problem ? "alert" : undefined}>
            {problem || help}
          </div>
        )}
      </div>
    );
  }
}

function typedIn({ currentTarget }: Event): string {
  return (currentTarget as HTMLInputElement).value;
}
