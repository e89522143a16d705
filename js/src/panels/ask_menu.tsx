/** “Ask the map”: every registered question, with what it still needs. */
import type { Question } from "../generated/schema";
import type { PanelContext } from "./context";
import { Icon } from "./icons";
import { Menu, usePopover } from "./popover";

function grouped(questions: readonly Question[]): [string, Question[]][] {
  const groups = new Map<string, Question[]>();
  for (const question of questions) groups.set(question.group, [...(groups.get(question.group) ?? []), question]);
  return [...groups];
}

export function AskMenu({ context }: { context: PanelContext }) {
  const { store, session } = context;
  const popover = usePopover();
  const asking = store.asking();
  const running = asking === null ? null : store.about.questions.find(({ name }) => name === asking);
  const ask = ({ name, missing }: Question) => {
    if (missing) return;
    popover.close();
    session.set({ tab: "answer", sheetOpen: true });
    store.ask(name);
  };
  return (
    <div class="crm-anchor" ref={popover.ref}>
      <button
        type="button"
        class="crm-button crm-primary"
        aria-haspopup="menu"
        aria-expanded={popover.isOpen}
        aria-busy={asking !== null}
        aria-label="Ask the map"
        title={running ? `Working on “${running.title}”` : "Ask the map a question"}
        onClick={popover.toggle}
      >
        {asking === null ? <Icon name="ask" /> : <span class="crm-spinner" />}
        <span class="crm-wide">{asking === null ? "Ask the map" : "Asking…"}</span>
      </button>
      {popover.isOpen && (
        <Menu label="Questions" popover={popover} class="crm-menu-right">
          {store.about.questions.length === 0 && <p class="crm-hint">No questions are registered yet.</p>}
          {grouped(store.about.questions).map(([group, questions]) => (
            <div class="crm-group" key={group}>
              {group && <div class="crm-caption">{group}</div>}
              {questions.map((question) => (
                <button
                  type="button"
                  role="menuitem"
                  class="crm-item"
                  key={question.name}
                  aria-disabled={question.missing !== ""}
                  onClick={() => ask(question)}
                >
                  <span>{question.title}</span>
                  {question.missing && <small>{question.missing}</small>}
                </button>
              ))}
            </div>
          ))}
        </Menu>
      )}
    </div>
  );
}
