/** One view of a map: its store, surface, gestures and panels put together, and what is the view's own. */
import { Announcer } from "./a11y/announcer";
import type { Room } from "./drawing/camera";
import { div, listen } from "./drawing/dom";
import { Surface } from "./drawing/surface";
import type { Overlay } from "./generated/schema";
import type { Bench } from "./gestures/bench";
import { clipboard } from "./gestures/clipboard";
import { authorOf } from "./gestures/comments";
import { contextMenu } from "./gestures/context_menu";
import { keys } from "./gestures/keys";
import { type PanZoom, panZoom } from "./gestures/pan_zoom";
import { type PointerGestures, pointerGestures } from "./gestures/pointer";
import { Spot } from "./gestures/spot";
import { Ghosts } from "./model/ghosts";
import { Nesting } from "./model/nesting";
import type { Touched } from "./model/reading";
import { Session } from "./model/session";
import type { Settings, Wishes } from "./model/settings";
import type { Store } from "./model/store";
import type { PanelContext } from "./panels/context";
import { renderPanels } from "./panels/panels";
import { sideContent } from "./panels/side";
import { tips } from "./panels/tips";

const NARROW_PX = 720;
const STUCK_MS = 4000;
const TELL_SELECTION_MS = 150;
const GAP = 12;
/** Longer than a double-click takes: its second press must find the card where the first one did. */
const REVEAL_MS = 450;

export class View implements Bench {
  readonly session = new Session();
  readonly shown: Nesting;
  readonly ghosts: Ghosts;
  readonly surface: Surface;
  readonly layer = div("crm-layer");
  readonly #panels = div("crm-panels");
  readonly pan: PanZoom;
  readonly spot: Spot;
  readonly #pointer: PointerGestures;
  readonly #cleanups: (() => void)[] = [];
  #settings: Settings;
  #frame = 0;
  #stuckTimer: ReturnType<typeof setTimeout> | undefined;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;
  #revealTimer: ReturnType<typeof setTimeout> | undefined;
  #isNarrow = false;
  #room: string | null = null;
  #isFitted = false;
  #newest: string | null = null;

  constructor(
    readonly root: HTMLElement,
    readonly store: Store,
    settings: Settings,
    readonly wish: (wishes: Partial<Wishes>) => void,
  ) {
    this.#settings = settings;
    this.shown = new Nesting(store);
    this.ghosts = new Ghosts(this.shown, (node) => this.shown.shownAs(node), store);
    const stage = div("crm-stage");
    root.append(stage, this.#panels, this.layer);
    this.#newest = this.#overlay()?.[0] ?? null;
    this.surface = new Surface(stage, this.ghosts, {
      theme: settings.theme,
      room: (isForNow) => this.#roomLeft(isForNow),
    });
    this.surface.setLocale(settings.locale);
    const { element } = this.surface;
    element.tabIndex = 0;
    element.setAttribute("role", "application");
    this.#settle();
    const announcer = new Announcer(store, (sentence) => this.session.say(sentence));
    this.spot = new Spot(this.surface, () => this.session.menu !== null);
    this.pan = panZoom(this.surface, {
      isInUse: () => this.#hasFocus(),
      isReadOnly: () => this.isReadOnly,
      isDrawing: () => this.session.tool !== null,
    });
    this.#pointer = pointerGestures(this, () => this.#hasFocus());
    this.#cleanups.push(
      keys(this, root, this.#pointer),
      contextMenu(this, this.#pointer),
      clipboard(this, () => this.#hasFocus()),
      this.spot.destroy,
      store.subscribe((touched) => this.#onMap(touched)),
      store.onNotice(({ level, text }) => this.session.toast(level, text)),
      store.onSelection(({ nodes, flows }) => this.session.select(nodes, flows)),
      store.onRenamed((ids) => this.session.rename(ids)),
      this.session.subscribe(({ selection }) => this.#onSession(selection)),
      this.#watchSize(),
      tips(root),
      this.surface.minimap.onNeeded(() => this.#drawSoon()),
      listen(root, { focusin: () => announcer.takeTurn() }),
      // Who has taken hold of something else by then must not find the map moved under the hand.
      listen(element, { pointerdown: () => clearTimeout(this.#revealTimer) }),
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

  /** Brings nodes into sight, wherever they lie: goes to their place, and to the cards that they are folded into. */
  readonly go = (ids: readonly string[], how = { fit: false }): void => {
    const { shown, surface } = this;
    const [first = ""] = ids;
    if (shown.shownAs(first) === undefined && this.store.nodes.has(first)) {
      shown.enter(shown.placeOf(first));
      surface.fit();
    }
    const cards = ids.map((id) => shown.shownAs(id)).filter((id) => id !== undefined);
    const [only] = cards;
    if (how.fit) surface.fit(cards, { animate: true });
    else if (only !== undefined) surface.reveal(only);
  };

  setSettings(settings: Settings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (settings.theme !== before.theme) this.surface.setTheme(settings.theme);
    if (settings.locale !== before.locale) this.surface.setLocale(settings.locale);
    this.#settle();
    this.#drawSoon();
  }

  /** Brings what is not drawn anew with each panel in line with the settings. */
  #settle(): void {
    const { surface, isReadOnly } = this;
    surface.setState({ isReadOnly });
    this.root.classList.toggle("crm-compact", this.#settings.density === "compact");
    const edits = isReadOnly ? "view only" : "Enter renames, N adds, arrows move";
    surface.element.setAttribute("aria-label", `Map: Tab walks over the cards, ${edits}`);
  }

  /** Draws what is waiting at once; for tests. */
  flush(): void {
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
    this.ghosts.destroy();
    this.shown.destroy();
    this.root.replaceChildren();
  }

  // ---- what changed ------------------------------------------------------------------------------

  #onMap(touched: Touched): void {
    if (touched.everything || touched.nodes.size || touched.flows.size) this.session.prune(this.store, this.shown);
    if (touched.everything || touched.overlays) this.#showOverlay();
    if (this.session.ghost !== null && !this.ghosts.get(this.session.ghost)) this.session.chooseGhost(null);
    if (touched.status) this.#watchUnsaved();
    if (this.session.left === "unmatched" && this.store.about.unmatched.length === 0) this.session.set({ left: null });
    const isOnlyMoved =
      !touched.everything &&
      !(touched.nodes.size || touched.flows.size || touched.cards.size) &&
      !(touched.comments || touched.map || touched.overlays || touched.status);
    if (!isOnlyMoved) this.#drawSoon();
    if (!this.#isFitted) this.#fitOnce();
  }

  #onSession(selection: boolean): void {
    if (selection) {
      const { nodes, flows, ghost } = this.session;
      this.surface.setState({ selectedNodes: nodes, selectedFlows: flows, ghost });
      clearTimeout(this.#tellTimer);
      this.#tellTimer = setTimeout(() => {
        // Temporary ids mean nothing to the kernel: what is being named is told once it has its name.
        const named = (id: string) => !id.startsWith("~");
        this.store.select([...this.session.nodes].filter(named), [...this.session.flows].filter(named));
      }, TELL_SELECTION_MS);
      this.#uncoverSoon();
    }
    if (this.session.cursor !== this.surface.state.cursor) this.surface.setState({ cursor: this.session.cursor });
    // What is to take the focus must be there before the next key is.
    if (this.session.focusNext !== null) this.#draw();
    else this.#drawSoon();
  }

  /** A card that the opening side panel covers comes out from under it. */
  #uncoverSoon(): void {
    clearTimeout(this.#revealTimer);
    const [id] = this.session.nodes;
    if (id === undefined || this.session.nodes.size > 1 || this.#isNarrow) return;
    this.#revealTimer = setTimeout(() => {
      const rect = this.surface.nodeRect(id);
      const side = this.#panels.querySelector(".crm-side")?.getBoundingClientRect();
      if (!rect || !side || this.#pointer.busy || this.layer.childElementCount || this.session.menu) return;
      const right = this.surface.toClient({ x: rect.x + rect.width, y: rect.y }).x;
      if (right > side.left && this.session.nodes.has(id)) this.surface.reveal(id);
    }, REVEAL_MS);
  }

  #overlay(): readonly [string, Overlay] | null {
    return [...this.store.overlays].at(-1) ?? null;
  }

  #showOverlay(): void {
    const [name, overlay] = this.#overlay() ?? [null, null];
    this.surface.setState({ overlay: name });
    this.session.hasLevers = !!overlay?.levers;
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
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.surface.setVoter(authorOf(this));
    const since = this.store.unsavedSince();
    const context: PanelContext = {
      store: this.store,
      surface: this.surface,
      session: this.session,
      shown: this.shown,
      ghosts: this.ghosts,
      go: this.go,
      layer: this.layer,
      isNarrow: this.#isNarrow,
      overlay: this.#overlay(),
      isStuck: since !== null && Date.now() - since >= STUCK_MS,
      pan: this.pan,
      spot: this.spot,
      settings: this.#settings,
      wish: this.wish,
      isReadOnly: this.isReadOnly,
    };
    this.root.classList.toggle("crm-has-side", !this.#isNarrow && sideContent(context) !== null);
    const hasLeft = !this.#isNarrow && this.session.left !== null;
    this.root.classList.toggle("crm-has-left", hasLeft);
    // An answer must not lie over the place that it speaks of; a selection moves nothing.
    const room = `${hasLeft} ${this.#newest}`;
    const isNewRoom = this.#room !== null && room !== this.#room;
    this.#room = room;
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
    const place = this.#panels.querySelector<HTMLElement>(`[data-focus="${CSS.escape(focusNext)}"]`);
    if (place?.matches("input, textarea, select, button, a, [tabindex]")) place.focus({ preventScroll: true });
    else place?.querySelector<HTMLElement>(".input, [tabindex='0'], button")?.focus({ preventScroll: true });
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
    const { clientWidth, clientHeight } = this.root;
    if (clientWidth === 0) return; // detached, as a windowed notebook does with outputs out of sight
    this.root.style.setProperty("--crm-height", `${clientHeight}px`);
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
    if (this.#isFitted || this.root.clientWidth === 0 || this.shown.nodes.size === 0) return;
    this.#isFitted = true;
    this.#draw(); // so that the panels' room is known
    this.surface.fit(undefined, { animate: false });
  }

  /** What panels leave free, in pixels. */
  #roomLeft(isForNow = false): Room {
    const whole = this.root.getBoundingClientRect();
    const box = (selector: string) => this.#panels.querySelector(selector)?.getBoundingClientRect();
    const top = box(".crm-filter") ?? box(".crm-toolbar");
    const picker = isForNow && (this.session.findOpen || this.session.connecting) ? box(".crm-picker") : undefined;
    const palette = box(".crm-palette");
    const side = this.#isNarrow ? undefined : box(".crm-side");
    const sheet = this.#isNarrow ? box(".crm-side") : undefined;
    const left = this.#isNarrow ? undefined : box(".crm-left.open");
    const dock = box(".crm-dock .crm-legend");
    const low = dock || sheet ? Math.min(dock?.top ?? Infinity, sheet?.top ?? Infinity) : undefined;
    const insets = {
      top: Math.min(((picker ?? top)?.bottom ?? whole.top) - whole.top + GAP, whole.height / 2),
      right: side ? whole.right - side.left + GAP : GAP,
      bottom: low === undefined ? GAP : Math.min(whole.bottom - low + GAP, whole.height / 2),
      // Where there is hardly any width, the map may lie under the one button that the palette is there.
      left: left || (palette && whole.width >= 480) ? ((left ?? palette)?.right ?? 0) - whole.left + GAP : GAP,
    };
    if (sheet) return { insets, open: insets, corners: [] };
    const corners = [dock, box(".crm-zoom")].flatMap((rect) =>
      rect?.width ? [{ x: rect.x - whole.x, y: rect.y - whole.y, width: rect.width, height: rect.height }] : [],
    );
    return { insets, open: { ...insets, bottom: GAP }, corners };
  }
}
