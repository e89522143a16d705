/** The moving layer: what is in the hand, pointed at or selected, painted over the still picture in every frame that needs it. */
import type { Camera } from "./camera";
import type { Rect } from "./geometry";
import type { FlowItem, NodeItem } from "./items";
import { levelAt, typeScale } from "./level";
import { paintCard, paintGlow } from "./paintcard";
import { cardLook, LABEL_ZOOM } from "./painter";
import { paintFlow, paintLabel } from "./paintflow";
import { draftRoute } from "./routes";
import type { Scene } from "./scene";
import { tracePath } from "./shapes";
import type { Draft, SurfaceState } from "./state";

/** With more in the hand than this, cards are blocks and flows plain lines: the hand must stay quick. */
const HANDFUL = 120;
const MOST_RINGS = 2000;

export class Hand {
  readonly element: HTMLCanvasElement;
  readonly #scene: Scene;
  readonly #context: CanvasRenderingContext2D;
  #isClear = true;
  #dpr = 1;

  constructor(scene: Scene) {
    this.#scene = scene;
    this.element = document.createElement("canvas");
    this.element.className = "hand";
    const context = this.element.getContext("2d");
    if (!context) throw new Error("This browser gives no 2D canvas.");
    this.#context = context;
  }

  resize(width: number, height: number, dpr: number): void {
    this.#dpr = dpr;
    this.element.width = Math.ceil(width * dpr);
    this.element.height = Math.ceil(height * dpr);
    this.element.style.width = `${this.element.width / dpr}px`;
    this.element.style.height = `${this.element.height / dpr}px`;
    this.#isClear = true;
  }

  paint(camera: Camera, state: SurfaceState, view: Rect): void {
    const context = this.#context;
    const isNeeded = this.#isNeeded(state, camera.k);
    if (!isNeeded && this.#isClear) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this.element.width, this.element.height);
    this.#isClear = !isNeeded;
    this.element.style.display = isNeeded ? "" : "none";
    if (!isNeeded) return;
    const { k } = camera;
    context.setTransform(k * this.#dpr, 0, 0, k * this.#dpr, camera.x * this.#dpr, camera.y * this.#dpr);
    this.#paintLifted(k, state);
    this.#paintChosenFlows(k, state, view);
    if (levelAt(k) !== "near") this.#paintRings(k, state, view);
    if (state.draft) this.#paintDraft(state.draft, k, state);
  }

  #isNeeded(state: SurfaceState, k: number): boolean {
    if (state.dragging.size > 0 || state.draft || state.selectedFlows.size > 0 || state.hover?.type === "flow")
      return true;
    return levelAt(k) !== "near" && (state.selectedNodes.size > 0 || state.dropTarget !== null || state.hover !== null);
  }

  #paintLifted(k: number, state: SurfaceState): void {
    const scene = this.#scene;
    const context = this.#context;
    const nodes = scene.items.liftedNodes();
    if (nodes.length === 0) return;
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
      const look = cardLook(scene, item, scale, k, state.editing);
      paintGlow(context, look, scene.looks.theme);
      paintCard(context, look, scene.looks.theme);
    }
    if (k < LABEL_ZOOM) return;
    for (const label of scene.labels.passing(flows, scale))
      paintLabel(context, label.rect, label.fitted, scene.looks.theme);
  }

  #paintBlocks(nodes: readonly NodeItem[], flows: readonly FlowItem[], k: number): void {
    const scene = this.#scene;
    const context = this.#context;
    context.strokeStyle = scene.looks.theme.tokens.flow;
    context.lineWidth = Math.max(0.9 / k, 1);
    context.beginPath();
    for (const item of flows) {
      const source = scene.items.node(item.source)?.outline.rect;
      const target = scene.items.node(item.target)?.outline.rect;
      if (!source || !target) continue;
      context.moveTo(source.x + source.width / 2, source.y + source.height / 2);
      context.lineTo(target.x + target.width / 2, target.y + target.height / 2);
    }
    context.stroke();
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
    const scene = this.#scene;
    const context = this.#context;
    const { accent } = scene.looks.theme.tokens;
    const keys = new Set(state.selectedFlows);
    if (state.hover?.type === "flow" || state.hover?.type === "end") keys.add(state.hover.key);
    if (state.draftFlow !== null) keys.delete(state.draftFlow);
    if (keys.size > MOST_RINGS) return;
    const scale = levelAt(k) === "far" ? 2.2 : typeScale(k);
    const items: FlowItem[] = [];
    for (const key of keys) {
      const item = scene.items.flow(key);
      if (item) items.push(item);
    }
    for (const item of items) {
      const route = scene.ways.route(item);
      if (!route) continue;
      const style = scene.looks.style(item.key);
      const isSelected = state.selectedFlows.has(item.key);
      if (isSelected) {
        context.globalAlpha = 0.2;
        paintFlow(context, route, { ...style, dash: [] }, accent, Math.max(7, 5 / k));
        context.globalAlpha = 1;
      }
      paintFlow(context, route, style, isSelected ? accent : scene.looks.theme.tokens.text, isSelected ? 0.6 : 0);
    }
    if (items.length > 40 || k < LABEL_ZOOM * 0.7) return;
    for (const item of items) {
      const label = scene.items.isFlowLifted(item) ? undefined : scene.labels.anyway(item, scale);
      if (!label || label.rect.x > view.x + view.width || label.rect.y > view.y + view.height) continue;
      const border = state.selectedFlows.has(item.key) ? accent : scene.looks.theme.tokens.line_strong;
      paintLabel(context, label.rect, label.fitted, scene.looks.theme, border);
    }
  }

  #paintRings(k: number, state: SurfaceState, view: Rect): void {
    const { tokens } = this.#scene.looks.theme;
    const ids = [...state.selectedNodes];
    const gap = Math.min(3 / k, 10);
    const shown = ids.length > MOST_RINGS ? ids.slice(0, MOST_RINGS) : ids;
    this.#ring(shown, gap, 2 / k, tokens.ring, view);
    if (state.dropTarget !== null) this.#ring([state.dropTarget], gap, 3 / k, tokens.ring, view);
    const { hover } = state;
    if (hover?.type === "node" && !state.selectedNodes.has(hover.id))
      this.#ring([hover.id], 0, 1.5 / k, tokens.ring, view);
  }

  #ring(ids: readonly string[], gap: number, width: number, colour: string, view: Rect): void {
    const context = this.#context;
    context.strokeStyle = colour;
    context.lineWidth = width;
    for (const id of ids) {
      const item = this.#scene.items.node(id);
      if (!item) continue;
      const { rect } = item.outline;
      if (rect.x > view.x + view.width || rect.x + rect.width < view.x || rect.y > view.y + view.height) continue;
      tracePath(context, item.outline, gap + width / 2);
      context.stroke();
    }
  }

  #paintDraft(draft: Draft, k: number, state: SurfaceState): void {
    const scene = this.#scene;
    const end = (at: Draft["from"]) => (typeof at === "string" ? scene.items.node(at)?.outline : at);
    const from = end(draft.from);
    const to = end(draft.to);
    if (!from || !to) return;
    const known = state.draftFlow !== null ? scene.items.flow(state.draftFlow) : undefined;
    const style = known ? scene.looks.style(known.key) : { width: 2, colour: "", dash: [], label: null, weight: 0 };
    const width = Math.max(style.width, Math.min(2 / k, 4));
    const route = draftRoute(from, to, width);
    paintFlow(this.#context, route, { ...style, width }, scene.looks.theme.tokens.accent);
  }
}
