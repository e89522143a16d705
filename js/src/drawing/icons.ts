/** The icons: strokes on a 20 × 20 field, for panels, cards and canvas alike. */
import { MARKS } from "../generated/schema";

export const ICONS: Readonly<Record<string, string>> = {
  ...MARKS,
  // kinds of node
  stage: "M3.5 5.5h13v9h-13zM3.5 8.5h13",
  start: "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM8.6 7.4l4 2.6-4 2.6z",
  end: "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM7.6 7.6h4.8v4.8H7.6z",
  activity:
    "M6 4.5h8a2.5 2.5 0 0 1 2.5 2.5v6a2.5 2.5 0 0 1-2.5 2.5H6A2.5 2.5 0 0 1 3.5 13V7A2.5 2.5 0 0 1 6 4.5zM7 10l2.2 2.2L13 8.2",
  decision: "M10 3l7 7-7 7-7-7z",
  touchpoint: "M4 4.5h12v8.2h-6.4L6.2 16v-3.3H4zM7.2 7.4h5.6M7.2 9.9h3.4",
  system: "M4 4.5h12v4.4H4zM4 11.1h12v4.4H4zM6.6 6.7h.01M6.6 13.3h.01",
  dataset:
    "M4 5.8C4 4.5 6.7 3.5 10 3.5s6 1 6 2.3v8.4c0 1.3-2.7 2.3-6 2.3s-6-1-6-2.3zM4 5.8c0 1.3 2.7 2.3 6 2.3s6-1 6-2.3M4 10c0 1.3 2.7 2.3 6 2.3s6-1 6-2.3",
  field: "M3.5 5.5h13v9h-13zM8 5.5v9M10.5 8.5h3.5M10.5 11.5h3.5",
  group: "M3.5 5.5h5l1.5 2h6.5v8h-13z",
  capability: "M4 16V9.5M8 16v-4M12 16V7M16 16V4",
  // actions
  add: "M10 4.5v11M4.5 10h11",
  arrange: "M3.5 8h4v4h-4zM12.5 4h4v4h-4zM12.5 12h4v4h-4zM7.5 10h2.2M9.7 10V6h2.8M9.7 10v4h2.8",
  ask: "M7.6 7.6a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.2.9-1.2 1.8M10 14.4v.01M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4z",
  bin: "M4.5 6h11M8 6V4.2h4V6M6 6l.6 10h6.8L14 6M8.6 8.8v4.6M11.4 8.8v4.6",
  close: "M5.5 5.5l9 9M14.5 5.5l-9 9",
  copy: "M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3",
  cut: "M6.2 11.6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM13.8 11.6a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM7.4 12L13 4M12.6 12L7 4",
  paste: "M7.5 5H5v11.5h10V5h-2.5M7.5 3.5h5v3h-5z",
  duplicate: "M7.5 7.5h8v8h-8zM12.5 7.5v-3h-8v8h3M11.5 9.6v3.8M9.6 11.5h3.8",
  up: "M5.5 12.5L10 8l4.5 4.5",
  connect: "M3.5 7h5v6h-5zM11 10h5.5M14 7.2l2.8 2.8-2.8 2.8",
  filter: "M3.5 5h13M6.2 10h7.6M8.8 15h2.4",
  find: "M8.8 3.8a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM12.5 12.5l3.9 3.9",
  full_screen: "M11.8 8.2L16 4M12.2 4H16v3.8M8.2 11.8L4 16M7.8 16H4v-3.8",
  leave_screen: "M16 4l-4.4 4.4M15.4 8.4h-3.8V4.6M4 16l4.4-4.4M4.6 11.6h3.8v3.8",
  picture: "M3.5 4.5h13v11h-13zM3.5 13l4-4 3.6 3.6M10 11.4l2.4-2.4 4.1 4M12.6 7.2h.01",
  fit: "M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5",
  lanes: "M3.5 4.5h13v11h-13zM3.5 8.2h13M3.5 11.8h13",
  lasso:
    "M10 3.5c4 0 7 2 7 4.7s-3 4.7-7 4.7-7-2-7-4.7 3-4.7 7-4.7zM6 11.9c-1.6.4-2 2.4-.4 2.9 1.4.4 2.2-1 1.3-2.2M5.6 14.8c.3 1 .1 1.8-.7 2.4",
  left: "M4 4v12M7 6.5h9v3H7zM7 11.5h5.5v3H7z",
  centre: "M10 3.5v3M10 9.5v2M10 14.5v2M5.5 6.5h9v3h-9zM7.2 11.5h5.6v3H7.2z",
  right: "M16 4v12M13 6.5H4v3h9zM13 11.5H7.5v3H13z",
  top: "M4 4h12M6.5 7v9h3V7zM11.5 7v5.5h3V7z",
  middle: "M3.5 10h3M9.5 10h2M14.5 10h2M6.5 5.5v9h3v-9zM11.5 7.2v5.6h3V7.2z",
  bottom: "M4 16h12M6.5 13V4h3v9zM11.5 13V7.5h3V13z",
  columns: "M4 4v12M16 4v12M8.2 6.5h3.6v7H8.2z",
  rows: "M4 4h12M4 16h12M6.5 8.2v3.6h7V8.2z",
  keyboard: "M2.8 5.5h14.4v9H2.8zM5.8 8.4h.01M8.6 8.4h.01M11.4 8.4h.01M14.2 8.4h.01M6.8 11.6h6.4",
  minus: "M4.5 10h11",
  unlock: "M5 9h10v7H5zM7 9V6.4a3 3 0 0 1 5.8-1",
  more: "M5 10h.01M10 10h.01M15 10h.01",
  outline: "M4 5h.01M4 10h.01M4 15h.01M7.5 5h8.5M7.5 10h8.5M7.5 15h8.5",
  overview: "M3.5 4.5h13v11h-13zM9.5 9h4.5v4H9.5z",
  rename: "M4 16l.8-3.4L13.2 4.2l2.6 2.6-8.4 8.4zM11.4 6l2.6 2.6",
  redo: "M15.5 8H8a4 4 0 0 0 0 8h3.5M15.5 8l-3.2-3.2M15.5 8l-3.2 3.2",
  undo: "M4.5 8H12a4 4 0 0 1 0 8H8.5M4.5 8l3.2-3.2M4.5 8l3.2 3.2",
  type: "M4 5h9M4 10h6M4 15h7M15 9v7M13.5 9h3M13.5 16h3",
  vote: "M10 3.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM7 10.2l2.1 2.1L13 8",
};

const drawn = new Map<string, Path2D>();

/** The icon with its top left corner at x, y. */
export function drawIcon(context: CanvasRenderingContext2D, name: string, x: number, y: number, size: number): void {
  let path = drawn.get(name);
  if (!path) {
    path = new Path2D(ICONS[name]);
    drawn.set(name, path);
  }
  context.save();
  context.translate(x, y);
  context.scale(size / 20, size / 20);
  context.lineWidth = 2;
  context.lineCap = context.lineJoin = "round";
  context.stroke(path);
  context.restore();
}
