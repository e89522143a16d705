/** A part of a map cut loose from it, as it is copied, duplicated and pasted. */
import type { Attributes } from "../generated/schema";
import { kindOf } from "./kinds";
import type { MapReading } from "./reading";

export const CLIP_FORMAT = "crmwidget/clip";
export const CLIP_VERSION = 1;

export interface ClipNode {
  readonly id: string;
  /** The centre, measured from the middle of the clip. */
  readonly x: number;
  readonly y: number;
  /** Of a frame that was given a size. */
  readonly width?: number;
  readonly height?: number;
  /** The node of the clip that holds it. */
  readonly parent?: string;
  readonly attributes: Attributes;
}

export interface ClipFlow {
  readonly source: string;
  readonly target: string;
  readonly attributes: Attributes;
}

export interface Clip {
  readonly nodes: readonly ClipNode[];
  readonly flows: readonly ClipFlow[];
}

/** These nodes with all that they hold, and the flows among them; a lock is of the original alone. */
export function clipOf(map: MapReading, ids: Iterable<string>): Clip {
  const chosen = withContent(map, ids);
  const placed = [...chosen].flatMap((id) => {
    const node = map.nodes.get(id);
    const at = map.positions.get(id);
    if (!node || !at) return [];
    const { parent, locked: _, ...attributes } = node;
    const held = typeof parent === "string" && chosen.has(parent) ? { parent } : {};
    return [{ id, x: at.x, y: at.y, ...sizeIn(at), ...held, attributes }];
  });
  const keys = new Set(placed.flatMap(({ id }) => [...map.flowsOf(id)]));
  const flows = [...map.flows].flatMap(([key, { source, target, ...attributes }]) =>
    keys.has(key) && chosen.has(source) && chosen.has(target) ? [{ source, target, attributes }] : [],
  );
  const { x, y } = middleOf(placed);
  return { nodes: placed.map((node) => ({ ...node, x: node.x - x, y: node.y - y })), flows };
}

function withContent(map: MapReading, ids: Iterable<string>): Set<string> {
  const chosen = new Set([...ids].filter((id) => map.nodes.has(id)));
  // A set may grow while it is walked over.
  for (const id of chosen) for (const child of map.contentOf(id)) chosen.add(child);
  return chosen;
}

/** The outlines of what the clip shows: what lies within something else has its place there. */
export function outlinesOf(nodes: readonly ClipNode[]): { x: number; y: number; width: number; height: number }[] {
  return nodes
    .filter(({ parent }) => parent === undefined)
    .map((node) => {
      const { width, height } = { ...kindOf(String(node.attributes.kind)), ...sizeIn(node) };
      return { x: node.x - width / 2, y: node.y - height / 2, width, height };
    });
}

function middleOf(nodes: readonly ClipNode[]): { x: number; y: number } {
  const boxes = outlinesOf(nodes);
  const middle = (axis: "x" | "y", size: "width" | "height"): number => {
    const low = Math.min(...boxes.map((box) => box[axis]));
    return boxes.length ? (low + Math.max(...boxes.map((box) => box[axis] + box[size]))) / 2 : 0;
  };
  return { x: middle("x", "width"), y: middle("y", "height") };
}

interface Sized {
  readonly width?: number | undefined;
  readonly height?: number | undefined;
}

function sizeIn({ width, height }: Sized): { width?: number; height?: number } {
  return width === undefined || height === undefined ? {} : { width, height };
}

export function writeClip(clip: Clip): string {
  return JSON.stringify({ format: CLIP_FORMAT, version: CLIP_VERSION, ...clip });
}
