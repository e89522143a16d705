/** Sliders on an answer: other numbers for the stage or flow that is selected, and what they do to the whole at once. */
import type { Effect, Lever, Levers } from "../generated/schema";
import { labelled } from "../gestures/changes";
import { own } from "../model/kinds";
import { leverText } from "../model/lever_text";
import {
  AS_IT_IS,
  endOf,
  isMoved,
  type LeverAt,
  positionOf,
  sameWay,
  stillTried,
  takenOver,
  valueAt,
  valueIn,
  withValue,
} from "../model/trial";
import { Button, IconButton } from "./buttons";
import type { PanelContext } from "./context";

interface TryingProps {
  levers: Levers;
  context: PanelContext;
}

export function TryingPanel({ levers, context }: TryingProps) {
  const { session, store, isReadOnly } = context;
  const { trying } = session;
  const problem = trying.problem(levers);
  const trial = trying.now(levers);
  const isAsItIs = !Object.keys(trial.nodes).length && !Object.keys(trial.flows).length;
  const changes = trying.isSettled(levers) ? takenOver(levers, store) : [];
  return (
    <section class="trying" aria-label="Try other numbers">
      <dl class="effects" aria-live="polite">
        {levers.effects.map((effect) => (
          <EffectRow key={effect.label} effect={effect} />
        ))}
      </dl>
      <Selected levers={levers} context={context} />
      {problem && (
        <p class="field-problem" role="alert">
          {problem}
        </p>
      )}
      {(!isAsItIs || changes.length > 0) && (
        <div class="row">
          {!isReadOnly && (
            <Button
              class="button primary"
              aria-disabled={changes.length === 0}
              data-tip="Write what is tried on the map, as one step"
              onClick={() => changes.length > 0 && takeOver(levers, context)}
            >
              Take over
            </Button>
          )}
          <Button
            class="button outline"
            aria-disabled={isAsItIs}
            onClick={() => !isAsItIs && trying.try(store, AS_IT_IS)}
          >
            Reset all
          </Button>
        </div>
      )}
      {!isAsItIs && !isReadOnly && levers.note && <p class="hint">{levers.note}</p>}
    </section>
  );
}

function takeOver(levers: Levers, { store, session: { trying } }: PanelContext): void {
  const operation = store.edit("Take over what was tried", takenOver(levers, store));
  store.onAnswer(operation, (reason) => {
    if (reason) trying.refuse(store, reason);
    else trying.try(store, stillTried(levers));
  });
}

function EffectRow({ effect: { label, before, after, is_good } }: { effect: Effect }) {
  const tone = is_good === null || is_good === undefined ? "" : is_good ? "text-good" : "text-bad";
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {before !== after && (
          <>
            <span>{before}</span> <span aria-hidden="true">→</span> <span class="spoken">becomes</span>
          </>
        )}
        <b class={tone}>{after}</b>
      </dd>
    </div>
  );
}

/** The sliders of the one stage or flow that is selected. */
function Selected({ levers, context }: TryingProps) {
  const { session, store } = context;
  const [node] = session.nodes;
  const [key] = session.flows;
  const flow = key === undefined ? undefined : store.flows.get(key);
  if (session.nodes.size + session.flows.size !== 1 || (node === undefined && !flow))
    return <p class="hint">Select one stage or flow to try other numbers.</p>;
  const ofNode = node === undefined ? undefined : own(levers.nodes, node);
  const ofFlow = key === undefined ? undefined : own(levers.flows, key);
  const found: (readonly [LeverAt, Lever])[] = ofNode
    ? Object.entries(ofNode).map(([name, lever]) => [["node", node ?? "", name], lever])
    : ofFlow
      ? [[["flow", key ?? ""], ofFlow]]
      : [];
  const title = flow
    ? `${labelled(store, flow.source)} → ${labelled(store, flow.target)}`
    : labelled(store, node ?? "");
  return (
    <>
      <h4>{title}</h4>
      {found.map(([at, lever]) => (
        <Slider key={at.join("\n")} at={at} lever={lever} levers={levers} context={context} />
      ))}
      {!found.length && (
        <p class="hint">No number can be tried here: it is an end, on no way, or of too few cases to show.</p>
      )}
    </>
  );
}

function Slider({ at, lever, levers, context }: TryingProps & { at: LeverAt; lever: Lever }) {
  const { store, settings, session } = context;
  const { trying } = session;
  const trial = trying.now(levers);
  const tried = valueIn(trial, at);
  const value = tried === undefined ? (lever.is_given ? lever.baseline : lever.value) : tried;
  const text = leverText(lever, value, settings.locale);
  const isMovedNow = isMoved({ ...lever, value, is_given: tried !== undefined });
  const was = value === lever.baseline ? "" : `was ${leverText(lever, lever.baseline, settings.locale)}`;
  const set = (next: number | null | undefined) =>
    trying.try(store, withValue(trial, at, next, at[0] === "flow" ? sameWay(store, at[1]) : []));
  const id = `lever-${at.at(-1)}`;
  return (
    <div class="lever">
      <label for={id}>{lever.title}</label>
      <small class="hint">{was}</small>
      <output for={id} class={isMovedNow ? "on" : ""}>
        {text}
      </output>
      <input
        id={id}
        type="range"
        min={lever.least}
        max={endOf(lever)}
        step={lever.step}
        value={positionOf(lever, value)}
        aria-valuetext={was ? `${text}, ${was}` : text}
        onInput={({ currentTarget }) => set(valueAt(lever, Number(currentTarget.value)))}
      />
      <IconButton
        icon="undo"
        label={`Reset: ${lever.title}`}
        class={tried === undefined ? "small away" : "small"}
        tabIndex={tried === undefined ? -1 : 0}
        onClick={() => tried !== undefined && set(undefined)}
      />
    </div>
  );
}
