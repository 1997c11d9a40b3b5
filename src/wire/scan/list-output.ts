import { closeBracket, comma, openBracket } from '../json/characters.ts';
import { emitDouble } from '../json/emit-values.ts';
import { putSigned, putUnsigned } from '../json/put-digits.ts';
import { readEnd, readTag, readVarint, skipWire } from '../json/read-wire.ts';
import { ensure, type Transfer } from '../json/transfer.ts';
import { JsonOutput } from './json-output.ts';
import { Message } from './message.ts';

/** How a number is encoded. */
export type NumberKind = 'double' | 'fixed64' | 'sfixed64' | 'uint64' | 'sint32';

/** Room for one number and what stands around it. */
const slack = 64;

/** Numbers of all kinds, and fields that occur several times, of which a {@link Message} tells the last one only. */
export class ListOutput extends JsonOutput {
  /** For messages within the current record: one after the other can be read with it. */
  child(): Message {
    return new Message(this.transfer);
  }

  /** Calls `visit` with where each value of a field begins and ends, in order; of fields with a length only. */
  each(message: Message, field: number, visit: (start: number, end: number) => void): void {
    const s = this.transfer;
    for (let p = message.from; p < message.to;) {
      s.pos = p;
      const tag = readTag(s);
      if (tag === field * 8 + 2) {
        const end = readEnd(s, message.to);
        p = end;
        visit(s.pos, end);
      } else {
        skipWire(s, tag & 7, message.to);
        p = s.pos;
      }
    }
  }

  /** A number with all its digits, `"NaN"`, `"Infinity"` or `"-Infinity"`; 0 where the field is absent. */
  jsonNumber(message: Message, field: number, kind: NumberKind): void {
    const s = this.transfer;
    if (!message.has(field)) {
      this.byte(0x30);
      return;
    }
    s.pos = message.start(field);
    putNumber(s, kind);
  }

  /** A list of numbers, packed or not. */
  jsonNumbers(message: Message, field: number, kind: NumberKind): void {
    const s = this.transfer;
    const mark = s.at;
    const wireType = kind === 'uint64' || kind === 'sint32' ? 0 : 1;
    for (let p = message.from; p < message.to; p = s.pos) {
      s.pos = p;
      const tag = readTag(s);
      if (tag === field * 8 + 2) {
        const end = readEnd(s, message.to);
        while (s.pos < end) putElement(s, kind);
      } else if (tag === field * 8 + wireType) putElement(s, kind);
      else skipWire(s, tag & 7, message.to);
    }
    ensure(s, slack);
    if (s.at === mark) s.at++;
    s.out[mark] = openBracket;
    s.out[s.at++] = closeBracket;
  }
}

function putElement(s: Transfer, kind: NumberKind): void {
  ensure(s, slack);
  s.out[s.at++] = comma;
  putNumber(s, kind);
}

/** Appends the number at `pos` and moves behind it. */
function putNumber(s: Transfer, kind: NumberKind): void {
  ensure(s, slack);
  if (kind === 'double') emitDouble(s);
  else if (kind === 'uint64') {
    readVarint(s);
    putUnsigned(s);
  } else if (kind === 'sint32') {
    readVarint(s);
    s.lo = (s.lo >>> 1) ^ -(s.lo & 1);
    s.hi = s.lo >> 31;
    putSigned(s);
  } else {
    s.lo = s.inputView.getInt32(s.pos, true);
    s.hi = s.inputView.getInt32(s.pos + 4, true);
    s.pos += 8;
    if (kind === 'fixed64') putUnsigned(s);
    else putSigned(s);
  }
}
