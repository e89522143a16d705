/** Lets what is dragged meet its neighbours' lines, and the grid where no line is near; shows the lines that are met. */

import type { Point, Rect } from "../drawing/geometry";
import { levelAt } from "../drawing/level";
import type { Bench } from "./bench";
import { snap } from "./grid";
import { SnapLines } from "./snap_lines";

/** In pixels of the screen. */
const REACH_PX = 6;

export interface Snapping {
  /** The shift that is meant by one of the pointer; `isFree`: without any meeting. */
  meant(shift: Point, isFree: boolean): Point;
  end(): void;
}

/** `anchor`: the card under the pointer, by which all meet the grid. */
export function snapping(bench: Bench, moving: ReadonlySet<string>, anchor: Point, outline: Rect): Snapping {
  const { surface, settings } = bench;
  let camera = surface.camera;
  let lines = linesAround(bench, moving);
  const show = (guides: ReturnType<SnapLines["guides"]>): void => {
    if (guides.length || surface.state.guides.length) surface.setState({ guides });
  };
  return {
    meant({ x, y }, isFree) {
      if (isFree || !settings.snap) {
        show([]);
        return { x, y };
      }
      if (surface.camera !== camera) {
        camera = surface.camera;
        lines = linesAround(bench, moving);
      }
      const box = { ...outline, x: outline.x + x, y: outline.y + y };
      const meeting = lines.meet(box, REACH_PX / camera.k);
      const to = {
        x: meeting.x === null ? snap(anchor.x + x) - anchor.x : x + meeting.x,
        y: meeting.y === null ? snap(anchor.y + y) - anchor.y : y + meeting.y,
      };
      show(lines.guides({ ...outline, x: outline.x + to.x, y: outline.y + to.y }));
      return to;
    },
    end: () => show([]),
  };
}

/** Only what is in view counts; where cards are mere blocks there are more lines than anybody could mean. */
function linesAround({ surface }: Bench, moving: ReadonlySet<string>): SnapLines {
  const isFar = levelAt(surface.camera.k) === "far";
  const still = isFar ? [] : surface.nodesIn(surface.view).filter((id) => !moving.has(id));
  return new SnapLines(still.map((id) => surface.nodeRect(id)).filter((rect) => rect !== undefined));
}
