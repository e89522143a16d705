/** A field with a list of what it finds: type, walk with the arrows, choose with Enter. An ARIA combobox. */
import { Component, type ComponentChildren, createRef } from "preact";
import { markOf } from "../model/search";
import { Button, Icon, IconButton, keyNames } from "./buttons";
import { scrolledTo, visibleRows } from "./visible_rows";

export interface Choice {
  readonly key: string;
  readonly icon: string;
  readonly title: string;
  /** What else is said of it. */
  readonly note: string;
  readonly isBarred?: boolean;
}

interface PickerProps {
  /** What the panel is for, as its name. */
  label: string;
  place: string;
  heading?: string;
  placeholder: string;
  query: string;
  count: number;
  /** What stands at this place of the list. */
  choice: (index: number) => Choice | null;
  active: number;
  /** So many rows show at once. */
  height?: number;
  /** How many there are, in words; or that there are none. */
  summary: ComponentChildren;
  /** What else can be done with the text: by Enter where nothing is found, else by Shift+Enter. */
  offer?: { readonly label: string; readonly run: () => void } | null;
  onQuery: (query: string) => void;
  onActive: (index: number) => void;
  onChoose: (index: number) => void;
  onClose: () => void;
  /** Keys that mean something of their own here; true: it has been seen to. */
  onKey?: (event: KeyboardEvent) => boolean;
}

const ROW = 40;
const MOST_ROWS = 7;

export class Picker extends Component<PickerProps, { scrolled: number }> {
  override state = { scrolled: 0 };
  readonly #list = createRef<HTMLDivElement>();

  override componentDidUpdate(before: PickerProps): void {
    const list = this.#list.current;
    const { active, query } = this.props;
    if (!list || (before.active === active && before.query === query)) return;
    list.scrollTop = scrolledTo(Math.max(active, 0), ROW, list.scrollTop, list.clientHeight);
  }

  readonly #onKeyDown = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const { count, active, height = MOST_ROWS, offer, onActive, onChoose, onClose, onKey } = this.props;
    const to = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: Math.min(active + height, count - 1),
      PageUp: Math.max(active - height, 0),
    }[event.key];
    if (event.key === "Escape") onClose();
    else if (onKey?.(event)) event.preventDefault();
    else if (event.key === "Enter") {
      if (offer && (event.shiftKey || count === 0)) offer.run();
      else if (active >= 0 && active < count) onChoose(active);
    } else if (to !== undefined && count) onActive((to + count) % count);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  render(props: PickerProps, { scrolled }: { scrolled: number }) {
    const { label, place, heading, placeholder, query, count, active, summary, offer, onClose } = props;
    const id = `crm-${place}`;
    const height = Math.min(count, props.height ?? MOST_ROWS) * ROW;
    const { from, to } = visibleRows(count, ROW, scrolled, height);
    const rows = Array.from({ length: to - from }, (_, i) => from + i);
    return (
      <search class={`panel crm-picker crm-${place}`} aria-label={label}>
        {heading && <h3 title={heading}>{heading}</h3>}
        <div class="picker-field">
          <Icon name={place} />
          <input
            data-focus={place}
            type="text"
            role="combobox"
            autocomplete="off"
            spellcheck={false}
            aria-label={heading ?? label}
            aria-expanded={count > 0}
            aria-controls={`${id}-list`}
            aria-autocomplete="list"
            aria-activedescendant={count && active >= 0 ? `${id}-${active}` : undefined}
            aria-describedby={`${id}-count`}
            placeholder={placeholder}
            value={query}
            onInput={(event) => props.onQuery(event.currentTarget.value)}
            onKeyDown={this.#onKeyDown}
          />
          <span class="hint picker-count" id={`${id}-count`} role="status">
            {summary}
          </span>
          <IconButton icon="close" label="Close" keys="Esc" class="small" onClick={onClose} />
        </div>
        <div
          class="picker-list"
          id={`${id}-list`}
          role="listbox"
          aria-label={label}
          ref={this.#list}
          style={{ height: `${height}px`, display: count ? "" : "none" }}
          onScroll={(event) => this.setState({ scrolled: event.currentTarget.scrollTop })}
        >
          <div style={{ height: `${count * ROW}px` }} role="presentation">
            {rows.map((index) => this.#row(`${id}-${index}`, index))}
          </div>
        </div>
        {offer && (
          <Button class="item item-icon picker-offer" onClick={offer.run}>
            <Icon name="add" />
            <span>{offer.label}</span>
            {keyNames(count ? "Shift+Enter" : "Enter").map((name) => (
              <kbd key={name}>{name}</kbd>
            ))}
          </Button>
        )}
      </search>
    );
  }

  #row(id: string, index: number) {
    const { active, count, choice, query, onChoose } = this.props;
    const found = choice(index);
    if (!found) return null;
    const { key, icon, title, note, isBarred } = found;
    return (
      // The field has the keys; the pointer must not take the focus from it.
      // biome-ignore lint/a11y/useFocusableInteractive: the field points to it by aria-activedescendant
      // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
      <div
        key={key}
        id={id}
        role="option"
        class={`choice${index === active ? " on" : ""}${isBarred ? " barred" : ""}`}
        style={{ top: `${index * ROW}px` }}
        aria-selected={index === active}
        aria-disabled={isBarred}
        aria-setsize={count}
        aria-posinset={index + 1}
        onPointerDown={(event) => event.preventDefault()}
        onClick={() => onChoose(index)}
      >
        <Icon name={icon} size={16} />
        <span class="choice-title">
          <Marked text={title} query={query} />
        </span>
        <span class="choice-note">{note}</span>
      </div>
    );
  }
}

function Marked({ text, query }: { text: string; query: string }) {
  const mark = markOf(text, query);
  if (!mark) return <>{text}</>;
  const [from, to] = mark;
  return (
    <>
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
}
