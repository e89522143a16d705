/** Everything about the one element that is selected, to read and to change; what is common to several. */
import {
  ATTRIBUTES,
  type Attribute,
  type Attributes,
  type Card,
  FLOW_KINDS,
  NODE_KINDS,
  type Paint,
} from "../generated/schema";
import { isReady, titleOfAction } from "../gestures/actions";
import { alignActions } from "../gestures/align_actions";
import { ACTIONS } from "../gestures/all_actions";
import { counted, labelled, nodeTitle, setOrUnset, shortened, whyNotBetween } from "../gestures/changes";
import { isLocked, unlockedOf } from "../gestures/locks";
import { removeSelection } from "../gestures/remove";
import { kindOf, own, titleOf } from "../model/kinds";
import { AttributeFields, KindField } from "./attributes";
import { Button, Icon, IconButton } from "./buttons";
import type { PanelContext } from "./context";
import { Field } from "./field";
import { Fold } from "./fold";

const STRUCTURAL = ["kind", "source", "target", "label"];

export function Inspector({ context }: { context: PanelContext }) {
  const { nodes, flows } = context.session;
  const [node] = nodes;
  const [flow] = flows;
  return (
    <div class="details">
      {nodes.size + flows.size > 1 ? (
        <Many context={context} />
      ) : node !== undefined ? (
        <NodeDetails key={context.session.firstName(node)} id={node} context={context} />
      ) : (
        flow !== undefined && <FlowDetails key={context.session.firstName(flow)} id={flow} context={context} />
      )}
      {!context.isReadOnly && <Doings context={context} />}
    </div>
  );
}

/** What is done to the whole of what is selected. */
function Doings({ context }: { context: PanelContext }) {
  const { store, session } = context;
  const nodes = [...session.nodes];
  const lock = ACTIONS.find(({ name }) => name === "lock");
  const vote = ACTIONS.find(({ name }) => name === "vote");
  const isAllLocked = !session.flows.size && nodes.every((id) => isLocked(store, id));
  return (
    <div class="row">
      {vote && isReady(vote, context) && (
        <Button class="button outline" onClick={() => vote.run(context)}>
          <Icon name="vote" size={16} /> {titleOfAction(vote, context)}
        </Button>
      )}
      {lock && nodes.length > 0 && (
        <Button class="button outline" onClick={() => lock.run(context)}>
          <Icon name={isAllLocked ? "unlock" : "lock"} size={16} /> {titleOfAction(lock, context)}
        </Button>
      )}
      {!isAllLocked && (
        <Button class="button outline danger" onClick={() => removeSelection(context)}>
          <Icon name="bin" size={16} /> Remove
        </Button>
      )}
    </div>
  );
}

interface DetailsProps {
  id: string;
  context: PanelContext;
}

function NodeDetails({ id, context }: DetailsProps) {
  const { store, overlay, isReadOnly } = context;
  const node = store.nodes.get(id);
  if (!node) return null;
  const isFixed = isReadOnly || isLocked(store, id);
  const card = store.cards.get(id);
  const edit = (label: string, name: string, value: unknown) =>
    store.edit(label, [setOrUnset(["node", id], name, value)]);
  return (
    <>
      <Painted paint={own(overlay?.[1].nodes, id)} />
      {isLocked(store, id) && (
        <p class="locked">
          <Icon name="lock" size={15} /> Locked: no hand changes it here.
        </p>
      )}
      {card && <CardData card={card} />}
      <AttributeFields
        attributes={kindOf(node.kind).attributes}
        values={node}
        locale={context.settings.locale}
        isFixed={isFixed}
        onCommit={(name, value) => edit(`Change ${titleOf(ATTRIBUTES, name).toLowerCase()}`, name, value)}
      >
        <KindField
          kind={node.kind}
          kinds={NODE_KINDS}
          isFixed={isFixed}
          onChange={(next) => edit(`Make it a ${nodeTitle(next).toLowerCase()}`, "kind", next)}
        />
      </AttributeFields>
      <Flows id={id} context={context} />
      <Others values={node} known={kindOf(node.kind).attributes} />
      <Identity id={id} noun="id" context={context} />
    </>
  );
}

function FlowDetails({ id, context }: DetailsProps) {
  const { store, session, overlay } = context;
  const flow = store.flows.get(id);
  if (!flow) return null;
  const { attributes } = own(FLOW_KINDS, flow.kind) ?? { attributes: ["label"] };
  const edit = (label: string, name: string, value: unknown) =>
    store.edit(label, [setOrUnset(["flow", id], name, value)]);
  const setKind = (next: string) => {
    const reason = whyNotBetween(store, next, flow.source, flow.target);
    if (reason) session.toast("warn", reason);
    else edit(`Make it ${titleOf(FLOW_KINDS, next).toLowerCase()}`, "kind", next);
    session.set({});
  };
  const [source, target] = [flow.source, flow.target].map((end) => {
    const visit = () => {
      session.select([end]);
      context.go([end]);
    };
    return (
      <Button class="link" key={end} data-tip="Show this card" onClick={visit}>
        {labelled(store, end)}
      </Button>
    );
  });
  return (
    <>
      <p class="ends">
        {source} <span aria-hidden="true">→</span> {target}
      </p>
      <Painted paint={own(overlay?.[1].flows, id)} />
      <AttributeFields
        attributes={attributes}
        values={flow}
        locale={context.settings.locale}
        isFixed={context.isReadOnly}
        onCommit={(name, value) => edit(`Change ${titleOf(ATTRIBUTES, name).toLowerCase()} of the flow`, name, value)}
      >
        <KindField kind={flow.kind} kinds={FLOW_KINDS} isFixed={context.isReadOnly} onChange={setKind} />
      </AttributeFields>
      <Others values={flow} known={attributes} />
      <Identity id={id} noun="key" context={context} />
    </>
  );
}

/** What can be done with several elements at once. */
function Many({ context }: { context: PanelContext }) {
  const { store, session, settings, isReadOnly } = context;
  const { nodes, flows } = session;
  const [team, ...others] = [...nodes].map((id) => store.nodes.get(id)?.team);
  const setTeam = (value: unknown) => {
    const free = unlockedOf(context, nodes);
    if (!free.length) return;
    store.edit(
      `Set the team of ${counted(free.length, "card")}`,
      free.map((id) => setOrUnset(["node", id], "team", value)),
    );
  };
  return (
    <>
      <p class="ends">
        {[counted(nodes.size, "card"), counted(flows.size, "flow")].filter(Boolean).join(" and ")} selected
      </p>
      {!isReadOnly && nodes.size > 1 && (
        <div class="icon-row" role="toolbar" aria-label="Align and distribute">
          {alignActions.map((action) => (
            <IconButton
              key={action.name}
              icon={action.icon ?? ""}
              label={titleOfAction(action, context)}
              disabled={!isReady(action, context)}
              onClick={() => action.run(context)}
            />
          ))}
        </div>
      )}
      {!isReadOnly && nodes.size > 0 && (
        <Field
          key={[...nodes].join("\n")}
          title={titleOf(ATTRIBUTES, "team")}
          attribute={ATTRIBUTES.team as Attribute}
          locale={settings.locale}
          value={others.every((other) => other === team) ? team : undefined}
          onCommit={setTeam}
        />
      )}
    </>
  );
}

function Painted({ paint }: { paint: Paint | undefined }) {
  if (!paint?.text && !paint?.detail) return null;
  return (
    <p class="paint">
      <b>{paint.text}</b> {paint.detail}
    </p>
  );
}

function CardData({ card }: { card: Card }) {
  if (!card.figures.length && !card.tables.length) return null;
  return (
    <section class="data" aria-label="Data">
      {card.figures.map(({ label, hint, text, trend }) => (
        <div class="figure" key={label} data-tip={hint}>
          <span>{label}</span>
          <b>{text}</b>
          {trend && (
            <small class={trend.is_good === null ? "" : trend.is_good ? "text-good" : "text-bad"}>{trend.text}</small>
          )}
        </div>
      ))}
      {card.tables.map((table) => (
        <div class="identity" key={table}>
          <Icon name="table" size={15} /> {table}
        </div>
      ))}
    </section>
  );
}

function Flows({ id, context: { store, session } }: DetailsProps) {
  const keys = store.flowsOf(id);
  if (!keys.size) return null;
  return (
    <Fold title="Flows" note={keys.size}>
      {[...keys].slice(0, 50).map((key) => {
        const flow = store.flows.get(key);
        const isOut = flow?.source === id;
        return (
          flow && (
            <Button class="item" key={key} onClick={() => session.select([], [key])}>
              {isOut ? "→" : "←"} {shortened(labelled(store, isOut ? flow.target : flow.source))}
            </Button>
          )
        );
      })}
    </Fold>
  );
}

/** Attributes that this kind does not have: kept, and shown as they are. */
function Others({ values, known }: { values: Attributes; known: readonly string[] }) {
  const rest = Object.entries(values).filter(([name]) => !known.includes(name) && !STRUCTURAL.includes(name));
  if (!rest.length) return null;
  return (
    <Fold title="Other" note={rest.length}>
      <dl class="others">
        {rest.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{shortened(typeof value === "string" ? value : String(JSON.stringify(value)), 2000)}</dd>
          </div>
        ))}
      </dl>
    </Fold>
  );
}

function Identity({ id, noun, context: { session } }: DetailsProps & { noun: string }) {
  // Refused where the page may not write to the clipboard: the id can still be selected and copied by hand.
  const copy = async () => {
    await navigator.clipboard.writeText(id);
    session.toast("info", `The ${noun} is copied`);
  };
  const isNamed = !id.startsWith("~");
  return (
    <div class="identity">
      <span>{noun}</span>
      <code>{isNamed ? id : "not saved yet"}</code>
      {isNamed && (
        <IconButton icon="copy" label={`Copy the ${noun}`} class="small" onClick={() => copy().catch(() => {})} />
      )}
    </div>
  );
}
