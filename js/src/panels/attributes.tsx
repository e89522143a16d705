/** The attributes of one element: fields to change them, or text where no hand may. */
import type { ComponentChildren } from "preact";
import { ATTRIBUTES, type Attributes, GOVERNANCE } from "../generated/schema";
import { own, titleOf } from "../model/kinds";
import { Field } from "./field";
import { Fold } from "./fold";
import { shown } from "./values";

interface AttributeFieldsProps {
  attributes: readonly string[];
  values: Attributes;
  locale: string;
  /** Whether they are only to be read. */
  isFixed: boolean;
  onCommit: (name: string, value: unknown) => void;
  children: ComponentChildren;
}

/** The name first (a panel that is only read has it as its title), then the kind, then the rest; who governs it is folded away until it is wanted. */
export function AttributeFields({ attributes, values, locale, isFixed, onCommit, children }: AttributeFieldsProps) {
  const isFlow = "source" in values;
  const field = (name: string) => {
    const attribute = own(ATTRIBUTES, name);
    if (!attribute || name === "locked") return null; // a button locks
    const title = name === "label" && isFlow ? "Label" : titleOf(ATTRIBUTES, name);
    const { [name]: value } = values;
    if (isFixed) return <Fact key={name} title={title} text={shown(attribute, value, locale)} />;
    return (
      <Field
        key={name}
        title={title}
        attribute={attribute}
        locale={locale}
        value={value}
        isRequired={name === "label" && !isFlow}
        onCommit={(next) => onCommit(name, next)}
      />
    );
  };
  const isGovernance = (name: string) => GOVERNANCE.includes(name);
  const governance = attributes.filter(isGovernance);
  const stated = governance.filter((name) => values[name] !== undefined).length;
  return (
    <>
      {!(isFixed && !isFlow) && field("label")}
      {children}
      {attributes.filter((name) => name !== "label" && !isGovernance(name)).map(field)}
      {(isFixed ? stated : governance.length) > 0 && (
        <Fold title="Governance" note={stated && `${stated} of ${governance.length}`}>
          {governance.map(field)}
        </Fold>
      )}
    </>
  );
}

/** What an attribute says, to read; nothing where it says nothing. */
function Fact({ title, text }: { title: string; text: string }) {
  if (!text) return null;
  return (
    <dl class="field fact">
      <dt>{title}</dt>
      <dd>{text}</dd>
    </dl>
  );
}

interface KindFieldProps {
  kind: string;
  kinds: Readonly<Record<string, { title?: string }>>;
  isFixed: boolean;
  onChange: (kind: string) => void;
}

export function KindField({ kind, kinds, isFixed, onChange }: KindFieldProps) {
  if (isFixed) return <Fact title="Kind" text={titleOf(kinds, kind)} />;
  return (
    <div class="field">
      <label for="field-kind">Kind</label>
      <select id="field-kind" class="input" value={kind} onChange={(event) => onChange(event.currentTarget.value)}>
        {[...new Set([...Object.keys(kinds), kind])].map((name) => (
          <option key={name} value={name}>
            {titleOf(kinds, name)}
          </option>
        ))}
      </select>
    </div>
  );
}
