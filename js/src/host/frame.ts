/** The element that a host gives, made into a themed shadow root with one view in it. */
import { div } from "../drawing/dom";
import surfaceCss from "../drawing/surface.css";
import { themeCss } from "../drawing/theme";
import type { ThemeName } from "../generated/schema";
import type { Settings, ThemeWish, Wishes } from "../model/settings";
import type { Store } from "../model/store";
import commentsCss from "../panels/comments.css";
import contextMenuCss from "../panels/context_menu.css";
import edgesCss from "../panels/edges.css";
import filterCss from "../panels/filter_bar.css";
import fittingCss from "../panels/fitting.css";
import inPlaceCss from "../panels/in_place.css";
import keysCss from "../panels/keys.css";
import locksCss from "../panels/locks.css";
import menusCss from "../panels/menus.css";
import minimapCss from "../panels/minimap.css";
import outlineCss from "../panels/outline.css";
import partsCss from "../panels/parts.css";
import pickerCss from "../panels/picker.css";
import progressCss from "../panels/progress.css";
import entryCss from "../panels/quick_entry.css";
import rootCss from "../panels/root.css";
import sideCss from "../panels/side.css";
import tipsCss from "../panels/tips.css";
import toastsCss from "../panels/toasts.css";
import tryingCss from "../panels/trying.css";
import unmatchedCss from "../panels/unmatched.css";
import wayCss from "../panels/way.css";
import { View } from "../view";
import { pageTheme, watchPageTheme } from "./theme";

/** In the order in which rules win over one another: what panels share comes before what is one panel's own. */
const CSS = [
  surfaceCss,
  rootCss,
  partsCss,
  edgesCss,
  toastsCss,
  sideCss,
  inPlaceCss,
  fittingCss,
  pickerCss,
  outlineCss,
  keysCss,
  minimapCss,
  contextMenuCss,
  filterCss,
  locksCss,
  commentsCss,
  menusCss,
  progressCss,
  entryCss,
  tipsCss,
  wayCss,
  tryingCss,
  unmatchedCss,
].join("");

export const DEFAULT_HEIGHT = 560;

export interface FrameOptions {
  theme: () => ThemeWish;
  height: () => number;
  /** All settings but the theme, which the page has a say in. */
  settings: () => Omit<Settings, "theme" | "themeWish">;
  /** Writes back what is set from the canvas; `update` is told of it like of any other change. */
  wish: (wishes: Partial<Wishes>) => void;
}

export interface Frame {
  readonly view: View;
  /** Reads height and settings again. */
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
  const host = div("");
  const box = div("crmwidget", host);
  Object.assign(box.style, {
    width: "100%",
    minWidth: "0",
    minHeight: "160px",
    resize: "vertical",
    overflow: "hidden",
  });
  el.append(box);

  const shadow = host.attachShadow({ mode: "open" });
  const themeSheet = new CSSStyleSheet();
  shadow.adoptedStyleSheets = [themeSheet, sheet(CSS)];
  const root = div("crm-root");
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
  const settings = (): Settings => ({
    ...options.settings(),
    theme: shownTheme,
    themeWish: options.theme(),
  });
  const view = new View(root, store, settings(), options.wish);
  const update = () => {
    resize();
    const next = theme();
    if (next !== shownTheme) themeSheet.replaceSync(themeCss(next));
    shownTheme = next;
    view.setSettings(settings());
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
