/** What can be done with several elements at once. */
import { ATTRIBUTES, type Attributes, type Change, NODE_KINDS } from "../generated/schema";
import { counted, moveNode } from "../gestures/changes";
import type { PanelContext } from "./context";
import { Field } from "./field";
import { Icon } from "./icons";
import { RemoveButton } from "./inspector";

type Edge = "left" | "top";

function align({ store, session }: PanelContext, edge: Edge): void {
  const placed = [...session.nodes].flatMap((id) => {
    const at = store.positions.get(id);
    const size = NODE_KINDS[store.nodes.get(id)?.kind ?? ""] ?? { width: 200, height: 120 };
    return at ? [{ id, at, size }] : [];
  });
  const line =
    edge === "left"
      ? Math.min(...placed.map(({ at, size }) => at.x - size.width / 2))
      : Math.min(...placed.map(({ at, size }) => at.y - size.height / 2));
  const changes = placed.map(({ id, at, size }) =>
    moveNode(
      store,
      id,
      edge === "left" ? { x: line + size.width / 2, y: at.y } : { x: at.x, y: line + size.height / 2 },
    ),
  );
  store.edit(edge === "left" ? "Align left" : "Align top", changes);
}

function shared(values: readonly (Attributes | undefined)[], name: string): unknown {
  const [first, ...rest] = values.map((value) => value?.[name]);
  return rest.every((value) => value === first) ? first : undefined;
}

export function Many({ context }: { context: PanelContext }) {
  const { store, session } = context;
  const { nodes, flows } = session;
  const team = ATTRIBUTES.team;
  const setTeam = (value: unknown) => {
    const changes = [...nodes].map(
      (id): Change =>
        value === undefined ? { at: ["node", id], unset: ["team"] } : { at: ["node", id], set: { team: value } },
    );
    store.edit(`Set the team of ${counted(nodes.size, "card")}`, changes);
  };
  const selected = [...nodes].map((id) => store.nodes.get(id));
  return (
    <div class="crm-details">
      <p class="crm-count">
        {[counted(nodes.size, "card"), counted(flows.size, "flow")].filter(Boolean).join(" and ")} selected
      </p>
      {nodes.size > 1 && (
        <div class="crm-row">
          <button type="button" class="crm-button crm-outline" onClick={() => align(context, "left")}>
            <Icon name="left" size={16} /> Align left
          </button>
          <button type="button" class="crm-button crm-outline" onClick={() => align(context, "top")}>
            <Icon name="top" size={16} /> Align top
          </button>
        </div>
      )}
      {nodes.size > 0 && team && (
        <Field key={[...nodes].join("\n")} attribute={team} value={shared(selected, "team")} onCommit={setTeam} />
      )}
      <RemoveButton context={context} />
    </div>
  );
}
