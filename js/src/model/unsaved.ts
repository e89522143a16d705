/** Edits that the kernel has not taken yet, kept for the tab's lifetime so that a restart loses nothing. */
import type { Change } from "../generated/schema";

export type KeptStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface KeptEdit {
  label: string;
  changes: Change[];
}

interface Kept {
  epoch: string;
  edits: KeptEdit[];
}

/** Clients that live in this page: what they keep is still theirs. */
const LIVING = new Set<string>();

export class UnsavedEdits {
  #wrote = false;

  constructor(
    readonly client: string,
    readonly storage: KeptStorage | undefined,
    readonly map: () => string,
  ) {
    LIVING.add(client);
  }

  keep(epoch: string, edits: KeptEdit[]): void {
    if (!edits.length && !this.#wrote) return;
    const all = this.#read();
    if (edits.length) all[this.client] = { epoch, edits };
    else delete all[this.client];
    this.#wrote = edits.length > 0;
    this.#write(all);
  }

  /** What was left behind for this map: by a page that is gone, or for a kernel that has restarted. */
  leftBehind(epoch: string): KeptEdit[] {
    return this.#leftClients(epoch).flatMap(([, kept]) => kept.edits);
  }

  forget(epoch: string): void {
    const all = this.#read();
    for (const [client] of this.#leftClients(epoch)) delete all[client];
    this.#write(all);
  }

  close(): void {
    LIVING.delete(this.client);
  }

  #leftClients(epoch: string): [string, Kept][] {
    return Object.entries(this.#read()).filter(
      ([client, kept]) => client !== this.client && (kept.epoch !== epoch || !LIVING.has(client)),
    );
  }

  get #key(): string {
    return `crmwidget:${this.map()}`;
  }

  #read(): Record<string, Kept> {
    try {
      const value: unknown = JSON.parse(this.storage?.getItem(this.#key) ?? "{}");
      return value && typeof value === "object" ? (value as Record<string, Kept>) : {};
    } catch {
      return {}; // storage is forbidden here, or another program wrote this key
    }
  }

  #write(all: Record<string, Kept>): void {
    try {
      if (Object.keys(all).length) this.storage?.setItem(this.#key, JSON.stringify(all));
      else this.storage?.removeItem(this.#key);
    } catch {
      // a full or forbidden storage must not break editing
    }
  }
}
