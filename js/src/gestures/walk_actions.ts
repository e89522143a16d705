/** Actions that need no pointer: walk from card to card and along flows, gather cards, connect them. */
import type { Action } from "./actions";
import type { Bench } from "./bench";
import { startConnecting, startReconnecting } from "./connect";
import type { Direction } from "./neighbours";
import { gather, here, jump, stepFlow } from "./walk";

const isAtCard = (bench: Bench): boolean => here(bench) !== null;
const hasOneFlow = ({ session }: Bench): boolean => session.nodes.size === 0 && session.flows.size === 1;

function jumping(direction: Direction, title: string, arrow: string): Action {
  return {
    name: `jump_${direction}`,
    title,
    group: "Select",
    keys: [`Alt+${arrow}`],
    isReady: ({ store }) => store.nodes.size > 0,
    run: (bench) => jump(bench, direction),
  };
}

export const walkActions: readonly Action[] = [
  {
    name: "connect",
    title: "Connect to …",
    group: "Add",
    icon: "connect",
    keys: ["c"],
    edits: true,
    on: ["node"],
    isReady: isAtCard,
    run: startConnecting,
  },
  {
    name: "reconnect_target",
    title: "Lead the flow to another card",
    group: "Edit",
    keys: ["r"],
    edits: true,
    on: ["flow"],
    isReady: hasOneFlow,
    run: (bench) => startReconnecting(bench, "target"),
  },
  {
    name: "reconnect_source",
    title: "Lead the flow from another card",
    group: "Edit",
    keys: ["Shift+r"],
    edits: true,
    on: ["flow"],
    isReady: hasOneFlow,
    run: (bench) => startReconnecting(bench, "source"),
  },
  jumping("left", "Card to the left", "ArrowLeft"),
  jumping("right", "Card to the right", "ArrowRight"),
  jumping("up", "Card above", "ArrowUp"),
  jumping("down", "Card below", "ArrowDown"),
  {
    name: "next_flow",
    title: "Next flow of the card",
    group: "Select",
    keys: ["]", "PageDown"],
    isReady: isAtCard,
    run: (bench) => stepFlow(bench, 1),
  },
  {
    name: "last_flow",
    title: "Previous flow of the card",
    group: "Select",
    keys: ["[", "PageUp"],
    isReady: isAtCard,
    run: (bench) => stepFlow(bench, -1),
  },
  {
    name: "gather",
    title: "Take or leave the card",
    group: "Select",
    keys: ["Space"],
    isReady: isAtCard,
    run: gather,
  },
];
