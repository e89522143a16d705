/** The host that a page of its own is: a document that stays as it is, and no kernel behind it. */
import { listen } from "../drawing/dom";
import type { Document, Segments } from "../generated/schema";
import type { Wishes } from "../model/settings";
import { Store } from "../model/store";
import { openFrame } from "./frame";
import { pageKernel } from "./page_kernel";

/** Shows the document in `el`, as high as the window, with its answers by segment; numbers are written as `locale` does. */
export function openPage(
  el: HTMLElement,
  document: Document,
  locale: string,
  segments: Readonly<Record<string, Segments>>,
): void {
  const store = new Store(document, pageKernel(document, segments));
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
