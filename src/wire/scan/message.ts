import { AttributeTable } from './attribute-table.ts';
import type { ScanMemory } from './scan-memory.ts';

// In words, as src/wire/scan/kernel/messages.as has them.
const [fromAt, toAt, startsAt, endsAt] = [0, 1, 8, 40];

/** Where the fields of one message stand, by field number. Of a field that occurs several times, the last one counts. */
export class Message {
  private readonly memory: ScanMemory;
  private word = 0;
  readonly attributes: AttributeTable;

  /** One of the messages that each scan has, or else a new one. */
  constructor(memory: ScanMemory, index?: number) {
    this.memory = memory;
    this.attributes = new AttributeTable(memory);
    memory.place(this, index);
  }

  /** Where the kernel has it. */
  get address(): number {
    return this.word << 2;
  }

  set address(address: number) {
    this.word = address >>> 2;
    this.attributes.message = address;
  }

  /** Where the whole message begins. */
  get from(): number {
    return this.memory.words[this.word + fromAt]!;
  }

  get to(): number {
    return this.memory.words[this.word + toAt]!;
  }

  has(field: number): boolean {
    return this.memory.words[this.word + startsAt + field]! >= 0;
  }

  /** Where the value begins, behind its tag and length; -1 where the field is absent. */
  start(field: number): number {
    return this.memory.words[this.word + startsAt + field]!;
  }

  end(field: number): number {
    return this.memory.words[this.word + endsAt + field]!;
  }

  /** Looks at the message from `start` to `end`; the attributes stand in field `attributesField`. */
  read(start: number, end: number, attributesField: number): void {
    this.memory.kernel.read(this.address, start, end, attributesField * 8 + 2);
  }
}
