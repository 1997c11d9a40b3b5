import { bytes } from './arena.ts';

/** Different keys that are remembered; beyond that each key is matched anew. */
const most = 4096;
const tableSize = 4 * most;
/** Longer keys are matched anew each time. */
const longest = 128;

/** The bit of a verdict that says that every key is wanted. */
const everyKey = 1 << 31;

/** Patterns on attribute keys. Telemetry has few different keys, so the verdict on each is remembered. */
export class KeyPatterns {
  private readonly patterns: readonly RegExp[];
  private readonly always: number;
  /** Open addressing: position in `masks` plus one. */
  private readonly table = new Int16Array(tableSize);
  private readonly masks: number[] = [];
  /** By number of the key, the slot it had last: for the frame that these patterns are for. */
  readonly slots = new Int16Array(most);
  private readonly texts: string[] = [];
  private readonly keys: Uint8Array[] = [];

  /** At most 31 patterns: a verdict is a bit each. With `all`, no key's verdict is 0. */
  constructor(patterns: readonly RegExp[], all: boolean) {
    this.patterns = patterns;
    this.always = all ? everyKey : 0;
  }

  /** Which patterns match a key, as bits in their order. */
  maskOf(key: Uint8Array): number {
    const text = utf8(key);
    let mask = this.always;
    for (const [bit, pattern] of this.patterns.entries()) if (pattern.test(text)) mask |= 1 << bit;
    return mask;
  }

  /** The number of a key in the arena, or -1 where it is not remembered. */
  find(at: number, length: number): number {
    if (length > longest) return -1;
    let place = hash(bytes, at, length) % tableSize;
    for (;;) {
      const index = (this.table[place] as number) - 1;
      if (index < 0) break;
      if (equal(this.keys[index] as Uint8Array, at, length)) return index;
      place = (place + 1) % tableSize;
    }
    if (this.keys.length === most) return -1;
    const key = Uint8Array.from(bytes.subarray(at, at + length));
    this.table[place] = this.keys.push(key);
    this.texts.push(utf8(key));
    return this.masks.push(this.maskOf(key)) - 1;
  }

  /** What is said of a key that has a number. */
  maskAt(index: number): number {
    return this.masks[index] as number;
  }

  textAt(index: number): string {
    return this.texts[index] as string;
  }
}

function utf8(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8');
}

function hash(b: Uint8Array, at: number, length: number): number {
  let value = length;
  for (let p = at; p < at + length; p++) value = (Math.imul(value, 31) + (b[p] as number)) | 0;
  return (value ^ (value >>> 15)) & 0x7fffffff;
}

function equal(key: Uint8Array, at: number, length: number): boolean {
  if (key.length !== length) return false;
  for (let i = 0; i < length; i++) if (key[i] !== bytes[at + i]) return false;
  return true;
}
