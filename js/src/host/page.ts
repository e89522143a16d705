/** The host that a page of its own is: a document that stays as it is, and no kernel behind it. */
import { listen } from "../drawing/dom";
import type { Change, Document, FromView, ToView } from "../generated/schema";
import type { Transport } from "../model/operations";
import type { Wishes } from "../model/settings";
import { Store } from "../model/store";
import { openFrame } from "./frame";

const NO_KERNEL = "This page is a copy of the map, to look at and to search: it is edited in its notebook.";

/** In the kernel's place: the answers that the document holds are painted and taken off, all else is refused. */
function transportOf({ seq, overlays }: Document): Transport {
  const painted = new Map(Object.entries(overlays));
  let tell: (message: ToView) => void = () => {};

  function changes(message: FromView): Change[] | null {
    if (message.op === "hide") return [{ at: ["overlay", message.overlay], remove: true }];
    const answer = message.op === "ask" ? painted.get(message.question) : undefined;
    if (message.op !== "ask" || !answer) return null;
    const at = ["overlay", message.question];
    // Taken off first: the one that is painted last is the one that shows.
    return [
      { at, remove: true },
      { at, add: { ...answer } },
    ];
  }

  function reply(message: FromView & { id: number }): void {
    const { client, id } = message;
    const changed = changes(message);
    if (changed) tell({ op: "patch", seq: ++seq, changes: changed, ack: [client, id] });
    else tell({ op: "refusal", client, id, reason: NO_KERNEL });
  }

  return {
    send(message) {
      if ("id" in message) queueMicrotask(() => reply(message)); // a kernel never answers before the call is over
    },
    onMessage(listener) {
      tell = listener;
      return () => {};
    },
  };
}

/** Shows the document in `el`, as high as the window; numbers are written as `locale` does. */
export function openPage(el: HTMLElement, document: Document, locale: string): void {
  const store = new Store(document, transportOf(document));
  let wishes: Wishes = { theme: "auto", snap: true, density: "comfortable" };
  const frame = openFrame(el, store, {
    theme: () => wishes.theme,
    height: () => innerHeight,
    settings: () => ({ isReadOnly: true, snap: wishes.snap, density: wishes.density, locale }),
    wish(wished) {
      wishes = { ...wishes, ...wished };
      frame.update();
    },
  });
  listen(window, { resize: frame.update });
  const { view } = frame;
  Object.assign(el, { __crmwidget: { store, surface: view.surface, view } }); // for tests
}
