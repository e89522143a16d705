/** Kinds of node and what things are called, with all that the generated tables leave out because it goes without saying. */
import { CARD, NODE_KINDS, type NodeKind } from "../generated/schema";

const UNKNOWN: NodeKind = { title: "Node", ...CARD, attributes: ["label"] };

/** An entry of a plain record, never what every object inherits. */
export function own<T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return record && Object.hasOwn(record, name) ? record[name] : undefined;
}

export function kindOf(name: string): NodeKind {
  return own(NODE_KINDS, name) ?? UNKNOWN;
}

/** The title of a kind, an attribute or a lens: the stated one, else its name with a capital. */
export function titleOf(table: Readonly<Record<string, { title?: string }>>, name: string): string {
  return own(table, name)?.title ?? name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");
}
