/** Lets what is dragged or resized meet its neighbours' lines, and the grid where no line is near; shows what is met. */
import { type Point, type Rect, spanning } from "../drawing/geometry";
import { levelAt } from "../drawing/level";
import type { Bench } from "./bench";
import { snap } from "./grid";
import { type Axis, type Meeting, type Part, SnapLines } from "./snap_lines";

/** In pixels of the screen. */
const REACH_PX = 6;
const ALL: Parts = { x: ["start", "middle", "end"], y: ["start", "middle", "end"] };

type Parts = Readonly<Record<Axis, readonly Part[]>>;

/** The lines around something in the hand, as long as it is there. */
class Neighbours {
  readonly #bench: Bench;
  readonly #moving: ReadonlySet<string>;
  #camera: Bench["surface"]["camera"];
  #lines: SnapLines;

  constructor(bench: Bench, moving: ReadonlySet<string>) {
    this.#bench = bench;
    this.#moving = moving;
    this.#camera = bench.surface.camera;
    this.#lines = this.#around();
  }

  /** Only what is in view counts; where cards are mere blocks there are more lines than anybody could mean. */
  #around(): SnapLines {
    const { surface } = this.#bench;
    const isFar = levelAt(this.#camera.k) === "far";
    const still = isFar ? [] : surface.nodesIn(surface.view).filter((id) => !this.#moving.has(id));
    return new SnapLines(still.map((id) => surface.nodeRect(id)).filter((rect) => rect !== undefined));
  }

  meet(box: Rect, parts = ALL): Meeting {
    const { camera } = this.#bench.surface;
    if (camera !== this.#camera) {
      this.#camera = camera;
      this.#lines = this.#around();
    }
    return this.#lines.meet(box, REACH_PX / camera.k, parts);
  }

  show(box: Rect | null, parts = ALL): void {
    const { surface } = this.#bench;
    const guides = box ? this.#lines.guides(box, parts) : [];
    if (guides.length || surface.state.guides.length) surface.setState({ guides });
  }
}

export interface Snapping {
  /** The shift that is meant by one of the pointer; `isFree`: without any meeting. */
  meant(shift: Point, isFree: boolean): Point;
  end(): void;
}

/** `anchor`: the card under the pointer, by which all meet the grid. */
export function snapping(bench: Bench, moving: ReadonlySet<string>, anchor: Point, outline: Rect): Snapping {
  const neighbours = new Neighbours(bench, moving);
  const shifted = ({ x, y }: Point): Rect => ({ ...outline, x: outline.x + x, y: outline.y + y });
  return {
    meant({ x, y }, isFree) {
      if (isFree || !bench.settings.snap) {
        neighbours.show(null);
        return { x, y };
      }
      const meeting = neighbours.meet(shifted({ x, y }));
      const to = {
        x: meeting.x === null ? snap(anchor.x + x) - anchor.x : x + meeting.x,
        y: meeting.y === null ? snap(anchor.y + y) - anchor.y : y + meeting.y,
      };
      neighbours.show(shifted(to));
      return to;
    },
    end: () => neighbours.show(null),
  };
}

export interface CornerSnapping {
  /** Where the corner is meant to be by where the pointer has it. */
  meant(corner: Point, isFree: boolean): Point;
  show(box: Rect): void;
  end(): void;
}

/** The same for one corner of a box; the opposite one is `fixed`. */
export function cornerSnapping(bench: Bench, moving: ReadonlySet<string>, fixed: Point): CornerSnapping {
  const neighbours = new Neighbours(bench, moving);
  const partsOf = (corner: Point): Parts => ({
    x: [corner.x < fixed.x ? "start" : "end"],
    y: [corner.y < fixed.y ? "start" : "end"],
  });
  let parts = ALL;
  return {
    meant(corner, isFree) {
      if (isFree || !bench.settings.snap) {
        parts = { x: [], y: [] };
        return corner;
      }
      parts = partsOf(corner);
      const meeting = neighbours.meet(spanning(corner, fixed), parts);
      return {
        x: meeting.x === null ? snap(corner.x) : corner.x + meeting.x,
        y: meeting.y === null ? snap(corner.y) : corner.y + meeting.y,
      };
    },
    show: (box) => neighbours.show(box, parts),
    end: () => neighbours.show(null),
  };
}
