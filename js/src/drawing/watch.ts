/** Tells when an element's size, its visibility or the density of the screen's pixels changes. */

export interface Watcher {
  /** Size or density may be others. */
  onSize: () => void;
  onSight: (isVisible: boolean) => void;
}

/** Gives the function that ends the watch. */
export function watch(element: HTMLElement, { onSize, onSight }: Watcher): () => void {
  const size = new ResizeObserver(onSize);
  size.observe(element);
  // Notebooks detach outputs that are scrolled away.
  const sight = new IntersectionObserver((entries) => onSight(entries.at(-1)?.isIntersecting ?? true));
  sight.observe(element);
  const forgetDensity = watchDensity(onSize);
  return () => {
    size.disconnect();
    sight.disconnect();
    forgetDensity();
  };
}

/** Another screen, or the browser's own zoom; each density needs a query of its own. */
function watchDensity(onChange: () => void): () => void {
  let query: MediaQueryList | undefined;
  const next = (): void => {
    query?.removeEventListener("change", changed);
    query = globalThis.matchMedia?.(`(resolution: ${globalThis.devicePixelRatio}dppx)`);
    query?.addEventListener("change", changed);
  };
  const changed = (): void => {
    next();
    onChange();
  };
  next();
  return () => query?.removeEventListener("change", changed);
}
