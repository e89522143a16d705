/** Who holds the camera: moves it at once or in a flight, fits it to the map, and tells who listens. */
import { type Camera, fitCamera, flight, IDENTITY, sameCamera } from "./camera";
import type { Insets, Rect } from "./geometry";

interface Flight {
  readonly at: (t: number) => Camera;
  readonly from: number;
  readonly duration: number;
}

export class Pilot {
  width = 0;
  height = 0;
  readonly #listeners = new Set<() => void>();
  readonly #extent: (ids: readonly string[] | undefined) => Rect | undefined;
  readonly #insets: () => Insets;
  #camera: Camera = IDENTITY;
  #flight: Flight | null = null;
  /** What the view was fitted to: another size of the view fits again, until someone has moved the camera. */
  #fitted: { readonly ids: readonly string[] | undefined } | null = null;
  #moved = 0;

  constructor(extent: (ids: readonly string[] | undefined) => Rect | undefined, insets: () => Insets) {
    this.#extent = extent;
    this.#insets = insets;
  }

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
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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

  /** The next step of a flight. */
  fly(now: number): void {
    const flying = this.#flight;
    if (!flying) return;
    const t = Math.min(Math.max((now - flying.from) / flying.duration, 0), 1);
    if (t >= 1) this.#flight = null;
    this.#set(flying.at(t * t * (3 - 2 * t)));
  }

  land(): void {
    this.fly(Number.POSITIVE_INFINITY);
  }

  #fitting(ids: readonly string[] | undefined): Camera {
    const extent = this.#extent(ids);
    const insets = this.#insets();
    if (extent) return fitCamera(extent, this.width, this.height, insets);
    const { left, right, top, bottom } = insets;
    return { x: (this.width + left - right) / 2, y: (this.height + top - bottom) / 2, k: 1 };
  }

  #start(camera: Camera, animate: boolean): void {
    if (!Number.isFinite(camera.x + camera.y + camera.k) || camera.k <= 0) return;
    const isCalm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
    if (animate && !isCalm && this.width > 0 && !sameCamera(camera, this.#camera)) {
      this.#flight = { ...flight(this.#camera, camera, this.width, this.height), from: performance.now() };
      this.#moved = performance.now();
      this.#tell();
      return;
    }
    this.#flight = null;
    this.#set({ x: camera.x, y: camera.y, k: camera.k });
  }

  #set(camera: Camera): void {
    if (sameCamera(camera, this.#camera)) return;
    this.#camera = camera;
    this.#moved = performance.now();
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
