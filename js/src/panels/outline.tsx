/**
 * The outline: every card and flow as a tree to be read, walked and chosen from, in step with the canvas.
 *
 * It is always there. Closed, it is only for screen readers and shows when the focus comes to it, so that no card is out of
 * reach where the canvas is all there is to see.
 */
import { Component, createRef } from "preact";
import { OutlineReader } from "../a11y/outline";
import { flowLabel, type Row, type Step, stepOf, textOf } from "../a11y/tree";
import { NODE_KINDS } from "../generated/schema";
import { visit } from "../gestures/fly";
import { chooseGhost } from "../gestures/ghosts";
import { removeSelection } from "../gestures/remove";
import { renameSelection } from "../gestures/rename";
import { isGhost, withGhosts } from "../model/ghosts";
import { titleOf } from "../model/kinds";
import { numbersOf } from "../model/numbers";
import type { MapReading, Touched } from "../model/reading";
import { Icon, IconButton } from "./buttons";
import type { PanelContext } from "./context";
import { plural } from "./plural";
import { scrolledTo, visibleRows } from "./visible_rows";

const ROW = 28;
/** So many rows are there at once while nobody sees them: a small map can be read and searched as a whole. */
const UNSEEN_ROWS = 300;
/** So long it leaves a new view to the first picture. */
const READY_MS = 100;
/** After cards have moved, or while nobody sees it, the outline waits for the map to come to rest. */
const REST_MS = 250;
/** The view follows who walks in the outline when this long no further step was made. */
const WALK_MS = 120;
/** Letters typed within this time are one word. */
const TYPING_MS = 800;

/** What the list is; with nothing in it, it is none. */
const TREE = { role: "tree", "aria-label": "Cards and their flows", "aria-multiselectable": true } as const;
const WAYS = { out: "→", in: "←", loop: "↻" } as const;
const GHOST_WAYS = { out: "⇢", in: "⇠", loop: "↻" } as const;

interface OutlineState {
  scrolled: number;
  height: number;
  hasFocus: boolean;
  /** The map comes first: until it is painted the outline is empty. */
  isReady: boolean;
}

export class Outline extends Component<{ context: PanelContext }, OutlineState> {
  override state: OutlineState = { scrolled: 0, height: 0, hasFocus: false, isReady: false };
  readonly #list = createRef<HTMLDivElement>();
  readonly #map = withGhosts(this.props.context.store);
  readonly #reader = new OutlineReader(this.#map);
  #hasMoved = false;
  #drawn: Partial<Pick<PanelContext["session"], "nodes" | "flows" | "ghost" | "left">> = {};
  #revealed = "";
  #typed = { text: "", at: 0 };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #flight: ReturnType<typeof setTimeout> | undefined;
  #stop = () => {};

  override componentDidMount(): void {
    const { store } = this.props.context;
    const unlisten = this.#map.subscribe((touched) => this.#onMap(touched));
    const unname = store.onRenamed((ids) => this.#reader.onRenamed(ids));
    const size = new ResizeObserver(() => this.setState({ height: this.#list.current?.clientHeight ?? 0 }));
    if (this.#list.current) size.observe(this.#list.current);
    const ready = setTimeout(() => this.setState({ isReady: true }), READY_MS);
    this.#stop = () => {
      clearTimeout(ready);
      unlisten();
      this.#map.destroy();
      unname();
      size.disconnect();
      clearTimeout(this.#timer);
      clearTimeout(this.#flight);
    };
  }

  override componentWillUnmount(): void {
    this.#stop();
  }

  // ---- in step with the map and its selection ------------------------------------------------------------

  #onMap(touched: Touched): void {
    this.#reader.onMap(touched);
    if (!touched.positions.size || touched.everything) return;
    this.#hasMoved = true;
    this.#soon();
  }

  #soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.#hasMoved) this.#reader.onRest();
      this.#hasMoved = false;
      this.forceUpdate();
    }, REST_MS);
  }

  override shouldComponentUpdate(_: unknown, state: OutlineState): boolean {
    const { nodes, flows, ghost, left } = this.props.context.session;
    if (state !== this.state || left !== this.#drawn.left) return true;
    const { nodes: nodesDrawn, flows: flowsDrawn, ghost: ghostDrawn } = this.#drawn;
    const isSame = nodes === nodesDrawn && flows === flowsDrawn && ghost === ghostDrawn;
    if (this.#reader.isFresh && isSame) return false;
    if (this.#isSeen()) return true;
    this.#soon();
    return false;
  }

  // ---- keys and pointer ----------------------------------------------------------------------------------

  readonly #onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === "Tab" || event.key === "Escape") return;
    const { context } = this.props;
    const { rows, row, at } = this.#reader;
    event.stopPropagation();
    if (!row) return;
    const step = stepOf(rows, at, event.key);
    if (step) this.#take(step);
    else if (event.key === "Enter") this.#visitHere();
    else if (event.key === " " && !this.#isTyping(event)) this.#toggle(row);
    else if (event.key === "F2" || event.key === "Delete" || event.key === "Backspace") {
      if (context.isReadOnly || isGhost(row.flow?.key ?? "")) return;
      if (!this.#isSelected(row)) this.#choose(row);
      if (event.key === "F2") renameSelection(context);
      else removeSelection(context);
    } else if (event.key.length === 1) this.#type(event);
    else return;
    event.preventDefault();
  };

  #take(step: NonNullable<Step>): void {
    if ("to" in step) {
      this.#goTo(step.to);
      return;
    }
    this.#reader.turn(step.turn);
    this.forceUpdate();
  }

  /** Whether a word is being typed, to which a space belongs as any letter. */
  #isTyping({ timeStamp }: KeyboardEvent): boolean {
    return this.#typed.text !== "" && timeStamp - this.#typed.at < TYPING_MS;
  }

  #type(event: KeyboardEvent): void {
    const text = this.#isTyping(event) ? this.#typed.text : "";
    this.#typed = { text: text + event.key, at: event.timeStamp };
    const found = this.#reader.typed(this.#typed.text);
    if (found >= 0) this.#goTo(found);
  }

  /** Walks there with the focus, and selects it on the canvas, too. */
  #goTo(index: number): void {
    this.#reader.at = index;
    const { row } = this.#reader;
    if (row) this.#choose(row);
    this.forceUpdate(() => this.#focus());
  }

  #focus(): void {
    this.#list.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus({ preventScroll: true });
    this.#reveal();
  }

  #reveal(): void {
    const list = this.#list.current;
    if (list) list.scrollTop = scrolledTo(this.#reader.at, ROW, list.scrollTop, list.clientHeight);
  }

  #choose({ node, flow }: Row): void {
    const { session, go } = this.props.context;
    clearTimeout(this.#flight);
    this.#flight = setTimeout(() => go([flow?.other ?? node]), WALK_MS);
    if (flow && isGhost(flow.key)) chooseGhost(this.props.context, flow.key);
    else if (flow) session.select([], [flow.key]);
    else session.select([node]);
    session.set({ tab: "details", walked: node, cursor: null });
  }

  #isSelected({ node, flow }: Row): boolean {
    const { session } = this.props.context;
    return flow ? session.flows.has(flow.key) || session.ghost === flow.key : session.nodes.has(node);
  }

  #toggle({ node, flow }: Row): void {
    const { session } = this.props.context;
    if (flow && isGhost(flow.key)) chooseGhost(this.props.context, flow.key);
    else if (flow) session.toggleFlow(flow.key);
    else session.toggleNode(node);
  }

  /** Flies there and puts the keyboard on the canvas. */
  #visitHere(): void {
    const { context } = this.props;
    const { row } = this.#reader;
    if (!row) return;
    clearTimeout(this.#flight);
    if (row.flow && isGhost(row.flow.key)) {
      this.#choose(row);
      context.go([row.node, row.flow.other], { fit: true });
    } else visit(context, row.flow ? { type: "flow", id: row.flow.key } : { type: "node", id: row.node });
    context.session.set({ walked: row.node });
    context.surface.element.focus({ preventScroll: true });
  }

  readonly #onClick = (event: MouseEvent) => {
    const target = event.target as Element;
    const index = Number(target.closest<HTMLElement>("[data-row]")?.dataset.row ?? -1);
    const row = this.#reader.rows[index];
    if (!row) return;
    if (target.closest(".twist") && row.isOpen !== null) this.#take({ turn: [row.node] });
    else if (event.shiftKey || event.ctrlKey || event.metaKey) this.#toggle(row);
    else this.#goTo(index);
  };

  // ---- drawing -------------------------------------------------------------------------------------------

  override componentDidUpdate(): void {
    if (!this.state.hasFocus && this.#isSeen() && this.#reader.selected !== this.#revealed) this.#reveal();
    this.#revealed = this.#reader.selected;
  }

  #isSeen(): boolean {
    return this.state.hasFocus || this.props.context.session.left === "outline";
  }

  /** The rows that are worth an element: those in sight, and the one that the focus is on or can come to. */
  #worthDrawing(): number[] {
    const { scrolled, height, isReady } = this.state;
    const { rows, at } = this.#reader;
    const count = isReady ? rows.length : 0;
    const half = UNSEEN_ROWS / 2;
    const { from, to } = this.#isSeen()
      ? visibleRows(count, ROW, scrolled, height)
      : { from: Math.max(at - half, 0), to: Math.min(Math.max(at + half, UNSEEN_ROWS), count) };
    const drawn = Array.from({ length: to - from }, (_, i) => from + i);
    if (count && (at < from || at >= to)) drawn.push(at);
    return drawn;
  }

  render({ context }: { context: PanelContext }) {
    const { session, store } = context;
    this.#reader.follow(session);
    const { nodes, flows, ghost, left } = session;
    this.#drawn = { nodes, flows, ghost, left };
    const isOpen = left === "outline";
    const isEmpty = store.nodes.size === 0;
    return (
      <section
        class={`panel crm-left crm-outline${isOpen ? " open" : ""}`}
        aria-label="Outline"
        onFocusIn={() => this.setState({ hasFocus: true })}
        onFocusOut={() => this.setState({ hasFocus: false })}
      >
        <header>
          <h3>Outline</h3>
          <IconButton
            icon="close"
            label="Close the outline"
            keys="O"
            class="small"
            onClick={() => {
              session.set({ left: null });
              context.surface.element.focus({ preventScroll: true });
            }}
          />
        </header>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it is a tree, as soon as there is anything in it */}
        <div
          class="tree"
          {...(isEmpty ? {} : TREE)}
          ref={this.#list}
          data-focus="outline"
          onKeyDown={this.#onKeyDown}
          onClick={this.#onClick}
          onDblClick={() => this.#visitHere()}
          onScroll={(event) => this.setState({ scrolled: event.currentTarget.scrollTop })}
        >
          <div style={{ height: `${this.#reader.rows.length * ROW}px` }} role="presentation">
            {this.#worthDrawing().map((index) => this.#row(index))}
          </div>
        </div>
        {isEmpty && <p class="hint">No cards yet.</p>}
      </section>
    );
  }

  #row(index: number) {
    const { context } = this.props;
    const { session, store } = context;
    const row = this.#reader.rows[index];
    if (!row) return null;
    const { node, flow, level, place, size, isOpen } = row;
    const key = [node, flow?.key ?? ""].map((id) => session.firstName(id)).join("\n");
    const text = textOf(this.#map, row);
    const kind = store.nodes.get(node)?.kind ?? "";
    const isSelected = this.#isSelected(row);
    const ghost = flow && isGhost(flow.key) ? "ghost" : "";
    const way = flow && `${flow.way === "in" ? "Flow from" : "Flow to"} ${text}${ghost && ", not drawn"}`;
    const flows = flow ? 0 : this.#map.flowsOf(node).size;
    const votes = flow ? 0 : (store.votes.get(node)?.size ?? 0);
    const voted = votes > 0 ? `, ${plural(votes, "vote", context.settings.locale)}` : "";
    return (
      <div
        key={key}
        role="treeitem"
        class={`branch${isSelected ? " on" : ""}${flow ? ` flow ${ghost}` : ""}`}
        style={{ top: `${index * ROW}px`, paddingLeft: `${(level - 1) * 16}px` }}
        tabIndex={index === this.#reader.at ? 0 : -1}
        aria-label={way ?? `${text}, ${titleOf(NODE_KINDS, kind)}${voted}`}
        aria-level={level}
        aria-posinset={place}
        aria-setsize={size}
        aria-expanded={isOpen ?? undefined}
        aria-selected={isSelected}
        title={ghost && flow ? this.#map.get(flow.key)?.sentence : text}
        data-row={index}
      >
        <span class={`twist${isOpen ? " open" : ""}`}>{isOpen !== null && <Icon name="folded" size={14} />}</span>
        {flow ? (
          <span class="way">{ghost ? GHOST_WAYS[flow.way] : WAYS[flow.way]}</span>
        ) : (
          <Icon name={kind} size={15} />
        )}
        <span class="branch-title">{flow ? endOf(text, this.#map, flow.key) : text}</span>
        {flow && <span class="branch-note">{noteOf(this.#map, flow.key, context.settings.locale)}</span>}
        {votes > 0 && <span class="branch-note branch-votes">{votes}</span>}
        {flows > 0 && <span class="branch-note">{flows}</span>}
      </div>
    );
  }
}

/** What stands on a flow, its figure written as on the map. */
function noteOf(map: MapReading, key: string, locale: string): string {
  const label = flowLabel(map, key);
  const volume = map.flows.get(key)?.volume;
  return typeof volume === "number" && label === String(volume) ? numbersOf(locale).write(volume) : label;
}

/** The other end alone: the label of the flow stands beside it. */
function endOf(text: string, map: MapReading, key: string): string {
  const label = flowLabel(map, key);
  return label ? text.slice(0, -label.length - 2) : text;
}
