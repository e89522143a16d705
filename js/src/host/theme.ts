/** Whether the page around is light or dark, and when that changes. */
import { listen } from "../drawing/dom";
import type { ThemeName } from "../generated/schema";

const SYSTEM_DARK = "(prefers-color-scheme: dark)";

/** JupyterLab and Notebook say it on the body, VS Code by a class; elsewhere the system decides. */
export function pageTheme(): ThemeName {
  const { body, documentElement } = document;
  const jupyter = body.dataset.jpThemeLight;
  if (jupyter !== undefined) return jupyter === "false" ? "dark" : "light";
  const vscode = /\bvscode-(high-contrast-light|high-contrast|light|dark)\b/.exec(
    `${body.className} ${documentElement.className}`,
  )?.[1];
  const isDark = vscode ? !vscode.endsWith("light") : matchMedia(SYSTEM_DARK).matches;
  return isDark ? "dark" : "light";
}

export function watchPageTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  for (const element of [document.body, document.documentElement])
    observer.observe(element, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  const unlisten = listen(matchMedia(SYSTEM_DARK), { change: listener });
  return () => {
    observer.disconnect();
    unlisten();
  };
}
