/** One attribute of an element, edited by its type; commits when the field is left. */
import { useState } from "preact/hooks";
import type { Attribute } from "../generated/schema";
import { parsed, shown } from "./values";

let lastId = 0;

/** An id for a label to point to. Preact's own begin anew with each drawing from the top, and then two may be equal. */
export function useFieldId(): string {
  const [id] = useState(() => {
    lastId += 1;
    return `crm-field-${lastId}`;
  });
  return id;
}

interface FieldProps {
  attribute: Attribute;
  value: unknown;
  /** `undefined` takes the attribute off. */
  onCommit: (value: unknown) => void;
}

export function Field({ attribute, value, onCommit }: FieldProps) {
  const id = useFieldId();
  // What is being typed; while there is none, the field follows the map.
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState("");
  const current = shown(attribute, value);
  const text = draft ?? current;

  const commit = (typed: string) => {
    const result = parsed(attribute, typed);
    setProblem(result.problem);
    if (result.problem) {
      setDraft(typed); // what was typed stays, beside the reason
      return;
    }
    setDraft(null);
    if (shown(attribute, result.value) !== current) onCommit(result.value);
  };
  const common = {
    id,
    class: "crm-input",
    "aria-invalid": problem !== "",
    "aria-describedby": problem || attribute.help ? `${id}-note` : undefined,
  };
  const typing = {
    ...common,
    value: text,
    onInput: (event: { currentTarget: { value: string } }) => {
      setDraft(event.currentTarget.value);
      setProblem("");
    },
    onBlur: (event: { currentTarget: { value: string } }) => {
      if (draft !== null) commit(event.currentTarget.value);
    },
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && draft !== null) {
      event.stopPropagation();
      setDraft(null);
      setProblem("");
    } else if (
      event.key === "Enter" &&
      (event.currentTarget instanceof HTMLInputElement || event.ctrlKey || event.metaKey)
    ) {
      commit((event.currentTarget as HTMLInputElement).value);
    }
  };

  let control = <input {...typing} type="text" onKeyDown={onKeyDown} />;
  if (attribute.type === "number" || attribute.type === "integer")
    control = <input {...typing} type="text" inputMode="decimal" onKeyDown={onKeyDown} />;
  else if (attribute.type === "date") control = <input {...typing} type="date" onKeyDown={onKeyDown} />;
  else if (attribute.type === "paragraph" || attribute.type === "texts") {
    const lines = attribute.type === "texts" ? text.split("\n").length : Math.ceil((text.length + 1) / 36);
    const rows = Math.min(Math.max(lines, 1), 8);
    control = <textarea {...typing} rows={rows} onKeyDown={onKeyDown} />;
  } else if (attribute.type === "choice" || attribute.type === "boolean") {
    const choices = attribute.type === "boolean" ? ["yes", "no"] : attribute.choices;
    const all = current && !choices.includes(current) ? [current, ...choices] : choices;
    control = (
      <select {...common} value={text} onChange={(event) => commit(event.currentTarget.value)}>
        <option value="">–</option>
        {all.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  const range = rangeOf(attribute);
  return (
    <div class="crm-field">
      <label for={id}>
        {attribute.title}
        {range && <span class="crm-range">{range}</span>}
      </label>
      {control}
      {problem ? (
        <div class="crm-field-problem" id={`${id}-note`} role="alert">
          {problem}
        </div>
      ) : (
        attribute.help && (
          <div class="crm-hint" id={`${id}-note`}>
            {attribute.help}
          </div>
        )
      )}
    </div>
  );
}

function rangeOf({ minimum, maximum }: Attribute): string {
  return minimum !== null && maximum !== null ? `${minimum} to ${maximum}` : "";
}
