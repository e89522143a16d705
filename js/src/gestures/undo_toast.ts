/** Says that something was removed, with the way back offered for as long as “Undo” would take that back. */
import type { Bench } from "./bench";

/** `label` is that of the edit which removed it, `said` what the toast says. */
export function offerUndo({ store, session }: Bench, label: string, said: string): void {
  const toast = session.toast("info", said, { label: "Undo", run: () => store.undo() });
  let isLast = false;
  const unlisten = store.subscribe(({ status }) => {
    if (!status) return;
    const is = store.status.undo_label === label;
    if (isLast && !is) {
      unlisten();
      session.dismiss(toast);
    }
    isLast = is;
  });
}
