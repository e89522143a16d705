/** In the kernel's place on a page of its own: tells the answers that the page holds, by segment too, and refuses all else. */
import type { Change, Document, FilterBar, FromView, Overlay, Segments, ToView } from "../generated/schema";
import type { Transport } from "../model/operations";

const NO_KERNEL = "This page is a copy of the map, to look at and to search: it is edited in its notebook.";

/** One value of one attribute, or all. */
type Segment = { by: string; value: string } | null;

export function pageKernel(document: Document, segments: Readonly<Record<string, Segments>>): Transport {
  let { seq } = document;
  const answers = new Map(Object.entries(document.overlays));
  const bar = document.about.filter ?? null;
  /** What is painted, the newest last. */
  const painted = new Set(answers.keys());
  let segment: Segment = null;
  let tell: (message: ToView) => void = () => {};

  function partOf(name: string): Overlay | undefined {
    const answer = segments[name];
    return segment && answer?.by === segment.by ? answer.parts[segment.value] : undefined;
  }

  function repainted(name: string): Change {
    return { at: ["overlay", name], add: { ...(partOf(name) ?? answers.get(name)) } };
  }

  function ask(name: string): Change[] | null {
    if (!answers.has(name)) return null;
    painted.delete(name);
    painted.add(name);
    return [repainted(name)];
  }

  function hide(name: string): Change[] {
    painted.delete(name);
    return [{ at: ["overlay", name], remove: true }];
  }

  /** One segment is shown at a time: the one that is newly chosen. */
  function filter(values: Record<string, string[]>): Change[] | null {
    if (!bar) return null;
    const before = segment;
    const chosen = Object.entries(values).flatMap(([by, values]) => values.map((value) => ({ by, value })));
    segment = chosen.find(({ by, value }) => by !== before?.by || value !== before.value) ?? chosen.at(-1) ?? null;
    const about = { ...document.about, filter: told(bar) };
    return [...[...painted].map(repainted), { at: ["about"], add: about }];
  }

  function told(whole: FilterBar): FilterBar {
    const now = segment;
    if (!now) return whole;
    const fields = whole.fields.map((field) => ({ ...field, chosen: field.name === now.by ? [now.value] : [] }));
    const title = fields.find(({ name }) => name === now.by)?.title ?? now.by;
    // An answer that was not asked by segment goes on speaking of all.
    const told = [...answers].filter(([name]) => partOf(name)).map(([, { title }]) => title);
    const only = told.length < answers.size ? ` in ${told.join(", ")}` : "";
    return { ...whole, fields, sentence: `${title} ${now.value}${only}`, is_on: true };
  }

  function changes(message: FromView): Change[] | null {
    if (message.op === "hide") return hide(message.overlay);
    if (message.op === "ask") return ask(message.question);
    return message.op === "filter" ? filter(message.values ?? {}) : null;
  }

  function reply(message: FromView & { id: number }): void {
    const { client, id } = message;
    const changed = changes(message);
    if (changed) tell({ op: "patch", seq: ++seq, changes: changed, ack: [client, id] });
    else tell({ op: "refusal", client, id, reason: NO_KERNEL });
  }

  return {
    send(message) {
      if ("id" in message) queueMicrotask(() => reply(message)); // a kernel never answers before the call is over
    },
    onMessage(listener) {
      tell = listener;
      return () => {};
    },
  };
}
