/** Short notices that pass by themselves, and edits that the kernel has not taken: said plainly, kept, offered again. */
import type { ComponentChildren } from "preact";
import type { Toast } from "../model/session";
import { Button, IconButton } from "./buttons";
import type { PanelContext } from "./context";
import { plural } from "./plural";

function Notice({ level, text, children }: { level: Toast["level"]; text: string; children: ComponentChildren }) {
  return (
    <div class={`panel toast ${level}`} role={level === "bad" ? "alert" : "status"}>
      <span class="dot" />
      <span class="toast-text">{text}</span>
      {children}
    </div>
  );
}

export function Toasts({ context: { store, session, isStuck, settings } }: { context: PanelContext }) {
  const left = store.leftBehind().length;
  const waiting = isStuck ? store.unsaved() : 0;
  return (
    <div class="toasts">
      {left > 0 && (
        <Notice level="warn" text={`${plural(left, "edit", settings.locale)} from before could not be saved.`}>
          <Button class="link" onClick={() => store.restore()}>
            Put back
          </Button>
          <Button class="link quiet" onClick={() => store.dismissLeftBehind()}>
            Forget
          </Button>
        </Notice>
      )}
      {waiting > 0 && (
        <Notice
          level="warn"
          text={`${plural(waiting, "edit", settings.locale)} not saved yet: the kernel is busy or gone. Nothing is lost.`}
        >
          <Button class="link" onClick={() => store.resend()}>
            Send again
          </Button>
        </Notice>
      )}
      {session.toasts.map(({ id, level, text, action }) => {
        const dismiss = () => session.dismiss(id);
        const act = () => {
          dismiss();
          action?.run();
        };
        return (
          <Notice key={id} level={level} text={text}>
            {action && (
              <Button class="link" onClick={act}>
                {action.label}
              </Button>
            )}
            <IconButton icon="close" label="Dismiss" class="small" onClick={dismiss} />
          </Notice>
        );
      })}
    </div>
  );
}
