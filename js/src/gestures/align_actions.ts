/** Actions that bring many cards to one line or to equal gaps. */
import type { Action } from "./actions";
import { type Axis, align, distribute, type Line } from "./align";

const aligning = (line: Line): Action => ({
  name: `align_${line}`,
  title: `Align ${line}`,
  group: "Arrange",
  icon: line,
  isIcon: true,
  edits: true,
  on: ["node"],
  isReady: ({ session }) => session.nodes.size > 1,
  run: (bench) => align(bench, line),
});

const distributing = (axis: Axis): Action => ({
  name: `distribute_${axis}`,
  title: `Distribute ${axis === "x" ? "horizontally" : "vertically"}`,
  group: "Arrange",
  icon: axis === "x" ? "columns" : "rows",
  isIcon: true,
  edits: true,
  on: ["node"],
  isReady: ({ session }) => session.nodes.size > 2,
  run: (bench) => distribute(bench, axis),
});

export const alignActions: readonly Action[] = [
  ...(["left", "centre", "right", "top", "middle", "bottom"] as const).map(aligning),
  ...(["x", "y"] as const).map(distributing),
];
