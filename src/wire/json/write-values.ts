import { MalformedError } from '../batch.ts';
import { lowerF, lowerT, quote } from './characters.ts';
import type { Member, Write } from './members.ts';
import { copyBase64, copyHex } from './read-bytes.ts';
import { readDouble } from './read-double.ts';
import { asSigned32, asSigned64, asUnsigned32, asUnsigned64, readInteger } from './read-integer.ts';
import { copyString } from './read-string.ts';
import { readText } from './read-text.ts';
import { skipWord } from './space.ts';
import { expected, type Transfer } from './transfer.ts';
import { putLength, putVarint } from './varint.ts';
import type { FieldKind } from '../schema.ts';

/** How every kind of value gets from JSON to the wire; messages are the caller's. */
export const writers: Readonly<Record<Exclude<FieldKind, 'message'>, Write>> = {
  string: writeString,
  bytes: (s) => withLength(s, copyBase64),
  hex: (s) => withLength(s, copyHex),
  bool: writeBool,
  uint32: (s) => writeInteger(s, asUnsigned32, putNumber),
  int64: writeInt64,
  uint64: (s) => writeInteger(s, asUnsigned64, putNumber),
  sint32: (s) => writeInteger(s, asSigned32, putZigZag),
  fixed32: (s) => writeInteger(s, asUnsigned32, putFixed32),
  fixed64: writeFixed64,
  sfixed64: (s) => writeInteger(s, asSigned64, putFixed64),
  enum: writeEnum,
  double: writeDouble,
};

// The three kinds that most values have are written out, so that V8 can inline what they call.
function writeString(s: Transfer): boolean {
  const start = s.at;
  s.at++;
  copyString(s);
  putLength(s, start, 1);
  return s.at === start + 1;
}

function writeInt64(s: Transfer): boolean {
  const start = s.pos;
  readInteger(s);
  asSigned64(s, start);
  putVarint(s, s.hi, s.lo);
  return (s.lo | s.hi) === 0;
}

function writeFixed64(s: Transfer): boolean {
  const start = s.pos;
  readInteger(s);
  asUnsigned64(s, start);
  putFixed64(s);
  return (s.lo | s.hi) === 0;
}

function withLength(s: Transfer, copy: (s: Transfer) => void): boolean {
  const start = s.at;
  s.at++;
  copy(s);
  putLength(s, start, 1);
  return s.at === start + 1;
}

function writeInteger(s: Transfer, check: (s: Transfer, start: number) => void, put: (s: Transfer) => void): boolean {
  const start = s.pos;
  readInteger(s);
  check(s, start);
  put(s);
  return (s.lo | s.hi) === 0;
}

function putNumber(s: Transfer): void {
  putVarint(s, s.hi, s.lo);
}

function putZigZag(s: Transfer): void {
  putVarint(s, 0, (s.lo << 1) ^ (s.lo >> 31));
}

function putFixed32(s: Transfer): void {
  s.outView.setInt32(s.at, s.lo, true);
  s.at += 4;
}

function putFixed64(s: Transfer): void {
  s.outView.setInt32(s.at, s.lo, true);
  s.outView.setInt32(s.at + 4, s.hi, true);
  s.at += 8;
}

function writeBool(s: Transfer): boolean {
  const byte = s.input[s.pos];
  if (byte === lowerT) skipWord(s, 'true');
  else if (byte === lowerF) skipWord(s, 'false');
  else throw expected(s, 'true or false', s.pos);
  s.out[s.at++] = Number(byte === lowerT);
  return byte === lowerF;
}

function writeDouble(s: Transfer): boolean {
  const value = readDouble(s);
  s.outView.setFloat64(s.at, value, true);
  s.at += 8;
  return Object.is(value, 0);
}

function writeEnum(s: Transfer, member: Member): boolean {
  if (s.input[s.pos] !== quote) return writeInteger(s, asSigned32, putNumber);
  const start = s.pos;
  const number = member.numbers!.get(readText(s, 'a name'));
  if (number === undefined) throw new MalformedError('an enum name that OTLP does not have', start);
  putVarint(s, 0, number);
  return number === 0;
}
