/** Lanes by what the cards say: whose team, whose owner, of which kind. */
import { ATTRIBUTES } from "../generated/schema";
import { own, titleOf } from "../model/kinds";
import { Button, Icon } from "./buttons";
import type { PanelContext } from "./context";
import { Dropdown } from "./dropdown";
import { plural } from "./plural";

/** What lanes are usually made of stands first, also where no card says it yet. */
const USUAL = ["team", "owner", "department", "kind"];

const TYPES: readonly string[] = ["text", "choice"];

/** What no lane is made of: it is another on every card, or holds the card. */
const NEVER = ["label", "parent"];

/** Attributes that lanes could be made of, with the number of lanes that there would be. */
export function laneAttributes(nodes: Iterable<Record<string, unknown>>): Map<string, number> {
  const values = new Map<string, Set<string>>(USUAL.map((name) => [name, new Set()]));
  const isFit = (name: string) => TYPES.includes(own(ATTRIBUTES, name)?.type ?? "") && !NEVER.includes(name);
  for (const node of nodes)
    for (const [name, value] of Object.entries(node)) {
      if (typeof value !== "string" || !value || !(name === "kind" || isFit(name))) continue;
      const known = values.get(name);
      if (known) known.add(value);
      else values.set(name, new Set([value]));
    }
  return new Map([...values].map(([name, { size }]) => [name, size]));
}

export function LanesMenu({ context }: { context: PanelContext }) {
  const now = lanesNow(context);
  return (
    <Dropdown
      label="Lanes"
      listClass="menu-right"
      button={{
        class: "button lanes",
        "aria-label": `Lanes: ${now.toLowerCase()}`,
        "data-tip": "Lanes: rows by what the cards say",
        disabled: !context.store.nodes.size,
      }}
      face={[
        <Icon key="icon" name="lanes" />,
        <span key="now" class="wide">
          Lanes: {now.toLowerCase()}
        </span>,
      ]}
      items={(close) => laneItems(context, close)}
    />
  );
}

function lanesNow({ store }: PanelContext): string {
  const { lanes } = store.map;
  return typeof lanes === "string" && lanes ? titleOf(ATTRIBUTES, lanes) : "None";
}

/** One line for each attribute; also a part of the menu into which a narrow toolbar folds. */
export function laneItems(context: PanelContext, close: () => void) {
  const { store, session } = context;
  const { lanes = "" } = store.map;
  const arrange = (name: string) => {
    close();
    store.arrange({ lanes: name });
    const by = titleOf(ATTRIBUTES, name).toLowerCase();
    offerToMove(context, name);
    session.set({ spoken: name ? `The map is laid out in lanes by ${by}` : "The map is laid out without lanes" });
  };
  const item = (name: string, title: string, note: string, isEmpty: boolean) => (
    <Button
      role="menuitemradio"
      class="item item-check"
      key={name}
      aria-checked={lanes === name}
      aria-disabled={isEmpty}
      onClick={() => {
        if (!isEmpty) arrange(name);
      }}
    >
      <span>{title}</span>
      <small>{note}</small>
    </Button>
  );
  return [
    item("", "None", "", false),
    ...[...laneAttributes(store.nodes.values())].map(([name, n]) =>
      item(name, titleOf(ATTRIBUTES, name), n ? String(n) : "no card has one", n === 0),
    ),
  ];
}

/** What was put somewhere by hand stays there, lanes or not, unless it is wished. */
function offerToMove({ store, session, settings }: PanelContext, lanes: string): void {
  const pinned = [...store.positions.values()].filter((at) => at.pinned).length;
  if (!lanes || !pinned) return;
  const [stay, them] = pinned === 1 ? ["stays where it was put", "it"] : ["stay where they were put", "them"];
  session.toast("info", `${plural(pinned, "card", settings.locale)} ${stay}`, {
    label: `Move ${them} too`,
    run: () => store.arrange({ lanes, unpin: true }),
  });
}
