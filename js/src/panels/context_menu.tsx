/** The context menu: what can be done with what it was opened on, read from the list of actions. */
import { Component, createRef } from "preact";
import { listen } from "../drawing/dom";
import { type Action, type ActionGroup, isReady, titleOfAction } from "../gestures/actions";
import { ACTIONS } from "../gestures/all_actions";
import { grouped } from "../model/grouped";
import type { Menu } from "../model/session";
import { Button, Icon, shortcut } from "./buttons";
import type { PanelContext } from "./context";

const GROUPS: readonly ActionGroup[] = ["Add", "Edit", "Arrange", "Select", "View", "Map"];
const GAP = 8;
/** Letters typed quicker than this one after the other are one word. */
const WORD_MS = 700;

interface ContextMenuProps {
  context: PanelContext;
  menu: Menu;
}

export class ContextMenu extends Component<ContextMenuProps> {
  readonly #list = createRef<HTMLDivElement>();
  readonly #unlisten: (() => void)[] = [];
  #word = "";
  #lastTyped = 0;

  override componentDidMount(): void {
    const list = this.#list.current;
    if (!list) return;
    const { context, menu } = this.props;
    this.#place(list);
    (menu.byKey ? itemsOf(list)[0] : list)?.focus({ preventScroll: true });
    const pointerdown = (event: Event) => {
      if (!event.composedPath().includes(list)) this.#close();
    };
    this.#unlisten.push(
      listen(document, { pointerdown }, { capture: true }),
      // Where it was opened is elsewhere then; a fitted map that only fits itself to another size is still there.
      context.surface.onCamera(() => {
        if (!context.surface.isFitted) this.#close();
      }),
    );
  }

  override componentDidUpdate(): void {
    if (this.#list.current) this.#place(this.#list.current);
  }

  override componentWillUnmount(): void {
    for (const stop of this.#unlisten) stop();
  }

  /** Right and below of the point, or to its other sides where there is no room; always whole inside the view. */
  #place(list: HTMLElement): void {
    const { context, menu } = this.props;
    const { clientWidth, clientHeight } = context.layer;
    list.style.maxHeight = `${clientHeight - 2 * GAP}px`;
    const along = (at: number, size: number, room: number): number => {
      const other = at + size > room - GAP ? at - size : at + 1;
      return Math.max(Math.min(other < GAP ? room : other, room - size - GAP), GAP);
    };
    list.style.left = `${along(menu.x, list.offsetWidth, clientWidth)}px`;
    list.style.top = `${along(menu.y, list.offsetHeight, clientHeight)}px`;
  }

  readonly #close = () => {
    const { session } = this.props.context;
    if (session.menu === this.props.menu) session.set({ menu: null });
  };

  /** The focus is back on the canvas before anything is done, as what is done may want it. */
  #leave(): void {
    this.#close();
    this.props.context.surface.element.focus({ preventScroll: true });
  }

  #run(action: Action): void {
    this.#leave();
    action.run(this.props.context);
  }

  readonly #onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation(); // the canvas has keys of its own
    const list = event.currentTarget as HTMLElement;
    const items = itemsOf(list);
    const at = items.indexOf((list.getRootNode() as ShadowRoot).activeElement as HTMLElement);
    const next = this.#next(event, items, at);
    if (event.key === "Escape" || event.key === "Tab") this.#leave();
    else if (next) next.focus();
    else if (event.key === "Enter" || event.key === " ") return; // the button's own
    event.preventDefault();
  };

  #next({ key, ctrlKey, metaKey, altKey }: KeyboardEvent, items: HTMLElement[], at: number): HTMLElement | undefined {
    const around = (index: number) => items[(index + items.length) % items.length];
    if (key === "ArrowRight") return around(at + 1);
    if (key === "ArrowLeft") return around(at < 0 ? -1 : at - 1);
    if (key === "Home") return items[0];
    if (key === "End") return items.at(-1);
    // Up and down pass over a row of icons as over one line.
    const line = items[at]?.offsetTop ?? -1;
    if (key === "ArrowDown") return items.find(({ offsetTop }) => offsetTop > line) ?? items[0];
    if (key === "ArrowUp") {
      const above = at < 0 ? undefined : items.findLast(({ offsetTop }) => offsetTop < line);
      const upper = above ?? items.at(-1);
      return items.find(({ offsetTop }) => offsetTop === upper?.offsetTop);
    }
    if (key.length > 1 || key === " " || ctrlKey || metaKey || altKey) return undefined;
    const now = performance.now();
    this.#word = now - this.#lastTyped < WORD_MS ? this.#word + key : key;
    this.#lastTyped = now;
    const word = this.#word.toLowerCase();
    // The same letter again goes to the next one; more letters may still mean the one that has the focus.
    const from = word.length > 1 ? at : at + 1;
    const ring = [...items.slice(Math.max(from, 0)), ...items.slice(0, Math.max(from, 0))];
    return ring.find((item) => item.getAttribute("aria-label")?.toLowerCase().startsWith(word));
  }

  #item(action: Action) {
    const { context } = this.props;
    const title = titleOfAction(action, context);
    const [keys] = action.keys ?? [];
    const written = keys === undefined ? "" : shortcut(keys);
    return (
      <Button
        role="menuitem"
        class={`item ${action.isIcon ? "item-only-icon" : "item-icon"}`}
        key={action.name}
        data-action={action.name}
        tabIndex={-1}
        aria-label={title}
        aria-keyshortcuts={keys?.replace("Mod", "Control")}
        title={action.isIcon ? title : undefined}
        onPointerEnter={(event) => {
          if (event.pointerType === "mouse") event.currentTarget.focus({ preventScroll: true });
        }}
        onClick={() => this.#run(action)}
      >
        {action.icon ? <Icon name={action.icon} size={16} /> : <span class="no-icon" />}
        {!action.isIcon && <span class="item-title">{title}</span>}
        {!action.isIcon && written && <kbd>{written}</kbd>}
      </Button>
    );
  }

  render({ context, menu }: ContextMenuProps) {
    const offered = ACTIONS.filter((action) => action.on?.includes(menu.on) && isReady(action, context));
    const groups = grouped(offered, ({ group }) => group);
    const shown = GROUPS.flatMap((group) => {
      const actions = groups.get(group);
      return actions ? [{ group, actions }] : [];
    });
    return (
      <div
        class="panel menu context-menu"
        role="menu"
        aria-label={menu.on === "empty" ? "Map" : "Selection"}
        tabIndex={-1}
        ref={this.#list}
        onKeyDown={this.#onKeyDown}
        onContextMenu={(event) => {
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        {shown.map(({ group, actions }, index) => [
          index > 0 && <hr key={`before ${group}`} />,
          // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a menu
          <div role="group" key={group} aria-label={group}>
            {actions.some(({ isIcon }) => isIcon) && (
              <div class="icon-row" role="presentation">
                {actions.filter(({ isIcon }) => isIcon).map((action) => this.#item(action))}
              </div>
            )}
            {actions.filter(({ isIcon }) => !isIcon).map((action) => this.#item(action))}
          </div>,
        ])}
      </div>
    );
  }
}

function itemsOf(list: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[role=menuitem]")];
}
