/** Everything about what is selected, to read and to change. */
import { useState } from "preact/hooks";
import { ATTRIBUTES, type Attributes, type Card, FLOW_KINDS, NODE_KINDS } from "../generated/schema";
import { nodeTitle, shortened, whyNot } from "../gestures/changes";
import { removeSelection } from "../gestures/remove";
import type { PanelContext } from "./context";
import { Field, useFieldId } from "./field";
import { Icon, IconButton } from "./icons";
import { Many } from "./inspector_many";

const GOVERNANCE: ReadonlySet<string> = new Set([
  "responsible",
  "accountable",
  "consulted",
  "informed",
  "policy",
  "standard",
  "goal",
  "monitor",
  "review_date",
]);
const STRUCTURAL: ReadonlySet<string> = new Set(["kind", "source", "target"]);

export function Inspector({ context }: { context: PanelContext }) {
  const { nodes, flows } = context.session;
  const [node] = nodes;
  const [flow] = flows;
  if (nodes.size + flows.size > 1) return <Many context={context} />;
  if (node !== undefined) return <NodeDetails key={node} id={node} context={context} />;
  if (flow !== undefined) return <FlowDetails key={flow} id={flow} context={context} />;
  return null;
}

interface DetailsProps {
  id: string;
  context: PanelContext;
}

function NodeDetails({ id, context }: DetailsProps) {
  const { store, overlay } = context;
  const node = store.nodes.get(id);
  if (!node) return null;
  const kind = NODE_KINDS[node.kind];
  const card = store.cards.get(id);
  const paint = overlay?.[1].nodes[id];
  const edit = (label: string, values: Attributes) => store.edit(label, [changeOf(["node", id], values)]);
  const setKind = (next: string) => edit(`Make it a ${nodeTitle(next).toLowerCase()}`, { kind: next });
  return (
    <div class="crm-details">
      {paint && (paint.text || paint.detail) && (
        <p class="crm-paint">
          <b>{paint.text}</b> {paint.detail}
        </p>
      )}
      {card && <CardData card={card} />}
      <AttributeFields
        attributes={kind?.attributes ?? ["label"]}
        values={node}
        onCommit={(name, value) => edit(`Change ${ATTRIBUTES[name]?.title.toLowerCase() ?? name}`, { [name]: value })}
      >
        <KindField kind={node.kind} kinds={Object.values(NODE_KINDS)} onChange={setKind} />
      </AttributeFields>
      <Flows id={id} context={context} />
      <Others values={node} known={kind?.attributes ?? []} />
      <Identity id={id} noun="id" />
      <RemoveButton context={context} />
    </div>
  );
}

function FlowDetails({ id, context }: DetailsProps) {
  const { store, session } = context;
  const flow = store.flows.get(id);
  if (!flow) return null;
  const kind = FLOW_KINDS[flow.kind];
  const paint = context.overlay?.[1].flows[id];
  const ends = [flow.source, flow.target] as const;
  const [from = "", to = ""] = ends.map((end) => store.nodes.get(end)?.kind ?? "");
  const edit = (label: string, values: Attributes) => store.edit(label, [changeOf(["flow", id], values)]);
  const setKind = (next: string) => {
    const reason = whyNot(next, from, to);
    if (reason) session.toast("warn", reason);
    else edit(`Make it ${FLOW_KINDS[next]?.title.toLowerCase() ?? next}`, { kind: next });
    session.set({});
  };
  const [source, target] = ends.map((end) => (
    <button type="button" class="crm-link" key={end} title="Show this card" onClick={() => go(context, end)}>
      {store.nodes.get(end)?.label ?? end}
    </button>
  ));
  return (
    <div class="crm-details">
      <p class="crm-ends">
        {source} <span aria-hidden="true">→</span> {target}
      </p>
      {paint && (paint.text || paint.detail) && (
        <p class="crm-paint">
          <b>{paint.text}</b> {paint.detail}
        </p>
      )}
      <AttributeFields
        attributes={(kind?.attributes ?? ["label"]).filter((name) => !STRUCTURAL.has(name))}
        values={flow}
        onCommit={(name, value) =>
          edit(`Change ${ATTRIBUTES[name]?.title.toLowerCase() ?? name} of the flow`, { [name]: value })
        }
      >
        <KindField kind={flow.kind} kinds={Object.values(FLOW_KINDS)} onChange={setKind} />
      </AttributeFields>
      <Others values={flow} known={kind?.attributes ?? []} />
      <Identity id={id} noun="key" />
      <RemoveButton context={context} />
    </div>
  );
}

function changeOf(at: string[], values: Attributes) {
  const [[name, value] = ["", undefined]] = Object.entries(values);
  return value === undefined ? { at, unset: [name] } : { at, set: values };
}

function go({ session, surface }: PanelContext, id: string): void {
  session.select([id]);
  surface.reveal(id);
}

interface AttributeFieldsProps {
  attributes: readonly string[];
  values: Attributes;
  onCommit: (name: string, value: unknown) => void;
  children: preact.ComponentChildren;
}

/** The name first, then the kind, then the rest; who governs it is folded away until it is wanted. */
function AttributeFields({ attributes, values, onCommit, children }: AttributeFieldsProps) {
  const field = (name: string) => {
    const attribute = ATTRIBUTES[name];
    return attribute ? (
      <Field
        key={name}
        attribute={name === "label" && "source" in values ? { ...attribute, name: "text", title: "Label" } : attribute}
        value={values[name]}
        onCommit={(value) => onCommit(name, value)}
      />
    ) : null;
  };
  const governance = attributes.filter((name) => GOVERNANCE.has(name));
  const stated = governance.filter((name) => values[name] !== undefined).length;
  return (
    <>
      {attributes.includes("label") && field("label")}
      {children}
      {attributes.filter((name) => name !== "label" && !GOVERNANCE.has(name)).map(field)}
      {governance.length > 0 && (
        <details class="crm-fold">
          <summary>
            Governance <span class="crm-range">{stated ? `${stated} of ${governance.length}` : ""}</span>
          </summary>
          {governance.map(field)}
        </details>
      )}
    </>
  );
}

interface KindFieldProps {
  kind: string;
  kinds: readonly { name: string; title: string }[];
  onChange: (kind: string) => void;
}

function KindField({ kind, kinds, onChange }: KindFieldProps) {
  const id = useFieldId();
  const isKnown = kinds.some(({ name }) => name === kind);
  return (
    <div class="crm-field">
      <label for={id}>Kind</label>
      <select id={id} class="crm-input" value={kind} onChange={(event) => onChange(event.currentTarget.value)}>
        {!isKnown && <option value={kind}>{kind}</option>}
        {kinds.map(({ name, title }) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </div>
  );
}

function CardData({ card }: { card: Card }) {
  if (!card.figures.length && !card.tables.length) return null;
  return (
    <section class="crm-data" aria-label="Data">
      {card.figures.map((figure) => (
        <div class="crm-figure" key={figure.label} title={figure.hint}>
          <span>{figure.label}</span>
          <b>
            {figure.text} {figure.unit && <small>{figure.unit}</small>}
          </b>
          {figure.trend && (
            <small class={figure.trend.is_good === null ? "" : figure.trend.is_good ? "crm-text-good" : "crm-text-bad"}>
              {figure.trend.text}
            </small>
          )}
        </div>
      ))}
      {card.tables.map((table) => (
        <div class="crm-tablename" key={table}>
          <Icon name="table" size={15} /> {table}
        </div>
      ))}
    </section>
  );
}

function Flows({ id, context }: DetailsProps) {
  const { store, session } = context;
  const keys = [...store.flowsOf(id)];
  if (!keys.length) return null;
  return (
    <details class="crm-fold">
      <summary>
        Flows <span class="crm-range">{keys.length}</span>
      </summary>
      {keys.slice(0, 50).map((key) => {
        const flow = store.flows.get(key);
        if (!flow) return null;
        const isOut = flow.source === id;
        const other = isOut ? flow.target : flow.source;
        return (
          <button type="button" class="crm-item" key={key} onClick={() => session.select([], [key])}>
            {isOut ? "→" : "←"} {shortened(store.nodes.get(other)?.label ?? other)}
          </button>
        );
      })}
    </details>
  );
}

/** Attributes that this kind does not have: kept, and shown as they are. */
function Others({ values, known }: { values: Attributes; known: readonly string[] }) {
  const rest = Object.entries(values).filter(
    ([name]) => !known.includes(name) && !STRUCTURAL.has(name) && name !== "label",
  );
  if (!rest.length) return null;
  return (
    <details class="crm-fold">
      <summary>
        Other <span class="crm-range">{rest.length}</span>
      </summary>
      <dl class="crm-others">
        {rest.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{shortened(typeof value === "string" ? value : String(JSON.stringify(value)), 2000)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Identity({ id, noun }: { id: string; noun: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    // Refused where the page may not write to the clipboard: the id can still be selected and copied by hand.
    navigator.clipboard?.writeText(id).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div class="crm-identity">
      <span>{noun}</span>
      <code>{id.startsWith("~") ? "not saved yet" : id}</code>
      {!id.startsWith("~") && (
        <IconButton icon={isCopied ? "check" : "copy"} label={`Copy the ${noun}`} class="crm-small" onClick={copy} />
      )}
    </div>
  );
}

export function RemoveButton({ context }: { context: PanelContext }) {
  return (
    <button
      type="button"
      class="crm-button crm-outline crm-danger"
      title="Remove (Delete)"
      onClick={() => removeSelection(context)}
    >
      <Icon name="bin" size={16} /> Remove
    </button>
  );
}
