/** Short notices that pass by themselves; nothing waits for an answer. */
import { useEffect } from "preact/hooks";
import type { Session, Toast as ToastContent } from "../model/session";
import { IconButton } from "./icons";

const SHOWN_MS = { info: 6000, warn: 8000, bad: 12_000 } as const;

function Toast({ toast, session }: { toast: ToastContent; session: Session }) {
  useEffect(() => {
    const timer = setTimeout(() => session.dismiss(toast.id), SHOWN_MS[toast.level]);
    return () => clearTimeout(timer);
  }, [toast.id]);
  const act = () => {
    session.dismiss(toast.id);
    toast.action?.run();
  };
  return (
    <div class={`crm-panel crm-toast crm-${toast.level}`} role={toast.level === "bad" ? "alert" : "status"}>
      <span class="crm-dot" />
      <span class="crm-toast-text">{toast.text}</span>
      {toast.action && (
        <button type="button" class="crm-link" onClick={act}>
          {toast.action.label}
        </button>
      )}
      <IconButton icon="close" label="Dismiss" class="crm-small" onClick={() => session.dismiss(toast.id)} />
    </div>
  );
}

export function Toasts({ session }: { session: Session }) {
  return (
    <>
      {session.toasts.map((toast) => (
        <Toast key={toast.id} toast={toast} session={session} />
      ))}
    </>
  );
}
