import { bytes } from './arena.ts';

/** Different keys that are remembered; beyond that each key is matched anew. */
const most = 4096;
const tableSize = 4 * most;
/** Longer keys are matched anew each time. */
const longest = 128;

/** Patterns on attribute keys. Telemetry has few different keys, so the verdict on each is remembered. */
export class KeyPatterns {
  private readonly patterns: readonly RegExp[];
  /** Open addressing: position in `masks` plus one. */
  private readonly table = new Int16Array(tableSize);
  private readonly masks: number[] = [];
  private readonly keys: Uint8Array[] = [];

  /** At most 31 patterns: a verdict is a bit each. */
  constructor(patterns: readonly RegExp[]) {
    this.patterns = patterns;
  }

  /** Which patterns match a key, as bits in their order. */
  maskOf(key: Uint8Array): number {
    const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8');
    let mask = 0;
    for (const [bit, pattern] of this.patterns.entries()) if (pattern.test(text)) mask |= 1 << bit;
    return mask;
  }

  /** The same for a key in the arena. */
  find(at: number, length: number): number {
    if (length > longest) return this.maskOf(bytes.subarray(at, at + length));
    let place = hash(bytes, at, length) % tableSize;
    for (;;) {
      const index = (this.table[place] as number) - 1;
      if (index < 0) break;
      if (equal(this.keys[index] as Uint8Array, at, length)) return this.masks[index] as number;
      place = (place + 1) % tableSize;
    }
    const key = bytes.subarray(at, at + length);
    const mask = this.maskOf(key);
    if (this.keys.length < most) {
      this.keys.push(Uint8Array.from(key));
      this.table[place] = this.masks.push(mask);
    }
    return mask;
  }
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
