/** What one view has in mind about comments: who writes, what is half written, which one is answered or changed. */
import { keyOf, pathOf } from "./changes";

export type NameStorage = Pick<Storage, "getItem" | "setItem">;

/** What is done, and the card or comment that it is done with. */
export type DraftOf = readonly [deed: string, id: string];

const KEY = "crmwidget:author";

export class Conversation {
  /** What is being typed, by what it is for: it outlasts a look at another card. */
  readonly #drafts = new Map<string, string>();
  /** The comment that is being answered, or changed. */
  reply: string | null = null;
  editing: string | null = null;
  /** Whether the name of who writes is being asked for. */
  asksName = false;
  #author: string | null;

  constructor(readonly storage: NameStorage | undefined = localStorageIfAllowed()) {
    this.#author = attempt(() => storage?.getItem(KEY) ?? null);
  }

  /** The name typed here once, else what the kernel calls its user. */
  author(kernels: string): string {
    return this.#author || kernels;
  }

  setAuthor(name: string): void {
    this.#author = name;
    attempt(() => this.storage?.setItem(KEY, name));
  }

  draft(of: DraftOf): string {
    return this.#drafts.get(keyOf(of)) ?? "";
  }

  setDraft(of: DraftOf, text: string): void {
    if (text) this.#drafts.set(keyOf(of), text);
    else this.#drafts.delete(keyOf(of));
  }

  rename(ids: Readonly<Record<string, string>>): void {
    for (const [key, text] of [...this.#drafts]) {
      const [deed = "", of = ""] = pathOf(key);
      const id = ids[of];
      if (id !== undefined && this.#drafts.delete(key)) this.setDraft([deed, id], text);
    }
    if (this.reply !== null) this.reply = ids[this.reply] ?? this.reply;
    if (this.editing !== null) this.editing = ids[this.editing] ?? this.editing;
  }
}

function localStorageIfAllowed(): Storage | undefined {
  return attempt(() => globalThis.localStorage) ?? undefined;
}

/** A storage that is full or forbidden costs a remembered name, no more. */
function attempt<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
