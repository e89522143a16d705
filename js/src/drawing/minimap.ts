/** The whole map in a corner: blocks painted into a bitmap when the map changes, a frame that moves with the view. */
import { grouped } from "../model/grouped";
import { Listeners } from "../model/listeners";
import { type Camera, rectToScreen, seen } from "./camera";
import { context2d, div, place, resizeCanvas } from "./dom";
import { bounds, centreOf, clamp, encloses, grow, type Point, type Rect } from "./geometry";
import type { NodeItem } from "./items";
import type { Scene } from "./scene";

const WIDTH = 148;
const HEIGHT = 88;
const PADDING = 7;
/** A view smaller than this has no corner to spare. */
const LEAST_WIDTH = 720;
const LEAST_HEIGHT = 400;
/** With more nodes than this a bitmap is worth waiting until the map is at rest. */
const MANY = 400;
const REST_MS = 180;

export class Minimap {
  readonly element: HTMLElement;
  readonly #canvas = document.createElement("canvas");
  readonly #context = context2d(this.#canvas);
  readonly #frame = div("minimap-frame");
  readonly #needed = new Listeners<void>();
  #world: Rect | undefined;
  #camera: Camera = { x: 0, y: 0, k: 1 };
  #view = { width: 0, height: 0 };
  #isNeeded = false;
  #isGone = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly scene: Scene) {
    this.element = div("minimap", this.#canvas, this.#frame);
    place(this.element, { x: 0, y: 0, width: WIDTH, height: HEIGHT });
    this.#measure();
  }

  /** Whether some of the map lies out of sight, and there is a corner for it. */
  get isNeeded(): boolean {
    return this.#isNeeded;
  }

  onNeeded(listener: () => void): () => void {
    return this.#needed.add(listener);
  }

  /** The map has changed: it is painted anew, soon. */
  spoil(): void {
    const isLarge = this.scene.items.nodes.size > MANY;
    // While a large map changes without a pause, as in a drag, the picture waits.
    if (isLarge) clearTimeout(this.#timer);
    else if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => whenIdle(() => this.#renew()), isLarge ? REST_MS : 0);
  }

  /** Moves the frame to where the view is. */
  place(camera: Camera, width: number, height: number): void {
    this.#camera = camera;
    this.#view = { width, height };
    const isNeeded = this.#lacks();
    if (isNeeded !== this.#isNeeded) {
      this.#isNeeded = isNeeded;
      this.#needed.tell();
    }
    if (!isNeeded || !this.#world) return;
    const at = rectToScreen(this.#scale(this.#world), seen(camera, width, height));
    // Always to be seen, however far the view has gone astray or come near.
    const left = clamp(at.x, 1, WIDTH - 9);
    const top = clamp(at.y, 1, HEIGHT - 9);
    const right = clamp(at.x + at.width, left + 8, WIDTH - 1);
    const bottom = clamp(at.y + at.height, top + 8, HEIGHT - 1);
    place(this.#frame, { x: left, y: top, width: right - left, height: bottom - top });
  }

  /** The place on the map under a point of the page. */
  worldAt(client: Point): Point {
    const box = this.element.getBoundingClientRect();
    const { x, y, k } = this.#scale(this.#world ?? { x: 0, y: 0, width: 1, height: 1 });
    return { x: (client.x - box.left - x) / k, y: (client.y - box.top - y) / k };
  }

  /** Paints all blocks; only where they are seen. */
  paint(): void {
    if (!this.element.isConnected || !this.#world) return;
    const dpr = Math.min(globalThis.devicePixelRatio || 1, 3);
    resizeCanvas(this.#canvas, WIDTH, HEIGHT, dpr);
    const context = this.#context;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    context.setTransform(dpr, 0, 0, dpr, 0, 0);
    const { items, looks, lanes } = this.scene;
    const scale = this.#scale(this.#world);
    for (const [i, { rect }] of lanes.entries()) {
      context.fillStyle = looks.theme.tokens[i % 2 ? "lane_other" : "lane"];
      fill(context, rectToScreen(scale, rect));
    }
    const isFrame = ({ outline }: NodeItem) => outline.shape === "frame";
    const nodes = [...items.nodes.values()];
    context.fillStyle = looks.theme.tokens.line;
    for (const { outline } of nodes.filter(isFrame)) fill(context, rectToScreen(scale, outline.rect));
    context.globalAlpha = 0.8;
    for (const [colour, some] of grouped(
      nodes.filter((item) => !isFrame(item)),
      (item) => looks.colour(item),
    )) {
      context.fillStyle = colour;
      for (const { outline } of some) fill(context, rectToScreen(scale, outline.rect));
    }
    context.globalAlpha = 1;
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.#isGone = true;
    this.#needed.clear();
  }

  #renew(): void {
    if (this.#isGone) return;
    this.#timer = undefined;
    this.#measure();
    this.place(this.#camera, this.#view.width, this.#view.height);
    this.paint();
  }

  #measure(): void {
    const { items, lanes } = this.scene;
    const nodes = items.extent();
    this.#world = nodes && bounds([nodes, ...lanes.map(({ rect }) => rect)]);
  }

  #lacks(): boolean {
    const { width, height } = this.#view;
    if (!this.#world || width < LEAST_WIDTH || height < LEAST_HEIGHT) return false;
    return !encloses({ x: -1, y: -1, width: width + 2, height: height + 2 }, rectToScreen(this.#camera, this.#world));
  }

  /** The camera by which the whole world lies in the middle of the corner. */
  #scale(world: Rect): Camera {
    const room = grow({ x: 0, y: 0, width: WIDTH, height: HEIGHT }, -PADDING);
    const k = Math.min(room.width / Math.max(world.width, 1), room.height / Math.max(world.height, 1));
    const middle = centreOf(world);
    return { x: WIDTH / 2 - middle.x * k, y: HEIGHT / 2 - middle.y * k, k };
  }
}

/** Between frames, where the browser can tell. */
function whenIdle(work: () => void): void {
  if (typeof requestIdleCallback === "function") requestIdleCallback(work, { timeout: 500 });
  else work();
}

/** Never too small to be seen. */
function fill(context: CanvasRenderingContext2D, { x, y, width, height }: Rect): void {
  context.fillRect(x, y, Math.max(width, 1), Math.max(height, 1));
}
