import type { FieldKind } from '../schema.ts';
import { quote } from './characters.ts';
import type { Emit } from './labels.ts';
import { putBase64, putHex } from './put-bytes.ts';
import { putSigned, putUnsigned } from './put-digits.ts';
import { putString } from './put-string.ts';
import { readEnd, readVarint } from './read-wire.ts';
import type { Transfer } from './transfer.ts';

/** How every kind of value gets from the wire to JSON; messages are the caller's. */
export const emitters: Readonly<Record<Exclude<FieldKind, 'message'>, Emit>> = {
  string: emitString,
  bytes: (s) => delimited(s, putBase64),
  hex: (s) => delimited(s, putHex),
  bool: emitBool,
  uint32: (s) => {
    readVarint(s);
    s.hi = 0;
    return putNumber(s, putUnsigned);
  },
  int64: emitInt64,
  uint64: (s) => {
    readVarint(s);
    return putQuoted(s, putUnsigned);
  },
  sint32: (s) => {
    readVarint(s);
    s.lo = (s.lo >>> 1) ^ -(s.lo & 1);
    s.hi = s.lo >> 31;
    return putNumber(s, putSigned);
  },
  fixed32: (s) => {
    s.lo = s.inputView.getInt32(s.pos, true);
    s.hi = 0;
    s.pos += 4;
    return putNumber(s, putUnsigned);
  },
  fixed64: emitFixed64,
  sfixed64: (s) => {
    readFixed64(s);
    return putQuoted(s, putSigned);
  },
  enum: (s) => {
    readVarint(s);
    s.hi = s.lo >> 31;
    return putNumber(s, putSigned);
  },
  double: emitDouble,
};

// The three kinds that most values have are written out, so that V8 can inline what they call.
function emitString(s: Transfer): boolean {
  const end = readEnd(s, s.end);
  const empty = s.pos === end;
  putString(s, end);
  return empty;
}

function emitInt64(s: Transfer): boolean {
  readVarint(s);
  const absent = (s.lo | s.hi) === 0;
  s.out[s.at++] = quote;
  putSigned(s);
  s.out[s.at++] = quote;
  return absent;
}

function emitFixed64(s: Transfer): boolean {
  readFixed64(s);
  const absent = (s.lo | s.hi) === 0;
  s.out[s.at++] = quote;
  putUnsigned(s);
  s.out[s.at++] = quote;
  return absent;
}

function delimited(s: Transfer, put: (s: Transfer, end: number) => void): boolean {
  const end = readEnd(s, s.end);
  const empty = s.pos === end;
  put(s, end);
  return empty;
}

function readFixed64(s: Transfer): void {
  s.lo = s.inputView.getInt32(s.pos, true);
  s.hi = s.inputView.getInt32(s.pos + 4, true);
  s.pos += 8;
}

function putNumber(s: Transfer, put: (s: Transfer) => void): boolean {
  const absent = (s.lo | s.hi) === 0;
  put(s);
  return absent;
}

/** 64-bit integers are strings, because many readers of JSON would round them. */
function putQuoted(s: Transfer, put: (s: Transfer) => void): boolean {
  s.out[s.at++] = quote;
  const absent = putNumber(s, put);
  s.out[s.at++] = quote;
  return absent;
}

function emitBool(s: Transfer): boolean {
  readVarint(s);
  const value = (s.lo | s.hi) !== 0;
  putText(s, value ? 'true' : 'false');
  return !value;
}

function emitDouble(s: Transfer): boolean {
  const value = s.inputView.getFloat64(s.pos, true);
  s.pos += 8;
  if (Number.isFinite(value)) putText(s, Object.is(value, -0) ? '-0' : String(value));
  else putText(s, `"${value}"`);
  return Object.is(value, 0);
}

function putText(s: Transfer, text: string): void {
  for (let i = 0; i < text.length; i++) s.out[s.at++] = text.charCodeAt(i);
}
