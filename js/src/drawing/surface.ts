/** The surface: still picture, moving layer and near cards under one camera, painted frame by frame. */
import type { ThemeName } from "../generated/schema";
import { isGhost } from "../model/ghosts";
import type { MapReading, Touched } from "../model/reading";
import { type Camera, type Room, revealCamera, seen, snapped, toScreen, toWorld, WHOLE_ROOM } from "./camera";
import { Dealer } from "./dealer";
import { Deck } from "./deck";
import { context2d, div } from "./dom";
import { frameAt } from "./frames";
import { contains, encloses, grow, type Point, type Rect, spanning } from "./geometry";
import { Hand } from "./hand";
import { hitAt } from "./hits";
import type { FlowItem } from "./items";
import type { LaneBand } from "./lanes";
import { typeScale } from "./level";
import { Minimap } from "./minimap";
import { Pace } from "./pace";
import { Picture } from "./picture";
import { Pilot } from "./pilot";
import { type Damage, type InSight, noDamage, Scene } from "./scene";
import { type Hit, hoveredFlow, hoveredNode, initialState, type SurfaceState } from "./state";
import { still } from "./still";
import { canvasMeasure } from "./text";
import { Tools } from "./tools";
import { watch } from "./watch";

export interface SurfaceOptions {
  theme: ThemeName;
  /** What panels leave free; `isForNow`: and what covers the map for a moment. */
  room?: (isForNow?: boolean) => Room;
}

/** The view counts as at rest after this long. */
const REST = 110;
/** A picture stretched or shrunk more than this is painted anew while the view still moves. */
const STRETCH = 1.7;
const SHRINK = 0.75;

export class Surface {
  readonly element = div("surface");
  readonly minimap: Minimap;
  readonly #scene: Scene;
  readonly #pilot: Pilot;
  readonly #picture: Picture;
  readonly #hand: Hand;
  readonly #deck: Deck;
  readonly #dealer: Dealer;
  readonly #tools: Tools;
  readonly #pace = new Pace(() => this.#tick());
  readonly #stop: (() => void)[] = [];
  #state: SurfaceState = initialState();
  #dpr = 1;
  #damage: Damage = noDamage();
  #isVisible = true;
  #painted = 0;

  constructor(parent: HTMLElement, reading: MapReading, options: SurfaceOptions) {
    const measure = canvasMeasure(context2d(document.createElement("canvas")));
    this.#scene = new Scene(reading, options.theme, measure);
    this.#pilot = new Pilot((ids) => this.#scene.target(ids), options.room ?? (() => WHOLE_ROOM));
    this.#picture = new Picture(this.#scene);
    this.#hand = new Hand(this.#scene);
    this.#deck = new Deck(this.#scene, () => this.#state);
    this.#dealer = new Dealer(this.#deck, this.#scene);
    this.#tools = new Tools(this.#scene);
    this.minimap = new Minimap(this.#scene);
    const { element } = this;
    element.append(this.#picture.element, this.#hand.element, this.#deck.element, this.#tools.element);
    parent.append(element);
    this.#stop.push(
      reading.subscribe((touched) => this.#onChange(touched)),
      this.#pilot.listen(() => this.#ask()),
      watch(
        element,
        () => this.#measure(),
        (isVisible) => {
          this.#isVisible = isVisible;
          this.#measure();
        },
      ),
    );
    this.fit();
    this.#measure();
  }

  // ---- camera ---------------------------------------------------------------------------------------

  get camera(): Camera {
    return this.#pilot.camera;
  }

  setCamera(camera: Camera, options: { animate?: boolean } = {}): void {
    this.#pilot.go(camera, options.animate ?? false);
  }

  onCamera(listener: () => void): () => void {
    return this.#pilot.listen(listener);
  }

  /** Shows these nodes, or the whole map; a view that is resized stays fitted until it is moved. */
  fit(ids?: Iterable<string>, options: { animate?: boolean } = {}): void {
    this.#pilot.fit(ids && [...ids], options.animate ?? false);
  }

  /** Whether the view shows all that it was told to, and nobody has moved it since. */
  get isFitted(): boolean {
    return this.#pilot.isFitted;
  }

  /** A view that is still fitted is fitted to the room that panels leave now. */
  refit(): void {
    this.#pilot.refit();
  }

  /** Brings a node into view by the least move, if it is not there. */
  reveal(id: string): void {
    const rect = this.nodeRect(id);
    const { camera, width, height } = this.#pilot;
    if (!rect || width === 0) return;
    const there = revealCamera(camera, rect, width, height, this.#pilot.room(true).insets);
    if (there !== camera) this.setCamera(there, { animate: true });
  }

  toWorld(client: Point): Point {
    const box = this.element.getBoundingClientRect();
    return toWorld(this.camera, { x: client.x - box.left, y: client.y - box.top });
  }

  toClient(world: Point): Point {
    const box = this.element.getBoundingClientRect();
    const { x, y } = toScreen(this.camera, world);
    return { x: x + box.left, y: y + box.top };
  }

  // ---- state ----------------------------------------------------------------------------------------

  get state(): SurfaceState {
    return this.#state;
  }

  setState(partial: Partial<SurfaceState>): void {
    const before = this.#state;
    const state = { ...before, ...partial };
    this.#state = state;
    if (state.dragging !== before.dragging) this.#take(this.#scene.lift(state.dragging));
    if (state.overlay !== before.overlay) {
      this.#scene.setOverlay(state.overlay);
      this.#spoilAll();
    }
    if (state.draftFlow !== before.draftFlow || state.editing !== before.editing) {
      this.#picture.omitted = { editing: state.editing, flow: state.draftFlow };
      for (const { draftFlow, editing } of [before, state])
        for (const box of [this.#scene.flowBox(draftFlow ?? ""), this.nodeRect(editing ?? "")])
          if (box) this.#damage.rects.push(grow(box, 4));
    }
    const flow = hoveredFlow(state);
    this.element.classList.toggle("finding", state.found !== null);
    const node = hoveredNode(state);
    this.element.title = flow !== null ? this.#scene.looks.smallPrint(flow) : this.#scene.looks.said(node ?? "");
    this.#deck.mark();
    this.#ask();
  }

  /** Colours on canvas; those of elements are the host's custom properties. */
  setTheme(theme: ThemeName): void {
    this.#scene.looks.setTheme(theme);
    this.minimap.spoil();
    this.#spoilAll();
  }

  setLocale(locale: string): void {
    this.#scene.setLocale(locale);
    this.#spoilAll();
  }

  /** Whose votes are one's own. */
  setVoter(voter: string): void {
    if (this.#scene.setVoter(voter)) this.#spoilAll();
  }

  #spoilAll(): void {
    this.#damage.all = true;
    this.#deck.spoil();
    this.#dealer.again();
    this.#ask();
  }

  // ---- change ---------------------------------------------------------------------------------------

  #onChange(touched: Touched): void {
    const wasEmpty = this.#scene.items.nodes.size === 0;
    const damage = this.#scene.update(touched);
    if (wasEmpty && this.#scene.items.nodes.size > 0 && this.#pilot.isFitted) this.fit();
    this.#take(damage);
    if (damage.all || damage.cards.size > 0) this.minimap.spoil();
    // A card in the hand needs no new content to follow the pointer.
    if (this.#state.dragging.size > 0) this.#deck.follow(this.#scene.items.liftedNodes());
    this.#ask();
  }

  #take(damage: Damage): void {
    this.#damage.all ||= damage.all;
    this.#damage.rects.push(...damage.rects);
    this.#deck.spoil(damage.all ? undefined : damage.cards);
    this.#dealer.again();
  }

  // ---- frames ---------------------------------------------------------------------------------------

  #measure(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const dpr = Math.min(globalThis.devicePixelRatio || 1, 3);
    if (width === 0 || height === 0) return;
    if (width !== this.#pilot.width || height !== this.#pilot.height || dpr !== this.#dpr) {
      this.#dpr = dpr;
      this.#picture.resize(width, height, dpr);
      this.#hand.resize(width, height, dpr);
      this.#dealer.again();
      this.#pilot.resize(width, height);
    }
    this.#ask();
  }

  #ask(): void {
    if (this.#isVisible && this.#pilot.width > 0) this.#pace.ask();
  }

  #tick(): void {
    this.#pilot.fly(performance.now());
    const isMoving = this.#pilot.hasMoved(REST);
    this.#paint(isMoving, this.#pace.deadline());
    if (this.#pilot.isFlying || this.#picture.isBusy || !this.#dealer.isDone) this.#ask();
    if (isMoving) this.#pace.askAfter(REST + 10, () => this.#ask());
  }

  /** One frame: the picture is mended and moved, the cards dealt, the hand painted. */
  #paint(isMoving: boolean, deadline: number): void {
    const camera = snapped(this.camera, this.#dpr);
    const view = seen(camera, this.#pilot.width, this.#pilot.height);
    this.#mend(camera);
    this.#renew(camera, isMoving, deadline);
    this.#picture.place(camera);
    const isStretched = this.#picture.stretch(camera) !== 1;
    this.#dealer.deal(camera, view, { isMoving, isStretched }, deadline);
    this.#deck.place(camera);
    this.#hand.paint(camera, this.#state, view);
    this.#tools.place(camera, this.#state);
    this.minimap.place(camera, this.#pilot.width, this.#pilot.height);
    this.#painted += 1;
  }

  /** What changed on the map is painted into the picture at once, or by a new picture where it is much. */
  #mend(camera: Camera): void {
    const { all, rects } = this.#damage;
    if (!all && rects.length === 0) return;
    this.#damage = noDamage();
    if (all || !this.#picture.repaint(rects)) this.#picture.begin(camera);
  }

  #renew(camera: Camera, isMoving: boolean, deadline: number): void {
    const picture = this.#picture;
    if (picture.isBlank) {
      picture.begin(camera);
      picture.work(Infinity);
      return;
    }
    const stretch = picture.stretch(camera);
    const needs = stretch === 1 ? !picture.isGood(camera, 0.45) : !isMoving || stretch > STRETCH || stretch < SHRINK;
    if (needs && !picture.isBusy) picture.begin(camera);
    else if (picture.isBusy && !isMoving && !picture.isComing(camera) && !picture.isGood(camera)) picture.begin(camera);
    if (picture.isBusy) picture.work(deadline);
  }

  /** Paints now, everything and to the end. */
  flush(): void {
    this.#measure();
    if (this.#pilot.width === 0) return;
    this.#pilot.land();
    const camera = snapped(this.camera, this.#dpr);
    this.#mend(camera);
    if (!this.#picture.isGood(camera) && !this.#picture.isComing(camera)) this.#picture.begin(camera);
    this.#picture.work(Infinity);
    this.#dealer.again();
    this.#paint(false, Infinity);
  }

  get painted(): number {
    return this.#painted;
  }

  // ---- questions ------------------------------------------------------------------------------------

  hit(client: Point): Hit {
    return hitAt(this.#scene, this.camera, this.#state, this.toWorld(client));
  }

  nodeRect(id: string): Rect | undefined {
    return this.#scene.items.node(id)?.outline.rect;
  }

  /** What of the world is in sight. */
  get view(): Rect {
    return seen(this.camera, this.#pilot.width, this.#pilot.height);
  }

  /** Cards that a box touches, and frames that lie in it. */
  nodesIn(world: Rect): string[] {
    const frames = [...this.#scene.items.frames.values()].filter(({ outline }) => encloses(world, outline.rect));
    return [...this.#scene.items.allNodesIn(world), ...frames].map((item) => item.id);
  }

  /** The box of these nodes. */
  extent(ids: Iterable<string>): Rect | undefined {
    return this.#scene.items.extent(ids);
  }

  /** How much of a lane's height its cards leave free. */
  laneSpare(lane: string): number {
    return this.#scene.laneSpare(lane);
  }

  /** The innermost open frame that lies under a point, none of those in the hand. */
  frameAt(world: Point): string | undefined {
    return frameAt(this.#scene.items.stillFrames(), world)?.id;
  }

  isFrame(id: string): boolean {
    return this.#scene.items.frames.has(id);
  }

  get lanes(): readonly LaneBand[] {
    return this.#scene.lanes;
  }

  /** The lane that lies under a point. */
  laneAt(world: Point): string | undefined {
    return this.#scene.lanes.find(({ rect }) => contains(rect, world))?.name;
  }

  /** Flows with both ends within a box. */
  flowsIn(world: Rect): string[] {
    const isInside = (item: FlowItem): boolean => {
      const route = this.#scene.ways.route(item);
      return route !== undefined && encloses(world, spanning(route.start, route.tip));
    };
    return this.#scene.items
      .flowsIn(world)
      .filter((item) => !isGhost(item.key) && isInside(item))
      .map((item) => item.key);
  }

  /** All that a card says, for the ear. */
  spokenOf(id: string): string {
    return this.#scene.looks.content(id).spoken;
  }

  /** A picture of these nodes, or of all that this view shows, at twice its size; `undefined` where there is nothing. */
  still(nodes?: ReadonlySet<string>): HTMLCanvasElement | undefined {
    return still(nodes ? this.#scene.part(nodes) : this.#scene);
  }

  cardElement(id: string): HTMLElement | undefined {
    return this.#deck.card(id);
  }

  flowLabel(key: string): Rect | undefined {
    const item = this.#scene.items.flow(key);
    return item && this.#scene.labels.anyway(item, typeScale(this.camera.k))?.rect;
  }

  /** The cards and labels in sight, as data. */
  scene(): InSight {
    return this.#scene.inSight(seen(this.camera, this.#pilot.width, this.#pilot.height), this.camera.k);
  }

  destroy(): void {
    for (const stop of this.#stop) stop();
    this.#pace.stop();
    this.minimap.destroy();
    this.element.remove();
    this.#isVisible = false;
  }
}
