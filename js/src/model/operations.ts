/** What a store sends and waits for: the types of its side of the wire. */
import type { Change, FromView, ToView } from "../generated/schema";
import type { Layer } from "./layer";
import type { KeptStorage } from "./unsaved";

export interface Transport {
  send(message: FromView): void;
  onMessage(listener: (message: ToView) => void): () => void;
  /** Whether the kernel is known to be at work: what is not answered yet waits its turn there. */
  isBusy?(): boolean;
}

export interface StoreOptions {
  client?: string;
  storage?: KeptStorage | undefined;
}

export type Ids = Readonly<Record<string, string>>;

/** Changes as they are made here, or come from elsewhere. */
export interface Edited {
  readonly changes: readonly Change[];
  /** Whether it was this view's doing, an undo too. */
  readonly isOwn: boolean;
}

/** An operation with a number, which the kernel will acknowledge or refuse. */
export type Operation = Extract<FromView, { id: number }>;
/** The same before client and number are put to it. */
export type Draft<O = Operation> = O extends Operation ? Omit<O, "client" | "id"> : never;

/** An operation that is not answered yet, and what it shows meanwhile. */
export interface Pending {
  message: Operation;
  layer: Layer | null;
  since: number;
  isGivenUp?: boolean;
}

/** An operation without a picture of its own that the kernel works on, or will. */
export interface Waiting {
  readonly message: Exclude<Operation, { op: "edit" }>;
  readonly since: number;
  readonly isGivenUp: boolean;
}
