/**
 * An OTLP `AnyValue`. The type of the JavaScript value says which member is set, so nothing is guessed on the way back:
 * `bigint` is an OTLP int (within 64 bits), `number` is an OTLP double (`5` is the double 5.0; write `5n` for the int),
 * `Uint8Array` is bytes, an array is an array, {@link Attributes} is a key-value list, and `null` is a value with nothing set.
 */
export type AnyValue = string | boolean | number | bigint | Uint8Array | AnyValue[] | Attributes | RawValue | null;

/** A value whose encoding says more than `value` can: fields this release does not know, or several members at once. */
export class RawValue {
  /** The encoded `AnyValue` message. It is written back as it is. */
  readonly bytes: Uint8Array;
  /** What a reader sees: the member that came last. */
  readonly value: Exclude<AnyValue, RawValue>;

  constructor(bytes: Uint8Array, value: Exclude<AnyValue, RawValue>) {
    this.bytes = bytes;
    this.value = value;
  }
}

/** What {@link Attributes.from} takes: pairs, or an object's own enumerable properties. */
export type AttributesInit = Iterable<readonly [string, AnyValue | undefined]> | { readonly [key: string]: AnyValue };

/**
 * A list of OTLP key-value pairs. It keeps their order and keys that occur twice, and any string is a key (`__proto__` too).
 * A value is `undefined` where the sender wrote a key and no value at all.
 */
export class Attributes {
  /** Key and value in turn: one array is one allocation per record. */
  private readonly items: (AnyValue | undefined)[] = [];
  /** Per pair, encoded fields of the pair that this release does not know. Absent until there is one. */
  private unknown: (Uint8Array | undefined)[] | undefined;

  /** The pairs in order, as given; duplicates stay. */
  static from(init: AttributesInit): Attributes {
    const attributes = new Attributes();
    for (const [key, value] of Symbol.iterator in init ? init : Object.entries(init)) attributes.append(key, value);
    return attributes;
  }

  /** The number of pairs. */
  get size(): number {
    return this.items.length >>> 1;
  }

  /** The value of the first pair with this key; undefined where there is none, or it has no value. */
  get(key: string): AnyValue | undefined {
    const index = this.indexOf(key);
    return index < 0 ? undefined : this.valueAt(index);
  }

  has(key: string): boolean {
    return this.indexOf(key) >= 0;
  }

  /** Gives the first pair with this key the value and removes later ones; appends a pair where there is none. */
  set(key: string, value: AnyValue): this {
    const index = this.indexOf(key);
    if (index < 0) return this.append(key, value);
    this.items[2 * index + 1] = value;
    this.removeFrom(index + 1, key);
    return this;
  }

  /** Adds a pair at the end, whether or not the key is there already. `unknown` is encoded fields of the pair beside the two. */
  append(key: string, value: AnyValue | undefined, unknown?: Uint8Array): this {
    this.items.push(key, value);
    if (unknown !== undefined) (this.unknown ??= [])[this.size - 1] = unknown;
    return this;
  }

  /** Removes every pair with this key; says whether there was one. */
  delete(key: string): boolean {
    return this.removeFrom(0, key);
  }

  /** Gives the first pair with key `from` the key `to`, in its place; all other pairs of both keys go. False where there is no `from`. */
  rename(from: string, to: string): boolean {
    const index = this.indexOf(from);
    if (index < 0 || from === to) return index >= 0;
    this.removeFrom(index + 1, from);
    this.removeFrom(index + 1, to);
    this.items[2 * index] = to;
    this.removeFrom(0, to, index);
    return true;
  }

  clear(): void {
    this.items.length = 0;
    this.unknown = undefined;
  }

  /** The position of the first pair with this key, or -1. */
  indexOf(key: string): number {
    const items = this.items;
    for (let i = 0; i < items.length; i += 2) if (items[i] === key) return i >>> 1;
    return -1;
  }

  /** The key of a pair by position; `index` is below `size`. */
  keyAt(index: number): string {
    return this.items[2 * index] as string;
  }

  /** The value of a pair by position. */
  valueAt(index: number): AnyValue | undefined {
    return this.items[2 * index + 1];
  }

  /** Gives a pair by position another value. */
  setAt(index: number, value: AnyValue): void {
    this.items[2 * index + 1] = value;
  }

  /** Removes a pair by position; those behind it move up. */
  removeAt(index: number): void {
    this.items.splice(2 * index, 2);
    this.unknown?.splice(index, 1);
  }

  /** Encoded fields of a pair that this release does not know. */
  unknownAt(index: number): Uint8Array | undefined {
    return this.unknown?.[index];
  }

  *[Symbol.iterator](): IterableIterator<[string, AnyValue | undefined]> {
    for (let i = 0; i < this.size; i++) yield [this.keyAt(i), this.valueAt(i)];
  }

  /** Removes the pairs with this key from position `start`, up to position `end`; says whether there was one. */
  private removeFrom(start: number, key: string, end = this.size): boolean {
    const { items, unknown } = this;
    let kept = start;
    for (let i = start; i < this.size; i++) {
      if (i < end && items[2 * i] === key) continue;
      if (kept !== i) {
        items[2 * kept] = items[2 * i];
        items[2 * kept + 1] = items[2 * i + 1];
        if (unknown !== undefined) unknown[kept] = unknown[i];
      }
      kept++;
    }
    const removed = kept < this.size;
    items.length = 2 * kept;
    if (unknown !== undefined) unknown.length = Math.min(unknown.length, kept);
    return removed;
  }
}
