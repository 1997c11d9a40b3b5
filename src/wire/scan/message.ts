import { readEnd, readTag, skipWire } from '../json/read-wire.ts';
import type { Transfer } from '../json/transfer.ts';
import { AttributeTable } from './attribute-table.ts';

/** Field numbers that OTLP uses are below this. */
const maxFields = 32;

/** Where the fields of one message stand, by field number. Of a field that occurs several times, the last one counts. */
export class Message {
  private readonly transfer: Transfer;
  private readonly starts = new Int32Array(maxFields).fill(-1);
  private readonly ends = new Int32Array(maxFields);
  readonly attributes: AttributeTable;
  /** Where the whole message begins and ends. */
  from = 0;
  to = 0;

  constructor(transfer: Transfer) {
    this.transfer = transfer;
    this.attributes = new AttributeTable(transfer);
  }

  has(field: number): boolean {
    return this.starts[field]! >= 0;
  }

  /** Where the value begins, behind its tag and length; -1 where the field is absent. */
  start(field: number): number {
    return this.starts[field]!;
  }

  end(field: number): number {
    return this.ends[field]!;
  }

  /** Forgets the message before. */
  clear(): void {
    this.starts.fill(-1);
    this.attributes.count = 0;
    this.from = this.to = 0;
  }

  /** Looks at the message from `start` to `end`; the attributes stand in field `attributesField`. */
  read(start: number, end: number, attributesField: number): void {
    const s = this.transfer;
    const { input } = s;
    const { starts, ends, attributes } = this;
    const attributesTag = attributesField * 8 + 2;
    starts.fill(-1);
    attributes.count = 0;
    this.from = start;
    this.to = end;
    let p = start;
    while (p < end) {
      let tag = input[p++]!;
      if (tag > 127) {
        s.pos = p - 1;
        tag = readTag(s);
        p = s.pos;
      }
      const wireType = tag & 7;
      let from = p;
      if (wireType === 2) {
        let length = input[p++]!;
        if (length > 127) {
          s.pos = p - 1;
          length = readEnd(s, end) - s.pos;
          p = s.pos;
        }
        from = p;
        p += length;
        if (tag === attributesTag) {
          attributes.add(from, p);
          continue;
        }
      } else {
        s.pos = p;
        skipWire(s, wireType, end);
        p = s.pos;
      }
      const number = tag >>> 3;
      if (number < maxFields) {
        starts[number] = from;
        ends[number] = p;
      }
    }
  }
}
