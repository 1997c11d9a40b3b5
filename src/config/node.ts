import type { Place } from './diagnostic.ts';

/** A value of a configuration that knows where it was written. Maps are real maps, so that no key is special. */
export type Node = MapNode | ListNode | ScalarNode;

export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: ReadonlyMap<string, Entry>;
}

export interface Entry {
  /** Where the key stands. */
  readonly key: Place;
  readonly value: Node;
}

interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly Node[];
}

export type ScalarValue = string | number | boolean | null;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: Place;
  /** The value, typed as YAML types it. */
  readonly value: ScalarValue;
  /** The characters that `value` was made from, quotes and escapes resolved. */
  readonly text: string;
  /** What was written, where `${…}` in it has been replaced. */
  readonly template?: string;
}

/** Where a node hangs, for messages: `keyPlace` is that of the nearest key on the way to it. */
export interface Located {
  readonly node: Node;
  readonly keyPlace: Place;
  /** False where the path goes on below what exists. */
  readonly exact: boolean;
}

/** Follows a path of keys and indexes as far as it goes. */
export function locate(root: Node, keyPlace: Place, path: readonly PropertyKey[]): Located {
  let node = root;
  let key = keyPlace;
  for (const part of path) {
    if (node.kind === 'map') {
      const entry = node.entries.get(String(part));
      if (entry === undefined) return { node, keyPlace: key, exact: false };
      node = entry.value;
      key = entry.key;
    } else {
      const item = node.kind === 'list' ? node.items[Number(part)] : undefined;
      if (item === undefined) return { node, keyPlace: key, exact: false };
      node = item;
      key = item.place;
    }
  }
  return { node, keyPlace: key, exact: true };
}

/** Where a finding about a value points: at a scalar itself, else at the key that holds the value. */
export function pointAt({ node, keyPlace }: Located): Place {
  const written = node.kind === 'scalar' && (node.value !== null || node.template !== undefined);
  return written ? node.place : keyPlace;
}

export function child(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === 'map' ? node.entries.get(key) : undefined;
}

export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

const longest = 80;

/** Names a value in a few words, for `found:`. */
export function describeNode(node: Node): string {
  if (node.kind === 'list')
    return node.items.length === 1 ? 'a list of one item' : `a list of ${node.items.length} items`;
  if (node.kind === 'map') {
    const keys = [...node.entries.keys()].map((key) => JSON.stringify(key));
    if (keys.length === 0) return 'an empty map';
    return `a map with ${keys.slice(0, 4).join(', ')}${keys.length > 4 ? ', …' : ''}`;
  }
  const from = node.template === undefined ? '' : ` (from ${shorten(node.template)})`;
  return describeScalar(node.value) + from;
}

function describeScalar(value: ScalarValue): string {
  if (value === null) return 'nothing';
  if (typeof value !== 'string') return `the ${typeof value} ${String(value)}`;
  return JSON.stringify(shorten(withoutPassword(value)));
}

function shorten(text: string): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** `https://user:secret@host` without the password. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^:@/\s]*):[^@/\s]+@/g, '$1:[redacted]@');
}
