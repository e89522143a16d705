/**
 * Replays the golden scripts of ../../../tests/wire, which Python replays as the kernel.
 *
 * A script: { name, document, steps }. A step is one of
 *   { from: "view", <operation>: arguments, expect?: message or list of messages that the view sends }
 *   { from: "kernel", message, expect?: the same }
 *   { expect: { nodes, flows, positions, unsaved, … } }: the state that shows; `null` stands for "is not there".
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Change, Document, ToView } from "../../src/generated/schema";
import { Store } from "../../src/model/store";
import type { Trial } from "../../src/model/trial";
import { Line } from "./tiny_kernel";

type Values = Record<string, unknown>;

interface Step {
  from?: "view" | "kernel";
  message?: ToView;
  expect?: unknown;
  [operation: string]: unknown;
}

interface Script {
  name: string;
  document: Document;
  steps: Step[];
}

const OPERATIONS: Record<string, (store: Store, args: Values) => void> = {
  hello: (store) => store.hello(),
  edit: (store, args) => store.edit(String(args.label ?? ""), args.changes as Change[]),
  preview: (store, args) => store.preview(args.changes as Change[]),
  clear_preview: (store) => store.clearPreview(),
  undo: (store) => store.undo(),
  redo: (store) => store.redo(),
  arrange: (store) => store.arrange(),
  build: (store, args) => store.build(args),
  ask: (store, args) => store.ask(String(args.question ?? args.name)),
  what_if: (store, args) => store.whatIf(args as unknown as Trial),
  cancel: (store, args) => store.cancel(Number(args.operation)),
  code: (store) => void store.code(),
  hide: (store, args) => store.hide(String(args.overlay ?? args.name)),
  select: (store, args) => store.select((args.nodes ?? []) as string[], (args.flows ?? []) as string[]),
  resend: (store) => store.resend(),
};

const folder = join(import.meta.dirname, "..", "..", "..", "tests", "wire");
const files = readdirSync(folder).filter((file) => file.endsWith(".json"));

function checkState(store: Store, expected: Values): void {
  for (const [room, wanted] of Object.entries(expected)) {
    if (room === "unsaved") expect(store.unsaved()).toBe(wanted);
    else if (room === "seq") expect(store.seq).toBe(wanted);
    else if (room === "map" || room === "status" || room === "about")
      expect(store[room]).toMatchObject(wanted as Values);
    else {
      const shown = store[room as "nodes"] as ReadonlyMap<string, unknown>;
      for (const [id, value] of Object.entries(wanted as Values)) {
        if (value === null) expect(shown.has(id), `${room} ${id}`).toBe(false);
        else if (room === "votes")
          expect([...(store.votes.get(id) ?? [])].sort()).toEqual(Object.keys(value as Values));
        else expect(shown.get(id), `${room} ${id}`).toEqual(value);
      }
    }
  }
}

/** Fields at their default may be left out on the wire. */
function plain(message: unknown): unknown {
  return JSON.parse(JSON.stringify(message), (_key, value) =>
    value && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value).filter(([name, v]) => v !== null && !(name === "unpin" && v === false)),
        )
      : value,
  );
}

describe("golden wire scripts", () => {
  it("are there", () => expect(files.length).toBeGreaterThan(0));

  it.each(files)("%s", (file) => {
    const script = JSON.parse(readFileSync(join(folder, file), "utf8")) as Script;
    const line = new Line();
    const store = new Store(script.document, line, { client: "c1" });
    for (const step of script.steps) {
      line.up.length = 0;
      if (step.from === "kernel") line.deliver(step.message as ToView);
      else if (step.from === "view") {
        const name = Object.keys(OPERATIONS).find((operation) => operation in step);
        if (!name) throw new Error(`a step of ${file} names no operation: ${JSON.stringify(step)}`);
        OPERATIONS[name]?.(store, (step[name] ?? {}) as Values);
      } else {
        checkState(store, step.expect as Values);
        continue;
      }
      if (step.expect === undefined) continue;
      const wanted = Array.isArray(step.expect) ? step.expect : [step.expect];
      expect(plain(line.up)).toEqual(plain(wanted));
    }
    store.destroy();
  });
});
