import type { AttributeKey } from './attribute-key.ts';
import type { ScanMemory } from './scan-memory.ts';

// In words, as src/wire/scan/kernel/messages.as and attributes.as have them.
const [rowsAt, countAt] = [2, 4];

/** Where the attributes of one message stand, in order and with duplicates: four words each. */
export class AttributeTable {
  private readonly memory: ScanMemory;
  /** Where the kernel has the message. */
  message = 0;

  constructor(memory: ScanMemory) {
    this.memory = memory;
  }

  get count(): number {
    return this.memory.words[(this.message >>> 2) + countAt]!;
  }

  keyStart(index: number): number {
    return this.memory.words[this.rows + 4 * index]!;
  }

  keyEnd(index: number): number {
    return this.memory.words[this.rows + 4 * index + 1]!;
  }

  /** Where the encoded AnyValue begins; -1 where the sender wrote a key and no value. */
  valueStart(index: number): number {
    return this.memory.words[this.rows + 4 * index + 2]!;
  }

  valueEnd(index: number): number {
    return this.memory.words[this.rows + 4 * index + 3]!;
  }

  /** The first attribute of this key, or -1. */
  find({ bytes, first, last }: AttributeKey): number {
    const { count, rows } = this;
    const { length } = bytes;
    const { input, inputView, words } = this.memory;
    for (let i = 0, row = rows; i < count; i++, row += 4) {
      const start = words[row]!;
      if (words[row + 1]! - start !== length) continue;
      if (length < 4) {
        let p = 0;
        while (p < length && input[start + p] === bytes[p]) p++;
        if (p === length) return i;
      } else if (
        inputView.getInt32(start, true) === first &&
        inputView.getInt32(start + length - 4, true) === last &&
        sameBytes(input, start, bytes)
      )
        return i;
    }
    return -1;
  }

  /** Whether an earlier attribute has the key of this one. */
  isRepeated(index: number): boolean {
    return this.memory.kernel.repeated(this.message, index) !== 0;
  }

  private get rows(): number {
    return this.memory.words[(this.message >>> 2) + rowsAt]! >>> 2;
  }
}

function sameBytes(input: Uint8Array, start: number, bytes: Uint8Array): boolean {
  for (let p = 4; p < bytes.length - 4; p++) if (input[start + p] !== bytes[p]) return false;
  return true;
}
