/** Whether the page around is light or dark, and when that changes. */
import type { ThemeName } from "../generated/schema";

export type ThemeWish = "auto" | ThemeName;

/** JupyterLab and Notebook say it on the body, VS Code by a class; elsewhere the system decides. */
export function pageTheme(): ThemeName {
  const { body, documentElement } = document;
  const jupyter = body.dataset.jpThemeLight;
  if (jupyter !== undefined) return jupyter === "false" ? "dark" : "light";
  for (const { classList } of [body, documentElement]) {
    if (
      classList.contains("vscode-dark") ||
      (classList.contains("vscode-high-contrast") && !classList.contains("vscode-high-contrast-light"))
    )
      return "dark";
    if (classList.contains("vscode-light") || classList.contains("vscode-high-contrast-light")) return "light";
  }
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

export function watchPageTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  for (const element of [document.body, document.documentElement])
    observer.observe(element, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] });
  const system = matchMedia("(prefers-color-scheme: dark)");
  system.addEventListener("change", listener);
  return () => {
    observer.disconnect();
    system.removeEventListener("change", listener);
  };
}
