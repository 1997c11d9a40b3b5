import { sizeOfVarint } from './arena.ts';
import type { KeyPatterns } from './key-patterns.ts';
import { textAt } from './text.ts';

/** Attributes whose keys only a pattern knows, per message; a message with more of them is decoded. */
const mostDynamic = 128;

/** What to do with a field of a message, in `Frame.watch`. The id of the register stands in the low four bits. */
export const watch = { nothing: 0, number: 0x10, text: 0x20, value: 0x30, status: 0x40, nested: 0x50 } as const;

export interface FrameOptions {
  /** Keys that steps or conditions name. */
  readonly keys: readonly Uint8Array[];
  /** Where in the arena each key begins, its tag and length before it. */
  readonly headAt: readonly number[];
  readonly patterns: KeyPatterns | undefined;
  /** Tag and action of each field that is looked at; the register is the position in this list. */
  readonly fields: readonly (readonly [tag: number, action: number])[];
  /** Registers of fields that code may change. */
  readonly writable: readonly number[];
  /** Tags of fields with messages that code looks at as well. */
  readonly nested: readonly number[];
  /** How many attributes steps may add to one message, at most. */
  readonly additions: number;
}

/**
 * What is known about the message at hand: a resource, a scope, a metric or a record. All places are offsets in the arena.
 *
 * A slot is an attribute that some step or condition is about; an entry is a place where an attribute stands or is added.
 * Steps change slots and entries only; bytes are written once, when all of them ran. Slots, entries and keys are rows of
 * four or eight numbers: hot loops then go through one array each.
 */
export class Frame {
  /**
   * Four a slot: the entry it stands in, -1 where the attribute is absent; where its encoded AnyValue begins, -1 where it has
   * none, and ends; where an encoded field with just this key and value begins (it ends with the value), or -1.
   */
  readonly slots: Int32Array;
  /**
   * Eight a slot: where `0a length key` begins and ends; length, first and last four bytes of the key; next slot of that length; patterns as bits;
   * for the slot of a field its tag, else 0. A slot that a pattern found has its key's number in place of the first bytes.
   */
  readonly keys: Int32Array;
  /**
   * Four an entry: where it begins and ends in the message, for those that stand there; its slot, -1 where it is removed;
   * 1 where it is changed. In the order in which they are written; those of the message first, then added ones.
   */
  readonly entries: Int32Array;
  /** Four a field that is looked at: a number; where a text or value begins, -1 where it is not written, and ends; its slot or -1. */
  readonly fields: Int32Array;
  /** Where messages further in begin and end, in turn. */
  readonly nested: number[] = [];
  entryCount = 0;
  /** Entries that stand in the message. */
  found = 0;
  /** Where the last attribute of the message ends; -1 where it has none. */
  lastAttribute = -1;

  /** Slots in use: one per named key and per field that may change, then those that patterns found. */
  slotCount: number;
  readonly named: number;
  private readonly names: readonly string[];
  readonly patterns: KeyPatterns | undefined;
  private readonly mostSlots: number;
  /** The first slot with a key of this length; -1 for none. */
  readonly firstOfLength: Int32Array;

  /** By tag below 128: see `watch`. */
  readonly watch = new Uint8Array(128);
  private readonly fieldCount: number;

  /** The message says something in a way that the kernel does not read: it has to be decoded. */
  odd = false;
  /** Some entry differs from the message's bytes. */
  changed = false;

  constructor(options: FrameOptions) {
    const { keys, patterns, fields, writable } = options;
    this.names = keys.map((key) => Buffer.from(key).toString());
    this.named = keys.length + writable.length;
    this.slotCount = this.named;
    this.mostSlots = this.named + (patterns === undefined ? 0 : mostDynamic);
    this.patterns = patterns;
    this.slots = new Int32Array(4 * this.mostSlots).fill(-1);
    this.keys = new Int32Array(8 * this.mostSlots);
    this.entries = new Int32Array(4 * (this.mostSlots + options.additions));
    this.fieldCount = fields.length;
    this.fields = new Int32Array(4 * fields.length);
    this.firstOfLength = new Int32Array(Math.max(0, ...keys.map((key) => key.length)) + 1).fill(-1);
    for (const [slot, key] of keys.entries()) {
      const head = options.headAt[slot] as number;
      this.keys.set([head, head + headSize(key.length), key.length, ...words(key)], 8 * slot);
      this.keys[8 * slot + 5] = this.firstOfLength[key.length] as number;
      this.keys[8 * slot + 6] = patterns?.maskOf(key) ?? 0;
      this.firstOfLength[key.length] = slot;
    }
    for (const [register, [tag, action]] of fields.entries()) {
      this.watch[tag] = action | register;
      const order = writable.indexOf(register);
      this.fields[4 * register + 3] = order < 0 ? -1 : keys.length + order;
      if (order >= 0) this.keys[8 * (keys.length + order) + 7] = tag;
    }
    for (const tag of options.nested) this.watch[tag] = watch.nested;
  }

  /** Forgets the message before. */
  reset(): void {
    const { slots, fields } = this;
    for (let slot = 4 * this.slotCount - 4; slot >= 0; slot -= 4) {
      slots[slot] = -1;
      slots[slot + 1] = -1;
    }
    for (let field = 4 * this.fieldCount - 4; field >= 0; field -= 4) {
      fields[field] = 0;
      fields[field + 1] = -1;
      fields[field + 2] = -1;
    }
    this.slotCount = this.named;
    this.entryCount = 0;
    this.found = 0;
    this.lastAttribute = -1;
    if (this.nested.length > 0) this.nested.length = 0;
    this.odd = false;
    this.changed = false;
  }

  isPresent(slot: number): boolean {
    return (this.slots[4 * slot] as number) >= 0;
  }

  valueAt(slot: number): number {
    return this.slots[4 * slot + 1] as number;
  }

  valueEnd(slot: number): number {
    return this.slots[4 * slot + 2] as number;
  }

  /** Which key patterns match the key of a slot, as bits. */
  patternsOf(slot: number): number {
    return this.keys[8 * slot + 6] as number;
  }

  /** The key of a slot. */
  keyOf(slot: number): string {
    if (slot < this.named) return this.names[slot] as string;
    const index = this.keys[8 * slot + 3] as number;
    if (index >= 0) return (this.patterns as KeyPatterns).textAt(index);
    const end = this.keys[8 * slot + 1] as number;
    return textAt(end - (this.keys[8 * slot + 2] as number), end);
  }

  /** The slot of the attribute that stands at an entry; -1 where it was removed, or a field stands there. */
  attributeAt(entry: number): number {
    const slot = this.entries[4 * entry + 2] as number;
    return slot >= 0 && this.keys[8 * slot + 7] === 0 ? slot : -1;
  }

  /** Takes note of an attribute of the message, or of a field that may change. One that is there already makes the message odd. */
  enter(slot: number, at: number, end: number, valueAt: number, valueEnd: number): void {
    const { slots, entries } = this;
    if ((slots[4 * slot] as number) >= 0) {
      this.odd = true;
      return;
    }
    const entry = this.entryCount++;
    this.found = entry + 1;
    entries[4 * entry] = at;
    entries[4 * entry + 1] = end;
    entries[4 * entry + 2] = slot;
    entries[4 * entry + 3] = 0;
    slots[4 * slot] = entry;
    slots[4 * slot + 1] = valueAt;
    slots[4 * slot + 2] = valueEnd;
  }

  /**
   * A slot for a key that only a pattern knows: `head` to `headEnd` in the input, tag and length included; `index` is its
   * number there. -1 where there is no room.
   */
  claim(head: number, headEnd: number, keyLength: number, mask: number, index: number): number {
    if (this.slotCount === this.mostSlots) {
      this.odd = true;
      return -1;
    }
    const slot = this.slotCount++;
    const { keys } = this;
    const row = 8 * slot;
    keys[row] = head;
    keys[row + 1] = headEnd;
    keys[row + 2] = keyLength;
    keys[row + 3] = index;
    keys[row + 6] = mask;
    this.slots[4 * slot] = -1;
    return slot;
  }

  /** Gives an attribute a value: at its place where it is present, at the end where it is not. */
  set(slot: number, valueAt: number, valueEnd: number, fieldAt: number): void {
    const { slots, entries } = this;
    let entry = slots[4 * slot] as number;
    if (entry < 0) {
      entry = this.entryCount++;
      entries[4 * entry + 2] = slot;
      slots[4 * slot] = entry;
    }
    entries[4 * entry + 3] = 1;
    slots[4 * slot + 1] = valueAt;
    slots[4 * slot + 2] = valueEnd;
    slots[4 * slot + 3] = fieldAt;
    this.changed = true;
  }

  remove(slot: number): void {
    const { slots, entries } = this;
    const entry = slots[4 * slot] as number;
    if (entry < 0) return;
    entries[4 * entry + 2] = -1;
    entries[4 * entry + 3] = 1;
    slots[4 * slot] = -1;
    slots[4 * slot + 1] = -1;
    this.changed = true;
  }

  /** Gives the attribute of one slot the key of another, at its place. */
  move(from: number, to: number): void {
    const { slots, entries } = this;
    const entry = slots[4 * from] as number;
    if (entry < 0 || from === to) return;
    this.remove(to);
    entries[4 * entry + 2] = to;
    entries[4 * entry + 3] = 1;
    slots[4 * to] = entry;
    slots[4 * to + 1] = slots[4 * from + 1] as number;
    slots[4 * to + 2] = slots[4 * from + 2] as number;
    slots[4 * to + 3] = -1;
    slots[4 * from] = -1;
    slots[4 * from + 1] = -1;
    this.changed = true;
  }
}

/** The first and last four bytes of a key, to compare at a glance; 0 for shorter keys. */
function words(key: Uint8Array): [number, number] {
  if (key.length < 4) return [0, 0];
  const view = new DataView(key.buffer, key.byteOffset, key.length);
  return [view.getInt32(0, true), view.getInt32(key.length - 4, true)];
}

/** Bytes of a key with its tag and length. */
export function headSize(keyLength: number): number {
  return 1 + sizeOfVarint(keyLength) + keyLength;
}
