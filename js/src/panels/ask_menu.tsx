/** “Ask the map”: every registered question, with what it still needs. */
import type { Question } from "../generated/schema";
import { grouped } from "../model/grouped";
import { Button, Icon } from "./buttons";
import type { PanelContext } from "./context";
import { Dropdown } from "./dropdown";

export function AskMenu({ context }: { context: PanelContext }) {
  const { store, session } = context;
  const { questions } = store.about;
  const asking = store.asking();
  const running = questions.find(({ name }) => name === asking);
  const item = ({ name, title, missing }: Question, close: () => void) => {
    const ask = () => {
      if (missing) return;
      close();
      session.set({ tab: "answer", sheetOpen: true });
      store.ask(name);
    };
    return (
      <Button role="menuitem" class="item crm-item" key={name} aria-disabled={missing !== ""} onClick={ask}>
        <span>{title}</span>
        {missing && <small>{missing}</small>}
      </Button>
    );
  };
  return (
    <Dropdown
      label="Questions"
      listClass="menu-right"
      button={{
        class: "button primary",
        "aria-busy": asking !== null,
        "aria-label": "Ask the map",
        "data-tip": running ? `Working on “${running.title}”` : "Ask the map a question",
      }}
      face={[
        asking === null ? <Icon name="ask" /> : <span class="spinner" />,
        <span class="wide">{asking === null ? "Ask the map" : "Asking…"}</span>,
      ]}
      items={(close) =>
        [...grouped(questions, ({ group }) => group)].map(([group, some]) => (
          <div class="group" key={group}>
            {group && <div class="caption">{group}</div>}
            {some.map((question) => item(question, close))}
          </div>
        ))
      }
    />
  );
}
