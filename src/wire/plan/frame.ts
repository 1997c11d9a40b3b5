import type { KeyPatterns } from './key-patterns.ts';

/** Attributes whose keys only a pattern knows, per message; a message with more of them is decoded. */
const mostDynamic = 128;

/** What to do with a field of a message, in `Frame.watch`. The id of the register stands in the low four bits. */
export const watch = { nothing: 0, number: 0x10, text: 0x20, value: 0x30, status: 0x40 } as const;

export interface FrameOptions {
  /** Keys that steps or conditions name. */
  readonly keys: readonly Uint8Array[];
  /** Where in the arena each key begins, its tag and length before it. */
  readonly headAt: readonly number[];
  readonly patterns: KeyPatterns | undefined;
  /** Tag and action of each field that conditions look at; the register is the position in this list. */
  readonly fields: readonly (readonly [tag: number, action: number])[];
  /** How many attributes steps may add to one message, at most. */
  readonly additions: number;
}

/**
 * What is known about the message at hand: a resource, a scope, a metric or a record. All places are offsets in the arena.
 *
 * A slot is an attribute that some step or condition is about; an entry is a place where an attribute stands or is added.
 * Steps change slots and entries only; bytes are written once, when all of them ran.
 */
export class Frame {
  readonly keys: readonly Uint8Array[];
  /** Per slot: `0a length key`. */
  readonly headAt: Int32Array;
  readonly headEnd: Int32Array;
  readonly keyLength: Int32Array;
  /** Per slot: the entry it stands in, or -1 where the attribute is absent. */
  readonly entryOf: Int32Array;
  /** Per slot: its encoded AnyValue, or -1 where the attribute has none. */
  readonly valueAt: Int32Array;
  readonly valueEnd: Int32Array;
  /** Per slot: where an encoded field with just this key and value begins (it ends with the value), or -1. */
  readonly fieldAt: Int32Array;
  /** Per slot: 1 where the bytes of its entry do not say what it is now. */
  readonly dirty: Uint8Array;
  /** Per slot: which key patterns match, as bits. */
  readonly patternsOf: Int32Array;

  /** Entries in the order in which they are written; those of the message first, then added ones. */
  readonly entryAt: Int32Array;
  readonly entryEnd: Int32Array;
  readonly entrySlot: Int32Array;
  entries = 0;
  /** Entries that stand in the message. */
  found = 0;
  /** Where the last attribute of the message ends; -1 where it has none. */
  lastAttribute = -1;

  /** Slots in use: one per named key, then those that patterns found. */
  slots = 0;
  readonly named: number;
  readonly patterns: KeyPatterns | undefined;
  readonly mostSlots: number;
  /** The first slot with a key of this length, and the next one after a slot; -1 ends. */
  readonly firstOfLength: Int32Array;
  readonly nextOfLength: Int32Array;
  /** The first and last four bytes of the keys of named slots; 0 for shorter keys. */
  readonly firstWord: Int32Array;
  readonly lastWord: Int32Array;

  /** By tag below 128: see `watch`. */
  readonly watch = new Uint8Array(128);
  readonly fields: number;
  readonly numbers: Int32Array;
  readonly textAt: Int32Array;
  readonly textEnd: Int32Array;

  /** The message says something in a way that the kernel does not read: it has to be decoded. */
  odd = false;
  /** Some entry differs from the message's bytes. */
  changed = false;
  /** Where made values may begin once this message is done with. */
  mark = 0;

  constructor(options: FrameOptions) {
    const named = options.keys.length;
    const slots = named + (options.patterns === undefined ? 0 : mostDynamic);
    const entries = slots + options.additions;
    this.keys = options.keys;
    this.named = named;
    this.mostSlots = slots;
    this.patterns = options.patterns;
    this.headAt = Int32Array.from({ length: slots }, (_, slot) => options.headAt[slot] ?? 0);
    this.headEnd = new Int32Array(slots);
    this.keyLength = new Int32Array(slots);
    this.entryOf = new Int32Array(slots).fill(-1);
    this.valueAt = new Int32Array(slots);
    this.valueEnd = new Int32Array(slots);
    this.fieldAt = new Int32Array(slots);
    this.dirty = new Uint8Array(slots);
    this.patternsOf = new Int32Array(slots);
    this.entryAt = new Int32Array(entries);
    this.entryEnd = new Int32Array(entries);
    this.entrySlot = new Int32Array(entries);
    this.firstOfLength = new Int32Array(Math.max(0, ...options.keys.map((key) => key.length)) + 1).fill(-1);
    this.nextOfLength = new Int32Array(named).fill(-1);
    this.firstWord = Int32Array.from(options.keys, (key) => (key.length < 4 ? 0 : Buffer.from(key).readInt32LE(0)));
    this.lastWord = Int32Array.from(options.keys, (key) =>
      key.length < 4 ? 0 : Buffer.from(key).readInt32LE(key.length - 4),
    );
    this.fields = options.fields.length;
    this.numbers = new Int32Array(this.fields);
    this.textAt = new Int32Array(this.fields);
    this.textEnd = new Int32Array(this.fields);
    for (const [slot, key] of options.keys.entries()) {
      this.headEnd[slot] = (this.headAt[slot] as number) + headSize(key.length);
      this.keyLength[slot] = key.length;
      this.nextOfLength[slot] = this.firstOfLength[key.length] as number;
      this.firstOfLength[key.length] = slot;
      this.patternsOf[slot] = options.patterns?.maskOf(key) ?? 0;
    }
    for (const [register, [tag, action]] of options.fields.entries()) this.watch[tag] = action | register;
  }

  /** Forgets the message before. */
  reset(): void {
    const { entryOf, valueAt, dirty, slots } = this;
    for (let slot = 0; slot < slots; slot++) {
      entryOf[slot] = -1;
      valueAt[slot] = -1;
      dirty[slot] = 0;
    }
    for (let register = 0; register < this.fields; register++) {
      this.numbers[register] = 0;
      this.textAt[register] = -1;
      this.textEnd[register] = -1;
    }
    this.slots = this.named;
    this.entries = 0;
    this.found = 0;
    this.lastAttribute = -1;
    this.odd = false;
    this.changed = false;
  }

  /** Takes note of an attribute of the message. One that is there already makes the message odd. */
  enter(slot: number, at: number, end: number, valueAt: number, valueEnd: number): void {
    if ((this.entryOf[slot] as number) >= 0) {
      this.odd = true;
      return;
    }
    const entry = this.entries++;
    this.found = entry + 1;
    this.entryAt[entry] = at;
    this.entryEnd[entry] = end;
    this.entrySlot[entry] = slot;
    this.entryOf[slot] = entry;
    this.valueAt[slot] = valueAt;
    this.valueEnd[slot] = valueEnd;
  }

  /** A slot for a key that only a pattern knows: `head` to `headEnd` in the input, with its tag and length. -1 where there is no room. */
  claim(head: number, headEnd: number, keyLength: number, mask: number): number {
    if (this.slots === this.mostSlots) {
      this.odd = true;
      return -1;
    }
    const slot = this.slots++;
    this.headAt[slot] = head;
    this.headEnd[slot] = headEnd;
    this.keyLength[slot] = keyLength;
    this.patternsOf[slot] = mask;
    this.entryOf[slot] = -1;
    this.dirty[slot] = 0;
    return slot;
  }

  /** Gives an attribute a value: at its place where it is present, at the end where it is not. */
  set(slot: number, valueAt: number, valueEnd: number, fieldAt: number): void {
    if ((this.entryOf[slot] as number) < 0) {
      const entry = this.entries++;
      this.entryOf[slot] = entry;
      this.entrySlot[entry] = slot;
    }
    this.valueAt[slot] = valueAt;
    this.valueEnd[slot] = valueEnd;
    this.fieldAt[slot] = fieldAt;
    this.dirty[slot] = 1;
    this.changed = true;
  }

  remove(slot: number): void {
    const entry = this.entryOf[slot] as number;
    if (entry < 0) return;
    this.entrySlot[entry] = -1;
    this.entryOf[slot] = -1;
    this.valueAt[slot] = -1;
    this.changed = true;
  }

  /** Gives the attribute of one slot the key of another, at its place. */
  move(from: number, to: number): void {
    const entry = this.entryOf[from] as number;
    if (entry < 0 || from === to) return;
    this.remove(to);
    this.entrySlot[entry] = to;
    this.entryOf[to] = entry;
    this.valueAt[to] = this.valueAt[from] as number;
    this.valueEnd[to] = this.valueEnd[from] as number;
    this.fieldAt[to] = -1;
    this.dirty[to] = 1;
    this.entryOf[from] = -1;
    this.valueAt[from] = -1;
    this.changed = true;
  }
}

/** Bytes of a key with its tag and length. */
export function headSize(keyLength: number): number {
  return keyLength < 128 ? 2 + keyLength : keyLength < 16384 ? 3 + keyLength : 4 + keyLength;
}
