/** What is not needed every minute: how the map looks and behaves, and what can be done with the whole of it. */
import type { ComponentChildren } from "preact";
import { isReady, titleOfAction } from "../gestures/actions";
import { ACTIONS } from "../gestures/all_actions";
import type { Density, ThemeWish } from "../model/settings";
import { Button, Icon, shortcut } from "./buttons";
import type { PanelContext } from "./context";
import { Dropdown } from "./dropdown";
import { laneItems } from "./lanes_menu";

const THEMES: readonly (readonly [ThemeWish, string])[] = [
  ["auto", "Auto"],
  ["light", "Light"],
  ["dark", "Dark"],
];
const DENSITIES: readonly (readonly [Density, string])[] = [
  ["comfortable", "Comfortable"],
  ["compact", "Compact"],
];
/** Actions that have their place here; one that this canvas does not have is left out. */
const OFFERED = ["keys", "full_screen", "copy_picture", "copy_code"];

export function MoreMenu({ context }: { context: PanelContext }) {
  return (
    <Dropdown
      label="More"
      listClass="menu-right"
      button={{ class: "button", "aria-label": "More", "data-tip": "Settings and more" }}
      face={<Icon name="more" />}
      items={(close) => items(context, close)}
    />
  );
}

function items(context: PanelContext, close: () => void) {
  const { store, settings, isNarrow, isReadOnly, wish } = context;
  const arrange = () => {
    close();
    store.arrange();
  };
  return (
    <>
      {isNarrow && !isReadOnly && store.nodes.size > 0 && (
        <div class="group">
          <Button role="menuitem" class="item item-icon" onClick={arrange}>
            <Icon name="arrange" />
            <span>Lay the map out again</span>
          </Button>
          <div class="caption">Lanes</div>
          {laneItems(context, close)}
        </div>
      )}
      <div class="group">
        <Choice title="Theme" of={THEMES} now={settings.themeWish} onChoose={(theme) => wish({ theme })} />
        <Choice title="Panels" of={DENSITIES} now={settings.density} onChoose={(density) => wish({ density })} />
        {!isReadOnly && (
          <Button
            role="menuitemcheckbox"
            class="item item-check"
            aria-checked={settings.snap}
            onClick={() => wish({ snap: !settings.snap })}
          >
            <span>Snap to grid and neighbours</span>
            <span class="switch" />
          </Button>
        )}
      </div>
      <Offered context={context} close={close} />
    </>
  );
}

interface ChoiceProps<T extends string> {
  title: string;
  of: readonly (readonly [T, string])[];
  now: T;
  onChoose: (value: T) => void;
}

function Choice<T extends string>({ title, of, now, onChoose }: ChoiceProps<T>) {
  return (
    <fieldset class="setting">
      <legend>{title}</legend>
      <div class="segments">
        {of.map(([value, text]) => (
          <Button role="menuitemradio" key={value} aria-checked={value === now} onClick={() => onChoose(value)}>
            {text}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}

function Offered({ context, close }: { context: PanelContext; close: () => void }): ComponentChildren {
  const offered = ACTIONS.filter((action) => OFFERED.includes(action.name) && isReady(action, context));
  if (!offered.length) return null;
  return (
    <div class="group">
      {offered.map((action) => (
        <Button
          role="menuitem"
          class="item item-icon"
          key={action.name}
          onClick={() => {
            close();
            action.run(context);
          }}
        >
          {action.icon && <Icon name={action.icon} />}
          <span>{titleOfAction(action, context)}</span>
          {action.keys?.[0] && <kbd>{shortcut(action.keys[0])}</kbd>}
        </Button>
      ))}
    </div>
  );
}
