/** Tells when an element's size, its visibility or the density of the screen's pixels changes. */
import { listen } from "./dom";

/** `onSize`: size or density may be others. Gives the function that ends the watch. */
export function watch(element: HTMLElement, onSize: () => void, onSight: (isVisible: boolean) => void): () => void {
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
  let forget = (): void => {};
  const next = (): void => {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    forget = listen(query, {
      change() {
        forget();
        next();
        onChange();
      },
    });
  };
  next();
  return () => forget();
}
