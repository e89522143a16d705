/** The element that a host gives, made into a themed shadow root with one view in it. */
import { SURFACE_CSS } from "../drawing/styles";
import { themeCss } from "../drawing/theme";
import type { ThemeName } from "../generated/schema";
import type { Store } from "../model/store";
import { PANELS_CSS } from "../panels/styles";
import { View } from "../view";
import { pageTheme, type ThemeWish, watchPageTheme } from "./theme";

export const DEFAULT_HEIGHT = 560;

const FRAME_CSS = ":host { display: block; width: 100%; height: 100%; } .crm-root { height: 100%; }";

export interface FrameOptions {
  theme: () => ThemeWish;
  height: () => number;
}

export interface Frame {
  readonly view: View;
  /** Reads height and theme again. */
  update(): void;
  destroy(): void;
}

function sheet(css: string): CSSStyleSheet {
  const made = new CSSStyleSheet();
  made.replaceSync(css);
  return made;
}

export function openFrame(el: HTMLElement, store: Store, options: FrameOptions): Frame {
  // JupyterLab takes keys on the way down to the target, where stopping them is too late: it looks for this.
  el.dataset.lmSuppressShortcuts = "true";
  const box = document.createElement("div");
  box.className = "crmwidget";
  Object.assign(box.style, {
    width: "100%",
    minWidth: "0",
    minHeight: "160px",
    resize: "vertical",
    overflow: "hidden",
  });
  const host = document.createElement("div");
  Object.assign(host.style, { width: "100%", height: "100%" });
  box.append(host);
  el.append(box);

  const shadow = host.attachShadow({ mode: "open" });
  const themeSheet = new CSSStyleSheet();
  shadow.adoptedStyleSheets = [themeSheet, sheet(SURFACE_CSS), sheet(PANELS_CSS), sheet(FRAME_CSS)];
  const root = document.createElement("div");
  root.className = "crm-root";
  shadow.append(root);

  const theme = (): ThemeName => {
    const wish = options.theme();
    return wish === "auto" ? pageTheme() : wish;
  };
  let shownTheme = theme();
  let shownHeight = 0;
  themeSheet.replaceSync(themeCss(shownTheme));
  const resize = () => {
    const height = options.height();
    if (height === shownHeight) return; // the user's own resizing stands until the trait changes
    shownHeight = height;
    box.style.height = `${height}px`;
  };
  resize();
  const view = new View(root, store, shownTheme);
  const update = () => {
    resize();
    const next = theme();
    if (next === shownTheme) return;
    shownTheme = next;
    themeSheet.replaceSync(themeCss(next));
    view.setTheme(next);
  };
  const unwatch = watchPageTheme(update);
  return {
    view,
    update,
    destroy() {
      unwatch();
      view.destroy();
      box.remove();
    },
  };
}
