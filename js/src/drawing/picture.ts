/** The still picture: a bitmap wider than the view, moved by CSS while the camera moves, repainted behind the scenes. */
import { type Camera, IDENTITY, seen } from "./camera";
import { context2d, div, resizeCanvas } from "./dom";
import { clamp, encloses, grow, overlaps, type Rect, union } from "./geometry";
import { levelAt } from "./level";
import { type Omitted, paintRegion } from "./painter";
import type { Scene } from "./scene";

/** The bitmaps of one view hold at most so many pixels each. */
const MOST_PIXELS = 9_000_000;
const MARGIN = 0.35;

interface Sheet {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  camera: Camera;
  margin: { x: number; y: number };
  dpr: number;
  /** What of the world it shows; undefined while it shows nothing. */
  world: Rect | undefined;
}

interface Job {
  readonly steps: Generator<void, void, void>;
  readonly sheet: Sheet;
  readonly camera: Camera;
}

export class Picture {
  readonly element: HTMLElement;
  #front = makeSheet();
  #back = makeSheet();
  #job: Job | null = null;
  #late: Rect[] = [];
  /** Whether the picture in front shows a map of before. */
  #isStale = false;
  #width = 0;
  #height = 0;
  #dpr = 1;
  omitted: Omitted = { editing: null, flow: null };

  constructor(readonly scene: Scene) {
    this.#back.canvas.style.visibility = "hidden";
    this.element = div("picture", this.#back.canvas, this.#front.canvas);
  }

  resize(width: number, height: number, dpr: number): void {
    this.#width = width;
    this.#height = height;
    this.#dpr = dpr;
    // What was being painted is lost, and with it the news of what had changed.
    this.#isStale ||= this.#job !== null;
    this.#job = null;
    if (this.#front.dpr !== dpr) this.#front.world = undefined;
  }

  get isBusy(): boolean {
    return this.#job !== null;
  }

  /** Whether there is anything to be seen. */
  get isBlank(): boolean {
    return this.#front.world === undefined;
  }

  /** Whether the picture is sharp and reaches beyond the view; `slack` is the share of its margin that may be used up. */
  isGood(camera: Camera, slack = 1): boolean {
    const { world, camera: at, margin } = this.#front;
    if (!world || this.#isStale || at.k !== camera.k) return false;
    const spare = Math.min(margin.x, margin.y) * (1 - slack);
    return encloses(grow(world, 0.5 / camera.k), seen(camera, this.#width, this.#height, spare));
  }

  /** How far the picture's zoom is from the camera's: 1 is sharp. */
  stretch(camera: Camera): number {
    return camera.k / this.#front.camera.k;
  }

  /** Whether the running work is for this zoom and will cover this view. */
  isComing(camera: Camera): boolean {
    const job = this.#job;
    if (!job || job.camera.k !== camera.k) return false;
    return encloses(
      seen(job.camera, this.#width, this.#height, this.#margin().x * 0.7),
      seen(camera, this.#width, this.#height),
    );
  }

  /** Begins a new picture for this camera; the old one stays until the new one is ready. */
  begin(camera: Camera): void {
    const sheet = this.#back;
    const margin = this.#margin();
    resizeCanvas(sheet.canvas, this.#width + 2 * margin.x, this.#height + 2 * margin.y, this.#dpr);
    sheet.camera = camera;
    sheet.margin = margin;
    sheet.dpr = this.#dpr;
    const { width, height } = sheet.canvas;
    sheet.world = {
      x: (-margin.x - camera.x) / camera.k,
      y: (-margin.y - camera.y) / camera.k,
      width: width / this.#dpr / camera.k,
      height: height / this.#dpr / camera.k,
    };
    toWorldUnits(sheet);
    this.#late = [];
    this.#job = { steps: paintRegion(sheet.context, this.scene, sheet.world, camera.k, this.omitted), sheet, camera };
  }

  /** Works until `deadline` (a time of performance.now()); true when the new picture has come to the front. */
  work(deadline: number): boolean {
    const job = this.#job;
    if (!job) return false;
    do {
      if (job.steps.next().done) {
        this.#swap();
        return true;
      }
    } while (performance.now() < deadline);
    return false;
  }

  #swap(): void {
    this.#job = null;
    this.#isStale = false;
    const sheet = this.#back;
    this.#back = this.#front;
    this.#front = sheet;
    sheet.canvas.style.visibility = "";
    this.#back.canvas.style.visibility = "hidden";
    this.#back.world = undefined;
    const late = this.#late;
    this.#late = [];
    if (late.length > 0) this.repaint(late);
  }

  /** Paints parts anew at once; false when they are so much that a whole new picture is better. */
  repaint(rects: readonly Rect[]): boolean {
    const { world, camera } = this.#front;
    if (this.#job) this.#late.push(...rects);
    if (!world) return true;
    const near = rects.filter((rect) => overlaps(rect, world));
    if (near.length === 0) return true;
    const merged = mergedRects(near);
    const area = merged.reduce(
      (sum, rect) => sum + Math.min(rect.width, world.width) * Math.min(rect.height, world.height),
      0,
    );
    const limit = levelAt(camera.k) === "far" ? 0.15 : 0.3;
    if (area > world.width * world.height * (near.length > 1 ? limit : 0.6)) return false;
    for (const rect of merged) this.#repaintOne(rect);
    return true;
  }

  #repaintOne(rect: Rect): void {
    const { context, camera, dpr, margin } = this.#front;
    // Whole device pixels, or else seams would show at the rim.
    const left = Math.floor((rect.x * camera.k + camera.x + margin.x) * dpr);
    const top = Math.floor((rect.y * camera.k + camera.y + margin.y) * dpr);
    context.save();
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.beginPath();
    context.rect(left, top, Math.ceil(rect.width * camera.k * dpr) + 1, Math.ceil(rect.height * camera.k * dpr) + 1);
    context.clip();
    toWorldUnits(this.#front);
    const region = grow(rect, 2 / camera.k);
    for (const _ of paintRegion(context, this.scene, region, camera.k, this.omitted));
    context.restore();
  }

  /** Moves the picture under the camera. */
  place(camera: Camera): void {
    const { camera: at, margin, canvas } = this.#front;
    const s = camera.k / at.k;
    const x = camera.x - (at.x + margin.x) * s;
    const y = camera.y - (at.y + margin.y) * s;
    canvas.style.transform = s === 1 ? `translate(${x}px,${y}px)` : `matrix(${s},0,0,${s},${x},${y})`;
  }

  /** Less margin where pixels are many, as on a large screen of double density. */
  #margin(): { x: number; y: number } {
    const view = this.#width * this.#height * this.#dpr * this.#dpr;
    const share = clamp((Math.sqrt(MOST_PIXELS / Math.max(view, 1)) - 1) / 2, 0.08, MARGIN);
    return { x: Math.round(this.#width * share), y: Math.round(this.#height * share) };
  }
}

function makeSheet(): Sheet {
  const canvas = document.createElement("canvas");
  const context = context2d(canvas, { alpha: false });
  return { canvas, context, camera: IDENTITY, margin: { x: 0, y: 0 }, dpr: 1, world: undefined };
}

function toWorldUnits({ context, camera, margin, dpr }: Sheet): void {
  const k = camera.k * dpr;
  context.setTransform(k, 0, 0, k, (camera.x + margin.x) * dpr, (camera.y + margin.y) * dpr);
}

/** Rectangles that touch become one, so that nothing is painted twice over. */
function mergedRects(rects: readonly Rect[]): Rect[] {
  if (rects.length > 60) return [rects.reduce(union)];
  const merged: Rect[] = [];
  for (const rect of rects) {
    let one = rect;
    let i = 0;
    while (i >= 0) {
      i = merged.findIndex((other) => overlaps(one, other, 1));
      if (i >= 0) one = union(one, merged.splice(i, 1)[0] ?? one);
    }
    merged.push(one);
  }
  return merged;
}
