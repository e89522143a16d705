/** Edits that the kernel has not taken: said plainly, kept, and offered again. */
import type { PanelContext } from "./context";
import { plural } from "./toolbar";

export function Unsaved({ context }: { context: PanelContext }) {
  const { store, isStuck } = context;
  const left = store.leftBehind().length;
  const waiting = isStuck ? store.unsaved() : 0;
  return (
    <>
      {left > 0 && (
        <div class="crm-panel crm-toast crm-warn" role="status">
          <span class="crm-dot" />
          <span class="crm-toast-text">{plural(left, "edit")} from before could not be saved.</span>
          <button type="button" class="crm-link" onClick={() => store.restore()}>
            Put back
          </button>
          <button type="button" class="crm-link crm-quiet" onClick={() => store.dismissLeftBehind()}>
            Forget
          </button>
        </div>
      )}
      {waiting > 0 && (
        <div class="crm-panel crm-toast crm-warn" role="status">
          <span class="crm-dot" />
          <span class="crm-toast-text">
            {plural(waiting, "edit")} not saved yet: the kernel is busy or gone. Nothing is lost.
          </span>
          <button type="button" class="crm-link" onClick={() => store.resend()}>
            Send again
          </button>
        </div>
      )}
    </>
  );
}
