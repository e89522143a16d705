/** Copies the last edits by hand as Python, which the kernel writes. */
import type { Action } from "./actions";
import type { Bench } from "./bench";

export function copyCode({ store, session }: Bench): void {
  const asked = store.code();
  const text = asked.then((code) => new Blob([code.text], { type: "text/plain" }));
  const written = copied(text);
  asked.then(
    ({ n_edits }) =>
      written.then(
        () => session.toast("info", `The code of the last ${n_edits > 1 ? `${n_edits} edits` : "edit"} is copied.`),
        () =>
          session.toast("info", `This page may not copy by itself: print(m.to_code(last=${n_edits})) says the same.`),
      ),
    ({ message }: Error) => {
      for (const nothing of [text, written]) nothing.catch(() => {}); // as there is none to write
      session.toast("info", `There is no code: ${message}.`);
    },
  );
}

/** The promise is handed on as it is: a page may write only while it answers to a key or a click. */
async function copied(text: Promise<Blob>): Promise<void> {
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
}

export const copyCodeActions: readonly Action[] = [
  {
    name: "copy_code",
    title: "Copy code of the last edits",
    group: "Map",
    icon: "copy",
    keys: ["Mod+Shift+e"],
    edits: true,
    on: ["empty"],
    isReady: ({ store }) => store.status.can_undo,
    run: copyCode,
  },
];
