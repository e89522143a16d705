/** The sheet of keys: every action with its keys, and what the hand can do besides. */
import { type ActionGroup, titleOfAction } from "../gestures/actions";
import { ACTIONS } from "../gestures/all_actions";
import { GESTURES } from "../gestures/pointer_keys";
import { IconButton, keyNames } from "./buttons";
import type { PanelContext } from "./context";

const GROUPS: readonly ActionGroup[] = ["Add", "Edit", "Select", "Arrange", "View", "Map"];

interface Line {
  readonly title: string;
  /** Each a way to do it. */
  readonly ways: readonly string[];
}

function linesOf(group: ActionGroup, context: PanelContext): Line[] {
  const isOffered = ({ edits = false }: { edits?: boolean }) => !(edits && context.isReadOnly);
  const actions = ACTIONS.filter((action) => action.group === group && action.keys?.length && isOffered(action));
  const gestures = GESTURES.filter((gesture) => gesture.group === group && isOffered(gesture));
  return [
    // What would be undone just now says nothing about the key.
    ...actions.map((action) => ({
      title: titleOfAction(action, context).replace(/:.*/, ""),
      ways: (action.keys ?? []).slice(0, 2),
    })),
    ...gestures.map(({ title, how }) => ({ title, ways: how })),
  ];
}

export function Keys({ context }: { context: PanelContext }) {
  const close = () => {
    context.session.set({ left: null });
    context.surface.element.focus({ preventScroll: true });
  };
  return (
    <section
      class="panel crm-left crm-keys open"
      aria-label="Keys"
      onKeyDown={(event) => {
        if (event.key !== "Escape" && event.key !== "?") return;
        event.stopPropagation();
        close();
      }}
    >
      <header>
        <h3>Keys</h3>
        <IconButton icon="close" label="Close the sheet of keys" keys="Esc" class="small" onClick={close} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section class="keys-body" data-focus="keys" tabIndex={0} aria-label="All keys">
        {GROUPS.map((group) => [group, linesOf(group, context)] as const).map(
          ([group, lines]) =>
            lines.length > 0 && (
              <section key={group}>
                <h4 class="caption">{group}</h4>
                <dl>
                  {lines.map(({ title, ways }) => (
                    <div key={title} class="keys-line">
                      <dt>{title}</dt>
                      <dd>
                        {ways.map((way) => (
                          <span key={way} class="keys-way">
                            {keyNames(way).map((name) => (
                              <kbd key={name}>{name}</kbd>
                            ))}
                          </span>
                        ))}
                      </dd>
                    </div>
                  ))}
                </dl>
              </section>
            ),
        )}
      </section>
    </section>
  );
}
