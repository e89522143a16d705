/** Elements and listeners in one line each. */
import type { Rect } from "./geometry";

export function div(className: string, ...children: Node[]): HTMLDivElement {
  const element = document.createElement("div");
  element.className = className;
  element.append(...children);
  return element;
}

/** A picture made of one path, in the colour of the text around it. */
export function svg(className: string, width: number, height: number, d: string): SVGSVGElement {
  const make = <Name extends "svg" | "path">(name: Name, attributes: Record<string, string>) => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    return element;
  };
  const picture = make("svg", { class: className, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  picture.append(make("path", { d }));
  return picture;
}

export function place(element: HTMLElement | SVGElement, { x, y, width, height }: Rect): void {
  const { style } = element;
  style.left = `${x}px`;
  style.top = `${y}px`;
  style.width = `${width}px`;
  style.height = `${height}px`;
}

type EventMap = HTMLElementEventMap & WindowEventMap;
type Handlers = { [Name in keyof EventMap]?: (event: EventMap[Name]) => void };

/** Adds listeners by the names of their events; gives the function that takes them off. */
export function listen(target: EventTarget, handlers: Handlers, options?: AddEventListenerOptions): () => void {
  const all = Object.entries(handlers) as [string, EventListener][];
  for (const [name, handler] of all) target.addEventListener(name, handler, options);
  return () => {
    for (const [name, handler] of all) target.removeEventListener(name, handler, options);
  };
}

export function context2d(canvas: HTMLCanvasElement, options?: CanvasRenderingContext2DSettings) {
  const context = canvas.getContext("2d", options);
  if (!context) throw new Error("This browser gives no 2D canvas.");
  return context;
}

/** Gives a canvas so many CSS pixels, at least, of `dpr` device pixels each; one that is so already keeps its picture. */
export function resizeCanvas(canvas: HTMLCanvasElement, width: number, height: number, dpr: number): void {
  const [wide, high] = [Math.ceil(width * dpr), Math.ceil(height * dpr)];
  if (canvas.width !== wide) canvas.width = wide;
  if (canvas.height !== high) canvas.height = high;
  place(canvas, { x: 0, y: 0, width: wide / dpr, height: high / dpr });
}
