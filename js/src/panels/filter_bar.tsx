/** The filter bar: of which cases of the event log all questions are asked, in words and in menus. */
import type { FilterChoice } from "../generated/schema";
import { ALL_CASES, type FilterWish, wishNow, withDay, withOutcome, withValue } from "../model/filtering";
import { Button, Icon, IconButton, shortcut } from "./buttons";
import type { PanelContext } from "./context";
import { Dropdown } from "./dropdown";
import { UnmatchedChip } from "./unmatched";

export function Filter({ context }: { context: PanelContext }) {
  const { store, session, isNarrow } = context;
  const { filter } = store.about;
  if (!filter) return null;
  const waiting = store.waiting();
  const wish = wishNow(filter, waiting);
  const isWorking = waiting.some(({ message }) => message.op === "filter");
  const isOpen = session.filterOpen ?? !isNarrow;
  const wishFor = (next: FilterWish) => store.filter(next);
  return (
    <section class={`panel crm-filter ${filter.is_on ? "on" : ""}`} aria-label="Filter" data-focus="filter">
      <Button
        class="filter-sentence"
        aria-expanded={isOpen}
        data-tip="Which cases all questions are asked of"
        data-keys={shortcut("w")}
        onClick={() => session.set({ filterOpen: !isOpen })}
      >
        <Icon name="filter" size={15} />
        <span>{isWorking ? "Filtering…" : filter.sentence}</span>
      </Button>
      <span class="spoken" role="status">
        {filter.sentence}
      </span>
      {filter.is_on && (
        <IconButton
          icon="close"
          label="Ask about all cases"
          keys={shortcut("Shift+w")}
          class="small"
          onClick={() => wishFor(ALL_CASES)}
        />
      )}
      {isOpen &&
        filter.fields.map(({ name, title, choices }) => (
          <Chip
            key={name}
            title={title}
            choices={choices}
            chosen={wish.values[name] ?? []}
            onToggle={(value) => wishFor(withValue(wish, name, value))}
          />
        ))}
      {isOpen && filter.outcomes.length > 0 && (
        <Chip
          title="Outcome"
          choices={filter.outcomes}
          chosen={wish.outcome}
          onToggle={(value) => wishFor(withOutcome(wish, value))}
        />
      )}
      {isOpen && filter.first_day && (
        <span class="filter-days">
          {(["since", "until"] as const).map((end) => (
            <label key={end}>
              <span>{end === "since" ? "From" : "to"}</span>
              <input
                class="input"
                type="date"
                aria-label={end === "since" ? "Cases that begin from" : "Cases that begin until"}
                min={filter.first_day}
                max={filter.last_day}
                value={wish[end]}
                onChange={({ currentTarget }) => wishFor(withDay(wish, end, currentTarget.value))}
              />
            </label>
          ))}
        </span>
      )}
      <UnmatchedChip context={context} />
    </section>
  );
}

interface ChipProps {
  title: string;
  choices: readonly FilterChoice[];
  chosen: readonly string[];
  onToggle: (value: string) => void;
}

/** One field: what is chosen of it, and a menu that stays open while more is chosen. */
function Chip({ title, choices, chosen, onToggle }: ChipProps) {
  const titles = choices.filter(({ value }) => chosen.includes(value)).map(({ title }) => title);
  const [first, ...more] = titles;
  const now = first === undefined ? "all" : more.length ? `${first} +${more.length}` : first;
  return (
    <Dropdown
      label={title}
      listClass="menu-filter"
      button={{
        class: `chip ${chosen.length ? "on" : ""}`,
        "aria-label": `${title}: ${titles.length ? titles.join(", ") : "all"}`,
      }}
      face={[
        <span key="title">{chosen.length ? `${title}:` : title}</span>,
        chosen.length > 0 && <b key="now">{now}</b>,
        <Icon key="icon" name="down" size={12} />,
      ]}
      items={() =>
        choices.map(({ value, title: name, count }) => (
          <Button
            role="menuitemcheckbox"
            class="item item-check"
            key={value}
            aria-checked={chosen.includes(value)}
            onClick={() => onToggle(value)}
          >
            <span>{name}</span>
            <small>{count}</small>
          </Button>
        ))
      }
    />
  );
}
