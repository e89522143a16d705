/** Who holds the camera: moves it at once or in a flight, fits it to the map, and tells who listens. */

import { Listeners } from "../model/listeners";
import { type Camera, fitBesideCorners, flight, IDENTITY, type Room, sameCamera } from "./camera";
import type { Rect } from "./geometry";

interface Flight {
  readonly at: (t: number) => Camera;
  readonly from: number;
  readonly duration: number;
}

/** What is to be fitted: its box, and how small it may become before only `first` must be in sight. */
export interface Target {
  readonly extent: Rect | undefined;
  readonly first: Rect | undefined;
  readonly least: number;
}

export class Pilot {
  width = 0;
  height = 0;
  readonly #moves = new Listeners<void>();
  #camera: Camera = IDENTITY;
  #flight: Flight | null = null;
  /** What the view was fitted to: another size of the view fits again, until someone has moved the camera. */
  #fitted: { readonly ids: readonly string[] | undefined } | null = null;
  #moved = 0;

  constructor(
    readonly target: (ids: readonly string[] | undefined) => Target,
    /** What panels cover; for a moment more of it, which counts where something is to be seen now. */
    readonly room: (isForNow?: boolean) => Room,
  ) {}

  get camera(): Camera {
    return this.#camera;
  }

  get isFlying(): boolean {
    return this.#flight !== null;
  }

  get isFitted(): boolean {
    return this.#fitted !== null;
  }

  /** Whether the camera has moved within the last milliseconds. */
  hasMoved(within: number): boolean {
    return performance.now() - this.#moved < within;
  }

  listen(listener: () => void): () => void {
    return this.#moves.add(listener);
  }

  go(camera: Camera, animate: boolean): void {
    this.#fitted = null;
    this.#start(camera, animate);
  }

  fit(ids: readonly string[] | undefined, animate: boolean): void {
    if (this.width > 0) this.#start(this.#fitting(ids), animate);
    this.#fitted = { ids };
  }

  /** The view has another size: what was fitted is fitted again, what was in the middle stays there. */
  resize(width: number, height: number): void {
    const isFirst = this.width === 0;
    const shift = { x: (width - this.width) / 2, y: (height - this.height) / 2 };
    this.width = width;
    this.height = height;
    if (this.#fitted) this.fit(this.#fitted.ids, false);
    else if (!isFirst) this.#set({ x: this.#camera.x + shift.x, y: this.#camera.y + shift.y, k: this.#camera.k });
  }

  /** Panels have taken or given room: what was fitted is fitted again. */
  refit(): void {
    if (this.#fitted) this.fit(this.#fitted.ids, true);
  }

  /** The next step of a flight. */
  fly(now: number): void {
    const flying = this.#flight;
    if (!flying) return;
    const t = Math.min(Math.max((now - flying.from) / flying.duration, 0), 1);
    if (t >= 1) this.#flight = null;
    this.#set(flying.at(t * t * (3 - 2 * t)));
  }

  land(): void {
    this.fly(Infinity);
  }

  #fitting(ids: readonly string[] | undefined): Camera {
    const { extent, first, least } = this.target(ids);
    // With nothing there, the zero of the map is in the middle.
    const world = extent ?? { x: 0, y: 0, width: 0, height: 0 };
    return fitBesideCorners(world, this.width, this.height, this.room(), { least, first });
  }

  #start(camera: Camera, animate: boolean): void {
    if (!Number.isFinite(camera.x + camera.y + camera.k)) return;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (animate && !isCalm && this.width > 0 && !sameCamera(camera, this.#camera)) {
      this.#flight = { ...flight(this.#camera, camera, this.width, this.height), from: performance.now() };
      this.#moved = performance.now();
      this.#moves.tell();
      return;
    }
    this.#flight = null;
    this.#set({ x: camera.x, y: camera.y, k: camera.k });
  }

  #set(camera: Camera): void {
    if (sameCamera(camera, this.#camera)) return;
    this.#camera = camera;
    this.#moved = performance.now();
    this.#moves.tell();
  }
}
