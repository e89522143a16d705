/**
 * Copy, cut and paste by the browser's own clipboard events: between maps, notebooks, tabs and other programs.
 *
 * Three flavours go out. The first holds all of it and is what a map takes back. Plain text is what quick entry reads and
 * any other program can use. HTML is the same lines for a document, and bears all of it once more as an attribute, because
 * a menu may look into the clipboard only through an interface that passes on no flavour of one's own.
 */
import { listen } from "../drawing/dom";
import { clipOf, writeClip } from "../model/clip";
import { clipText } from "../model/clip_text";
import type { Bench } from "./bench";
import { describe } from "./changes";
import { pasteClip, pastePoint, pasteText } from "./paste";
import { removeSelection } from "./remove";
import { isField } from "./typing";

const FLAVOUR = "application/x-crmwidget+json";
const BEARER = "data-crmwidget";

interface Reader {
  /** The text of a flavour, empty where there is none. */
  get(flavour: string): string;
}

export function clipboard(bench: Bench, hasFocus: () => boolean): () => void {
  const { session, surface } = bench;
  const tree = surface.element.getRootNode() as Document | ShadowRoot;
  // Without a selected text these events may go to the page's body, wherever the focus is.
  const isOurs = () => hasFocus() && !isField(tree.activeElement);
  const takeUp = (event: ClipboardEvent): boolean => {
    if (!isOurs() || session.isEmpty || !event.clipboardData) return false;
    for (const [flavour, text] of flavours(bench)) event.clipboardData.setData(flavour, text);
    take(event);
    return true;
  };
  /** Without this an event that a menu asks for is never made. */
  const allow = (event: Event) => {
    if (isOurs() && !session.isEmpty) event.preventDefault();
  };
  return listen(
    document,
    {
      copy(event) {
        if (takeUp(event)) session.set({ spoken: `Copied ${selected(bench)}` });
      },
      cut(event) {
        if (bench.isReadOnly) return;
        if (takeUp(event)) removeSelection(bench, { label: "Cut", said: "Cut" });
      },
      paste(event) {
        const { clipboardData } = event;
        if (!isOurs() || !clipboardData) return;
        take(event);
        paste(bench, { get: (flavour) => clipboardData.getData(flavour) });
      },
      beforecopy: allow,
      beforecut: allow,
    } as Parameters<typeof listen>[1],
    { capture: true },
  );
}

function take(event: Event): void {
  event.preventDefault();
  event.stopPropagation();
}

/** Asks for the event that a key would have made. */
export function ask(event: "copy" | "cut"): void {
  document.execCommand(event);
}

/** From a menu the clipboard is read on the user's word, where the page may at all. */
export async function pasteByMenu(bench: Bench): Promise<void> {
  const at = pastePoint(bench); // before anybody is asked, and the pointer goes elsewhere
  try {
    const [item] = await navigator.clipboard.read();
    const texts = new Map<string, string>();
    for (const flavour of item?.types ?? [])
      if (item && flavour.startsWith("text/")) texts.set(flavour, await (await item.getType(flavour)).text());
    paste(bench, { get: (flavour) => texts.get(flavour) ?? "" }, at);
  } catch {
    bench.session.toast("info", "This page may not look into the clipboard by itself: paste with the key.");
  }
}

function paste(bench: Bench, from: Reader, at = pastePoint(bench)): void {
  const { session } = bench;
  if (bench.isReadOnly) {
    session.toast("info", "This map can only be read: nothing was pasted.");
    return;
  }
  const whole = from.get(FLAVOUR) || borne(from.get("text/html"));
  const text = from.get("text/plain");
  if (whole) pasteClip(bench, whole, at);
  else if (text.trim()) pasteText(bench, text, at);
  else session.toast("info", "There is nothing to paste: copy cards, or a text such as Lead -> Qualified -> Won.");
}

function flavours({ store, session }: Bench): [flavour: string, text: string][] {
  const clip = clipOf(store, session.nodes);
  if (!clip.nodes.length) {
    // Flows alone say where they lead, as text: without their cards they are nothing that could be put down.
    const flows = [...session.flows].flatMap((key) => {
      const { source, target, ...attributes } = store.flows.get(key) ?? { source: "", target: "" };
      return source ? [{ source, target, attributes }] : [];
    });
    const ends = new Set(flows.flatMap(({ source, target }) => [source, target]));
    const nodes = [...ends].map((id) => ({ id, x: 0, y: 0, attributes: store.nodes.get(id) ?? {} }));
    return [["text/plain", clipText({ nodes, flows })]];
  }
  const [whole, text] = [writeClip(clip), clipText(clip)];
  return [
    [FLAVOUR, whole],
    ["text/plain", text],
    ["text/html", asHtml(whole, text)],
  ];
}

function asHtml(whole: string, text: string): string {
  const list = document.createElement("ul");
  list.setAttribute(BEARER, whole);
  for (const line of text.split("\n")) {
    const item = document.createElement("li");
    item.textContent = line.replaceAll("->", "→");
    list.append(item);
  }
  return list.outerHTML;
}

/** What HTML from a map bears. A document that is parsed but never shown loads nothing and runs nothing. */
function borne(html: string): string {
  if (!html.includes(BEARER)) return "";
  const bearer = new DOMParser().parseFromString(html, "text/html").querySelector(`[${BEARER}]`);
  return bearer?.getAttribute(BEARER) ?? "";
}

function selected({ store, session }: Bench): string {
  return describe(store, session.nodes, session.flows);
}
