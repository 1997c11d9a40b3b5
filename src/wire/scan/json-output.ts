import type { AttributeTable } from './attribute-table.ts';
import type { JsonName } from './json-name.ts';
import type { JsonShape } from './json-shape.ts';
import type { Message } from './message.ts';
import { numberKinds, type NumberKind } from './number-kind.ts';
import { TextOutput } from './text-output.ts';

const openBrace = 0x7b;
const closeBrace = 0x7d;
const zero = 0x30;

/** What rows have in one column. */
export interface WrittenColumn {
  /** Each value that there is behind its size in four bytes, the lowest first. */
  readonly encoded: Buffer;
  readonly present: number;
  readonly isPresent: (row: number) => boolean;
}

/**
 * JSON that is being written about an encoded message. An object is `const mark = open()`, its members, `close(mark)`; a member is
 * `member(name)` and one value. Each member writes a comma in front of it, and `close` makes a brace of the first one.
 */
export class JsonOutput extends TextOutput {
  /** Begins an object; what it returns belongs to `close`. */
  open(): number {
    return this.memory.at;
  }

  close(mark: number): void {
    const { memory } = this;
    memory.ensure(2);
    if (memory.at === mark) memory.at++;
    memory.output[mark] = openBrace;
    memory.output[memory.at++] = closeBrace;
  }

  member({ bytes }: JsonName): void {
    this.raw(bytes);
  }

  /** Members that tell of a message as the shape has it, all at once. */
  jsonMembers(shape: JsonShape, message: Message): void {
    const { memory } = this;
    memory.at = memory.kernel.members(memory.at, memory.addressOf(shape), message.address);
  }

  /** Appends the values of a shape, one behind the other, as the row of this number; of one shape at a time, from 0 on. */
  writeRow(shape: JsonShape, message: Message, row: number): void {
    const { memory } = this;
    memory.at = memory.kernel.row(memory.at, memory.addressOf(shape), message.address, row);
  }

  /** The values at place `index` of the shape in the rows before, while those are in the output. Good until the next write. */
  column(shape: JsonShape, index: number, rows: number): WrittenColumn {
    const { memory } = this;
    const present = memory.kernel.column(memory.at, memory.addressOf(shape), index, rows);
    const bounds = (memory.kernel.rowBounds() >>> 2) + 2 * index;
    const stride = 2 * shape.members.length;
    return {
      encoded: this.bytes(memory.at, memory.kernel.end()),
      present,
      isPresent: (row) => memory.words[bounds + row * stride]! >= 0,
    };
  }

  /** UTF-8 of the message as a JSON string. */
  jsonString(start: number, end: number): void {
    const { memory } = this;
    memory.at = memory.kernel.string(memory.at, start, end);
  }

  jsonText(text: string): void {
    this.utf8(JSON.stringify(text));
  }

  /** An AnyValue as plain JSON: integers with all their digits, bytes as base64, key-value lists as objects. */
  jsonValue(start: number, end: number): void {
    const { memory } = this;
    memory.at = memory.kernel.jsonValue(memory.at, start, end);
  }

  /** Bytes of the message as a string of hex digits. */
  jsonHex(start: number, end: number): void {
    const { memory } = this;
    memory.at = memory.kernel.hex(memory.at, start, end);
  }

  /** A varint field as a number; 0 where it is absent. */
  jsonInt(message: Message, field: number): void {
    this.jsonNumber(message, field, 'int64');
  }

  /** A `fixed64` of nanoseconds since the epoch as `"2026-01-02T03:04:05.123456789Z"`. */
  jsonTime(message: Message, field: number): void {
    const { memory } = this;
    memory.at = memory.kernel.time(memory.at, message.start(field));
  }

  /** A `fixed64` field as a number with all its digits; 0 where it is absent. */
  jsonNanos(message: Message, field: number): void {
    this.jsonNumber(message, field, 'fixed64');
  }

  /** A number with all its digits, `"NaN"`, `"Infinity"` or `"-Infinity"`; 0 where the field is absent. */
  jsonNumber(message: Message, field: number, kind: NumberKind): void {
    const { memory } = this;
    const start = message.start(field);
    if (start < 0) this.byte(zero);
    else memory.at = memory.kernel.number(memory.at, start, numberKinds[kind]);
  }

  /** A list of numbers, packed or not. */
  jsonNumbers(message: Message, field: number, kind: NumberKind): void {
    const { memory } = this;
    memory.at = memory.kernel.numbers(memory.at, message.from, message.to, field, numberKinds[kind]);
  }

  /** `,"key":value` for each attribute; of a key that occurs twice, the first counts. */
  jsonAttributes(table: AttributeTable): void {
    const { memory } = this;
    memory.at = memory.kernel.attributes(memory.at, table.message);
  }
}
