/** Shows one view on the whole screen, and back. The view is fitted again by its own watch over its size. */
import type { Bench } from "./bench";

/** The element of the page that holds the view. */
function hostOf({ surface }: Bench): Element | null {
  const tree = surface.element.getRootNode();
  return tree instanceof ShadowRoot ? tree.host : null;
}

export function isFullScreen(bench: Bench): boolean {
  return document.fullscreenElement !== null && document.fullscreenElement === hostOf(bench);
}

export function toggleFullScreen(bench: Bench): void {
  const { surface, session } = bench;
  const change = isFullScreen(bench) ? document.exitFullscreen() : hostOf(bench)?.requestFullscreen();
  change?.then(
    () => surface.element.focus({ preventScroll: true }),
    () => session.toast("info", "This page may not be shown on the whole screen."),
  );
}
