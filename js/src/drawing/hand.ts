/** The moving layer: what is in the hand, pointed at or selected, painted over the still picture in every frame that needs it. */
import { GEOMETRY } from "../generated/schema";
import type { Camera } from "./camera";
import { context2d, resizeCanvas } from "./dom";
import type { FlowStyle } from "./flowstyle";
import { overlaps, type Rect } from "./geometry";
import type { FlowItem, NodeItem } from "./items";
import { LABEL_ZOOM, levelAt, typeScale } from "./level";
import { paintCard, paintGlow } from "./paintcard";
import { cardLook, strokeLines } from "./painter";
import { paintFlow, paintLabel } from "./paintflow";
import { paintFrames } from "./paintframe";
import { draftRoute } from "./routes";
import type { Scene } from "./scene";
import { tracePath } from "./shapes";
import { type Draft, type Found, hoveredFlow, type SurfaceState } from "./state";

/** With more in the hand than this, cards are blocks and flows plain lines: the hand must stay quick. */
const HANDFUL = 120;
const MOST_RINGS = 2000;
const DRAFT: FlowStyle = { width: GEOMETRY.flow_width, colour: "", dash: [], label: null, hollow: "", weight: 0 };

export class Hand {
  readonly element = document.createElement("canvas");
  readonly #context = context2d(this.element);
  #isClear = true;
  #dpr = 1;

  constructor(readonly scene: Scene) {}

  resize(width: number, height: number, dpr: number): void {
    this.#dpr = dpr;
    resizeCanvas(this.element, width, height, dpr);
    this.#isClear = false;
  }

  paint(camera: Camera, state: SurfaceState, view: Rect): void {
    const context = this.#context;
    const isNeeded = this.#isNeeded(state, camera.k);
    if (!isNeeded && this.#isClear) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.element.width, this.element.height);
    this.#isClear = !isNeeded;
    const { style } = this.element;
    style.display = isNeeded ? "" : "none";
    if (!isNeeded) return;
    // What is drawn or pointed at lies over the HTML cards; cards in the hand are themselves on top.
    style.zIndex = state.dragging.size > 0 ? "" : "1";
    const { k } = camera;
    context.setTransform(k * this.#dpr, 0, 0, k * this.#dpr, camera.x * this.#dpr, camera.y * this.#dpr);
    if (state.found) this.#paintFound(k, state.found, view);
    this.#paintLifted(k, state, view);
    this.#paintChosenFlows(k, state, view);
    this.#paintRings(k, state, view);
    if (state.draft) this.#paintDraft(state.draft, k, state);
  }

  #isNeeded(state: SurfaceState, k: number): boolean {
    if (state.dragging.size > 0 || state.draft || state.selectedFlows.size > 0 || state.ghost || hoveredFlow(state))
      return true;
    // Near cards are elements with rings of their own; frames are painted at any zoom.
    const { frames } = this.scene.items;
    const marked = [...state.selectedNodes, state.dropTarget ?? "", state.cursor ?? "", state.found?.active ?? ""];
    const isRinged = marked.some((id) => frames.has(id));
    if (isRinged || levelAt(k) === "near") return isRinged || (state.found?.flows.size ?? 0) > 0;
    return (
      state.selectedNodes.size > 0 ||
      [state.dropTarget, state.hover, state.cursor, state.found].some((mark) => mark !== null)
    );
  }

  /** What was found, over the dimmed picture; near, the cards themselves are HTML. */
  #paintFound(k: number, found: Found, view: Rect): void {
    const { items, looks, ways } = this.scene;
    const flows = items.flowsIn(view).filter(({ key }) => found.flows.has(key));
    for (const item of flows.slice(0, HANDFUL)) {
      const route = ways.route(item);
      if (route) paintFlow(this.#context, route, looks.style(item.key), looks.theme.tokens.accent);
    }
    if (levelAt(k) === "near") return;
    const nodes = items.nodesIn(view).filter(({ id }) => found.nodes.has(id));
    if (nodes.length > HANDFUL || levelAt(k) === "far") this.#paintBlocks(nodes, [], k);
    else
      for (const item of nodes) paintCard(this.#context, cardLook(this.scene, item, typeScale(k), null), looks.theme);
  }

  #paintLifted(k: number, state: SurfaceState, view: Rect): void {
    const scene = this.scene;
    const context = this.#context;
    const all = scene.items.liftedNodes();
    if (all.length === 0) return;
    const frames = all.filter(({ id }) => scene.items.frames.has(id));
    const nodes = all.filter(({ id }) => !scene.items.frames.has(id));
    paintFrames(context, scene, frames, view, k);
    const flows = scene.items.liftedFlows().filter((item) => item.key !== state.draftFlow);
    if (nodes.length + flows.length > HANDFUL || levelAt(k) === "far") {
      this.#paintBlocks(nodes, flows, k);
      return;
    }
    const scale = typeScale(k);
    for (const item of flows) {
      const route = scene.ways.route(item);
      if (route) paintFlow(context, route, scene.looks.style(item.key));
    }
    for (const item of nodes) {
      const look = cardLook(scene, item, scale, state.editing);
      paintGlow(context, look, scene.looks.theme);
      paintCard(context, look, scene.looks.theme);
    }
    if (k < LABEL_ZOOM) return;
    for (const label of scene.labels.passing(flows, scale)) paintLabel(context, label, scene.looks.theme);
  }

  #paintBlocks(nodes: readonly NodeItem[], flows: readonly FlowItem[], k: number): void {
    const scene = this.scene;
    const context = this.#context;
    context.strokeStyle = scene.looks.theme.tokens.flow;
    context.lineWidth = Math.max(0.9 / k, 1);
    strokeLines(context, scene, flows);
    const isFar = levelAt(k) === "far";
    for (const item of nodes) {
      const colour = scene.looks.colour(item);
      tracePath(context, item.outline);
      context.fillStyle = isFar ? colour : scene.looks.theme.tokens.card;
      context.fill();
      context.strokeStyle = colour;
      context.lineWidth = Math.max(1.5, 1.2 / k);
      context.stroke();
    }
  }

  #paintChosenFlows(k: number, state: SurfaceState, view: Rect): void {
    const scene = this.scene;
    const context = this.#context;
    const { accent } = scene.looks.theme.tokens;
    const selected = new Set(state.selectedFlows).add(state.ghost ?? "");
    const keys = new Set(selected).add(hoveredFlow(state) ?? "");
    keys.delete(state.draftFlow ?? "");
    if (keys.size > MOST_RINGS) return;
    const items = [...keys].map((key) => scene.items.flow(key)).filter((item) => item !== undefined);
    for (const item of items) {
      const route = scene.ways.route(item);
      if (!route) continue;
      const style = scene.looks.style(item.key);
      const isSelected = selected.has(item.key);
      if (isSelected) {
        context.globalAlpha = 0.2;
        paintFlow(context, route, { ...style, dash: [], hollow: "" }, accent, Math.max(7, 5 / k));
        context.globalAlpha = 1;
      }
      paintFlow(context, route, style, isSelected ? accent : scene.looks.theme.tokens.text, isSelected ? 0.6 : 0);
    }
    if (items.length > 40 || k < LABEL_ZOOM * 0.7) return;
    const scale = levelAt(k) === "far" ? 2.2 : typeScale(k);
    for (const item of items) {
      const label = scene.items.isFlowLifted(item) ? undefined : scene.labels.anyway(item, scale);
      if (!label || !overlaps(label.rect, view)) continue;
      const border = selected.has(item.key) ? accent : scene.looks.theme.tokens.line_strong;
      paintLabel(context, label, scene.looks.theme, border);
    }
  }

  #paintRings(k: number, state: SurfaceState, view: Rect): void {
    const { selectedNodes, dropTarget, hover, cursor, found } = state;
    const gap = Math.min(3 / k, 10);
    this.#context.strokeStyle = this.scene.looks.theme.tokens.ring;
    const { frames } = this.scene.items;
    const isNear = levelAt(k) === "near";
    const ring = (id: string, away: number, width: number): void => {
      if (!isNear || frames.has(id)) this.#ring(id, frames.has(id) ? 0 : away, width, view);
    };
    for (const id of [...selectedNodes].slice(0, MOST_RINGS)) ring(id, gap, 2 / k);
    if (dropTarget !== null) ring(dropTarget, gap, 3 / k);
    if (found?.active) ring(found.active, gap, 3 / k);
    if (cursor !== null) {
      this.#context.setLineDash([6 / k, 4 / k]);
      ring(cursor, gap * 2, 2 / k);
      this.#context.setLineDash([]);
    }
    if (!isNear && hover?.type === "node" && !selectedNodes.has(hover.id)) this.#ring(hover.id, 0, 1.5 / k, view);
  }

  #ring(id: string, gap: number, width: number, view: Rect): void {
    const outline = this.scene.items.node(id)?.outline;
    if (!outline || !overlaps(outline.rect, view)) return;
    this.#context.lineWidth = width;
    tracePath(this.#context, outline, gap + width / 2);
    this.#context.stroke();
  }

  #paintDraft(draft: Draft, k: number, state: SurfaceState): void {
    const scene = this.scene;
    const end = (at: Draft["from"]) => (typeof at === "string" ? scene.items.node(at)?.outline : at);
    const from = end(draft.from);
    const to = end(draft.to);
    if (!from || !to) return;
    const style = state.draftFlow === null ? DRAFT : scene.looks.style(state.draftFlow);
    const width = Math.max(style.width, Math.min(2 / k, 4));
    const route = draftRoute(from, to, width);
    paintFlow(this.#context, route, { ...style, width }, scene.looks.theme.tokens.accent);
  }
}
