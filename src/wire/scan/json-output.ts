import { closeBrace, openBrace, quote } from '../json/characters.ts';
import { putHex } from '../json/put-bytes.ts';
import { putSigned } from '../json/put-digits.ts';
import { putString } from '../json/put-string.ts';
import { readVarint } from '../json/read-wire.ts';
import { ensure } from '../json/transfer.ts';
import type { AttributeTable } from './attribute-table.ts';
import type { JsonName } from './json-name.ts';
import type { Message } from './message.ts';
import { closeAt, putAttributes, putValue } from './put-value.ts';
import { TextOutput } from './text-output.ts';
import { parts, putTime, split } from './time.ts';

/**
 * JSON that is being written about an encoded message. An object is `const mark = open()`, its members, `close(mark)`; a member is
 * `member(name)` and one value. Each member writes a comma in front of it, and `close` makes a brace of the first one.
 */
export class JsonOutput extends TextOutput {
  /** Begins an object; what it returns belongs to `close`. */
  open(): number {
    return this.transfer.at;
  }

  close(mark: number): void {
    closeAt(this.transfer, mark, openBrace, closeBrace);
  }

  member({ bytes }: JsonName): void {
    this.raw(bytes);
  }

  /** UTF-8 of the message as a JSON string. */
  jsonString(start: number, end: number): void {
    this.transfer.pos = start;
    putString(this.transfer, end);
  }

  jsonText(text: string): void {
    this.utf8(JSON.stringify(text));
  }

  /** An AnyValue as plain JSON: integers with all their digits, bytes as base64, key-value lists as objects. */
  jsonValue(start: number, end: number): void {
    putValue(this.transfer, start, end);
  }

  /** Bytes of the message as a string of hex digits. */
  jsonHex(start: number, end: number): void {
    this.transfer.pos = start;
    putHex(this.transfer, end);
  }

  /** A varint field as a number; 0 where it is absent. */
  jsonInt(message: Message, field: number): void {
    const s = this.transfer;
    ensure(s, 24);
    s.lo = s.hi = 0;
    if (message.has(field)) {
      s.pos = message.start(field);
      readVarint(s);
    }
    putSigned(s);
  }

  /** A `fixed64` of nanoseconds since the epoch as `"2026-01-02T03:04:05.123456789Z"`. */
  jsonTime(message: Message, field: number): void {
    const s = this.transfer;
    if (message.has(field)) split(s.inputView, message.start(field));
    else parts.seconds = parts.nanos = 0;
    this.byte(quote);
    putTime(s, parts.seconds, parts.nanos);
    s.out[s.at++] = quote;
  }

  /** A `fixed64` field as a number with all its digits; 0 where it is absent. */
  jsonNanos(message: Message, field: number): void {
    if (message.has(field)) this.digits(message.start(field), false);
    else this.byte(0x30);
  }

  /** `,"key":value` for each attribute; of a key that occurs twice, the first counts. */
  jsonAttributes(table: AttributeTable): void {
    putAttributes(this.transfer, table);
  }
}
