import { MalformedError } from '../batch.ts';
import type { Transfer } from './transfer.ts';

/** Reads the tag at `pos`: field number times eight plus wire type. */
export function readTag(s: Transfer): number {
  const byte = s.input[s.pos]!;
  if (byte < 128) {
    s.pos++;
    return byte;
  }
  const start = s.pos;
  readVarint(s);
  if (s.hi !== 0) throw new MalformedError('a field number beyond 2^29', start);
  return s.lo >>> 0;
}

/** Reads a varint into `hi` and `lo`. */
export function readVarint(s: Transfer): void {
  const { input } = s;
  let pos = s.pos;
  let lo = 0;
  let hi = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = input[pos++]!;
    const bits = byte & 127;
    if (shift < 28) lo |= bits << shift;
    else if (shift === 28) {
      lo |= bits << 28;
      hi = bits >> 4;
    } else hi |= bits << (shift - 32);
    if (byte < 128) {
      s.pos = pos;
      s.lo = lo;
      s.hi = hi;
      return;
    }
  }
  throw new MalformedError('a number of more than 10 bytes', s.pos);
}

/** Reads a length and returns where what it counts ends, which is not after `end`. */
export function readEnd(s: Transfer, end: number): number {
  let length = s.input[s.pos]!;
  if (length < 128) s.pos++;
  else {
    readVarint(s);
    length = s.hi === 0 ? s.lo >>> 0 : Infinity;
  }
  if (length > end - s.pos)
    throw new MalformedError(`a length of ${length} where ${end - s.pos} bytes are left`, s.pos);
  return s.pos + length;
}

/** Passes over a value of the given wire type that ends not after `end`. */
export function skipWire(s: Transfer, wireType: number, end: number): void {
  if (wireType === 2) s.pos = readEnd(s, end);
  else if (wireType === 0) {
    if (s.input[s.pos]! < 128) s.pos++;
    else readVarint(s);
  } else if (wireType === 1) s.pos += 8;
  else if (wireType === 5) s.pos += 4;
  else throw new MalformedError(`wire type ${wireType}`, s.pos);
  if (s.pos > end) throw new MalformedError('a value cut short', end);
}
