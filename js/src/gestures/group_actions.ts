/** Actions on groups and on what lies within cards. */
import type { Action } from "./actions";
import type { Bench } from "./bench";
import { foldGroup, goUp, groupSelection, holdsAs, openInside, outermost, ungroupSelection } from "./groups";

const single = ({ session: { nodes } }: Bench): string | undefined => (nodes.size === 1 ? [...nodes][0] : undefined);
const isFrame = (bench: Bench, id: string | undefined): id is string =>
  id !== undefined && holdsAs(bench, id) === "frame";

export const groupActions: readonly Action[] = [
  {
    name: "group",
    title: "Group",
    group: "Arrange",
    icon: "group",
    keys: ["Mod+g"],
    edits: true,
    on: ["node"],
    isReady: (bench) => outermost(bench).length > 0,
    run: groupSelection,
  },
  {
    name: "ungroup",
    title: "Ungroup",
    group: "Arrange",
    keys: ["Mod+Shift+g"],
    edits: true,
    on: ["node"],
    isReady: (bench) => [...bench.session.nodes].some((id) => isFrame(bench, id)),
    run: ungroupSelection,
  },
  {
    name: "fold",
    title: (bench) =>
      bench.store.nodes.get(single(bench) ?? "")?.collapsed === true ? "Unfold the group" : "Fold the group",
    group: "Arrange",
    keys: ["e"],
    edits: true,
    on: ["node"],
    isReady: (bench) => isFrame(bench, single(bench)),
    run: (bench) => foldGroup(bench, single(bench) ?? ""),
  },
  {
    name: "open_inside",
    title: "Open the inside",
    group: "View",
    icon: "inside",
    keys: ["Mod+Enter"],
    on: ["node"],
    isReady: (bench) => holdsAs(bench, single(bench) ?? "") === "map",
    run: (bench) => openInside(bench, single(bench) ?? ""),
  },
  {
    name: "go_up",
    title: "One level up",
    group: "View",
    icon: "up",
    keys: ["u"],
    on: ["empty"],
    isReady: ({ shown }) => shown.within !== null,
    run: goUp,
  },
];
