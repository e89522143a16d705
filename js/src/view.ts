/** One view of a map: its store, surface, gestures and panels put together, and what is the view's own. */
import { Announcer } from "./a11y/announcer";
import { div, listen } from "./drawing/dom";
import { Surface } from "./drawing/surface";
import type { Overlay } from "./generated/schema";
import type { Bench } from "./gestures/bench";
import { keys } from "./gestures/keys";
import { type PanZoom, panZoom } from "./gestures/pan_zoom";
import { type PointerGestures, pointerGestures } from "./gestures/pointer";
import type { Touched } from "./model/reading";
import { Session } from "./model/session";
import type { Settings } from "./model/settings";
import type { Store } from "./model/store";
import type { PanelContext } from "./panels/context";
import { renderPanels } from "./panels/panels";
import { sideContent } from "./panels/side";

const NARROW_PX = 720;
const STUCK_MS = 4000;
const TELL_SELECTION_MS = 150;
const GAP = 12;
/** Longer than a double-click takes: its second press must find the card where the first one did. */
const REVEAL_MS = 450;

export class View implements Bench {
  readonly session = new Session();
  readonly surface: Surface;
  readonly layer = div("crm-layer");
  readonly #panels = div("crm-panels");
  readonly pan: PanZoom;
  readonly #pointer: PointerGestures;
  readonly #cleanups: (() => void)[] = [];
  #settings: Settings;
  #frame = 0;
  #stuckTimer: ReturnType<typeof setTimeout> | undefined;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  #revealTimer: ReturnType<typeof setTimeout> | undefined;
  #isNarrow = false;
  #hasLeft = false;
  #isFitted = false;
  #newest: string | null = null;

  constructor(
    readonly root: HTMLElement,
    readonly store: Store,
    settings: Settings,
  ) {
    this.#settings = settings;
    const stage = div("crm-stage");
    root.append(stage, this.#panels, this.layer);
    this.#newest = this.#overlay()?.[0] ?? null;
    this.surface = new Surface(stage, store, { theme: settings.theme, insets: (isForNow) => this.#insets(isForNow) });
    const { element } = this.surface;
    element.tabIndex = 0;
    element.setAttribute("role", "application");
    element.setAttribute("aria-label", "Map: Tab walks over the cards, N adds one, C connects it, ? tells all keys");
    const announcer = new Announcer(store, (sentence) => this.session.say(sentence));
    this.pan = panZoom(this.surface, () => this.#hasFocus());
    this.#pointer = pointerGestures(this, () => this.pan.spaceHeld);
    this.#cleanups.push(
      keys(this, root, this.#pointer),
      store.subscribe((touched) => this.#onMap(touched)),
      store.onNotice(({ level, text }) => this.session.toast(level, text)),
      store.onSelection(({ nodes, flows }) => this.session.select(nodes, flows)),
      store.onRenamed((ids) => this.session.rename(ids)),
      this.session.subscribe(({ selection }) => this.#onSession(selection)),
      this.#watchSize(),
      this.surface.minimap.onNeeded(() => this.#drawSoon()),
      listen(root, { focusin: () => announcer.takeTurn() }),
      () => announcer.destroy(),
    );
    this.#measure();
    this.#draw();
    this.#showOverlay();
  }

  get settings(): Settings {
    return this.#settings;
  }

  get isReadOnly(): boolean {
    return this.#settings.isReadOnly;
  }

  setSettings(settings: Settings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (settings.theme !== before.theme) this.surface.setTheme(settings.theme);
    this.#drawSoon();
  }

  /** Draws what is waiting at once; for tests. */
  flush(): void {
    cancelAnimationFrame(this.#frame);
    this.#draw();
    this.surface.flush();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#stuckTimer);
    clearTimeout(this.#tellTimer);
    clearTimeout(this.#revealTimer);
    for (const cleanup of this.#cleanups) cleanup();
    this.#pointer.destroy();
    this.pan.destroy();
    renderPanels(this.#panels, null);
    this.surface.destroy();
    this.root.replaceChildren();
  }

  // ---- what changed ------------------------------------------------------------------------------

  #onMap(touched: Touched): void {
    if (touched.everything || touched.nodes.size || touched.flows.size) this.session.prune(this.store);
    if (touched.everything || touched.overlays) this.#showOverlay();
    if (touched.status) this.#watchUnsaved();
    const isOnlyMoved =
      !touched.everything &&
      !(touched.nodes.size || touched.flows.size || touched.cards.size) &&
      !(touched.comments || touched.map || touched.overlays || touched.status);
    if (!isOnlyMoved) this.#drawSoon();
    if (!this.#isFitted) this.#fitOnce();
  }

  #onSession(selection: boolean): void {
    if (selection) {
      const { nodes, flows } = this.session;
      this.surface.setState({ selectedNodes: nodes, selectedFlows: flows });
      clearTimeout(this.#tellTimer);
      this.#tellTimer = setTimeout(() => {
        // Temporary ids mean nothing to the kernel: what is being named is told once it has its name.
        const named = (id: string) => !id.startsWith("~");
        this.store.select([...this.session.nodes].filter(named), [...this.session.flows].filter(named));
      }, TELL_SELECTION_MS);
      this.#uncoverSoon();
    }
    if (this.session.cursor !== this.surface.state.cursor) this.surface.setState({ cursor: this.session.cursor });
    this.#drawSoon();
  }

  /** A card that the opening side panel covers comes out from under it. */
  #uncoverSoon(): void {
    clearTimeout(this.#revealTimer);
    const [id] = this.session.nodes;
    if (id === undefined || this.session.nodes.size > 1 || this.#isNarrow) return;
    this.#revealTimer = setTimeout(() => {
      const rect = this.surface.nodeRect(id);
      const side = this.#panels.querySelector(".crm-side")?.getBoundingClientRect();
      if (!rect || !side || this.#pointer.busy || this.layer.childElementCount) return;
      const right = this.surface.toClient({ x: rect.x + rect.width, y: rect.y }).x;
      if (right > side.left && this.session.nodes.has(id)) this.surface.reveal(id);
    }, REVEAL_MS);
  }

  #overlay(): readonly [string, Overlay] | null {
    return [...this.store.overlays].at(-1) ?? null;
  }

  #showOverlay(): void {
    const name = this.#overlay()?.[0] ?? null;
    this.surface.setState({ overlay: name });
    if (name !== null && name !== this.#newest) this.session.set({ tab: "answer", sheetOpen: true });
    this.#newest = name;
  }

  #watchUnsaved(): void {
    clearTimeout(this.#stuckTimer);
    const since = this.store.unsavedSince();
    if (since !== null) this.#stuckTimer = setTimeout(() => this.#drawSoon(), since + STUCK_MS - Date.now() + 1);
  }

  // ---- drawing the panels ------------------------------------------------------------------------

  #drawSoon(): void {
    this.#frame ||= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = 0;
    const since = this.store.unsavedSince();
    const context: PanelContext = {
      store: this.store,
      surface: this.surface,
      session: this.session,
      layer: this.layer,
      isNarrow: this.#isNarrow,
      overlay: this.#overlay(),
      isStuck: since !== null && Date.now() - since >= STUCK_MS,
      pan: this.pan,
      settings: this.#settings,
      isReadOnly: this.isReadOnly,
    };
    this.root.classList.toggle("crm-has-side", !this.#isNarrow && sideContent(context) !== null);
    const hasLeft = !this.#isNarrow && this.session.left !== null;
    const isNewRoom = this.root.classList.toggle("crm-has-left", hasLeft) !== this.#hasLeft;
    this.#hasLeft = hasLeft;
    const hadFocus = this.#hasFocus();
    renderPanels(this.#panels, context);
    // A panel that closes must not drop the focus into the notebook, whose keys do other things.
    if (hadFocus && !this.#hasFocus()) this.surface.element.focus({ preventScroll: true });
    this.#sendFocus();
    if (isNewRoom) this.surface.refit();
  }

  /** The focus goes where an action has sent it: to a place's field, else to the first thing in it that can take it. */
  #sendFocus(): void {
    const { focusNext } = this.session;
    if (focusNext === null) return;
    this.session.focusNext = null;
    const place = this.#panels.querySelector<HTMLElement>(`[data-focus=${focusNext}]`);
    const first = place?.querySelector<HTMLElement>(".input, [tabindex='0'], button");
    (place?.matches("input") ? place : (first ?? place))?.focus({ preventScroll: true });
  }

  // ---- room --------------------------------------------------------------------------------------

  #hasFocus(): boolean {
    const tree = this.root.getRootNode() as Document | ShadowRoot;
    return tree.activeElement !== null && this.root.contains(tree.activeElement) && this.root !== tree.activeElement;
  }

  #watchSize(): () => void {
    const observer = new ResizeObserver(() => {
      this.#measure();
      this.#drawSoon();
    });
    observer.observe(this.root);
    return () => observer.disconnect();
  }

  #measure(): void {
    const { clientWidth } = this.root;
    if (clientWidth === 0) return; // detached, as a windowed notebook does with outputs out of sight
    const isNarrow = clientWidth < NARROW_PX;
    if (isNarrow !== this.#isNarrow) {
      this.#isNarrow = isNarrow;
      // On a small screen the map comes first; details wait to be asked for.
      this.session.set({ sheetOpen: !isNarrow });
    }
    this.#fitOnce();
  }

  /** The first time that there is something to show, and room to show it, all of it is shown. */
  #fitOnce(): void {
    if (this.#isFitted || this.root.clientWidth === 0 || this.store.nodes.size === 0) return;
    this.#isFitted = true;
    this.#draw(); // so that the panels' room is known
    this.surface.fit(undefined, { animate: false });
  }

  /** The room that panels take from the edges, in pixels. */
  #insets(isForNow = false): { top: number; right: number; bottom: number; left: number } {
    const whole = this.root.getBoundingClientRect();
    const box = (selector: string) => this.#panels.querySelector(selector)?.getBoundingClientRect();
    const toolbar = box(".crm-toolbar");
    const picker = isForNow && (this.session.findOpen || this.session.connecting) ? box(".crm-picker") : undefined;
    const palette = box(".crm-palette");
    const side = this.#isNarrow ? undefined : box(".crm-side");
    const sheet = this.#isNarrow ? box(".crm-side") : undefined;
    const left = this.#isNarrow ? undefined : box(".crm-left.open");
    const dock = box(".crm-dock .crm-legend");
    const low = dock || sheet ? Math.min(dock?.top ?? Infinity, sheet?.top ?? Infinity) : undefined;
    return {
      top: Math.min(((picker ?? toolbar)?.bottom ?? whole.top) - whole.top + GAP, whole.height / 2),
      right: side ? whole.right - side.left + GAP : GAP,
      bottom: low === undefined ? GAP : Math.min(whole.bottom - low + GAP, whole.height / 2),
      // Where there is hardly any width, the map may lie under the one button that the palette is there.
      left: left || (palette && whole.width >= 480) ? ((left ?? palette)?.right ?? 0) - whole.left + GAP : GAP,
    };
  }
}
