import { putHex } from './bytes';
import { CLOSE_BRACE, CLOSE_BRACKET, COMMA, MINUS, OPEN_BRACE, OPEN_BRACKET, put, putWord, QUOTE, ZERO } from './characters';
import { putSigned, putUnsigned } from './digits';
import { putDouble } from './doubles';
import { length, readVarint, seek, value } from './fields';
import { copy, ensure, written } from './memory';
import { ATTRIBUTES, endOf, fromOf, has, readMessage, startOf, toOf } from './messages';
import { closeAt, putNumber, putNumbers } from './numbers';
import { putString } from './text';
import { putTime } from './time';
import { kindOf, putAttributes, putBytes, putText, putTruth, putValue } from './values';

// A shape: which members are written of a message, in order. src/wire/scan/shape-layout.ts lays it out.
const COUNT: usize = 0; // u32: of members
const ATTRIBUTES_TAG: usize = 4; // u32
const MESSAGE: usize = 8; // u32: for reading messages of this shape that stand in another
const HEADER: usize = 16;

// A member of it.
const KIND: usize = 0; // u8
const FLAGS: usize = 1; // u8
const FIELD: usize = 2; // u16: the number of the field
const NAME: usize = 4; // u32: the name as `,"name":`, which may be read a vector past its end
const NAME_SIZE: usize = 8; // u32
const DETAIL: usize = 12; // u32: the shape, the names, the text or the kind of number
const SIZE: usize = 16;

// Written also where it is absent.
const ALWAYS: u32 = 1;
// Written only where the member in front of it was not.
const INSTEAD: u32 = 2;
// Of names: written also for negative numbers.
const SIGNED: u32 = 4;

const STRING: u32 = 0;
const HEX: u32 = 1;
const TIME: u32 = 2;
const VALUE: u32 = 3;
const ATTRIBUTE_MEMBERS: u32 = 4;
const NUMBER: u32 = 5;
const NUMBERS: u32 = 6;
const COUNTER: u32 = 7;
const NAMES: u32 = 8;
const BOOLEAN: u32 = 9;
const CONSTANT: u32 = 10;
const OBJECTS: u32 = 11;
const INSIDE: u32 = 12;
const ELAPSED: u32 = 13;
const TEXT: u32 = 14;

const NULL: u32 = 0x6c6c756e;
const EMPTY_STRING: u32 = 0x2222;
const EMPTY_ARRAY: u32 = 0x5d5b;

// Appends the members of a message.
export function putMembers(shape: usize, message: usize): void {
  const end = shape + HEADER + SIZE * countOf(shape);
  let before = false;
  for (let member = shape + HEADER; member < end; member += SIZE) {
    const flags: u32 = load<u8>(member, FLAGS);
    if ((flags & INSTEAD) != 0 && before) continue;
    const field = <usize>load<u16>(member, FIELD);
    before = putMember(member, message, field, has(message, field), flags);
  }
}

// Appends the values of a message's members without names, and notes where each begins and ends, or -1. Hex has no quotes.
export function putValues(shape: usize, message: usize, bounds: usize): void {
  const end = shape + HEADER + SIZE * countOf(shape);
  for (let member = shape + HEADER; member < end; member += SIZE, bounds += 8) {
    const start = <i32>written();
    const field = <usize>load<u16>(member, FIELD);
    const some = putMember(member, message, field, has(message, field), load<u8>(member, FLAGS));
    const margin = <i32>(load<u8>(member, KIND) == HEX);
    store<i32>(bounds, some ? start + margin : -1);
    store<i32>(bounds, some ? <i32>written() - margin : -1, 4);
  }
}

// @ts-ignore: decorator
@inline
export function countOf(shape: usize): usize {
  return <usize>load<u32>(shape, COUNT);
}

// @ts-ignore: decorator
@inline
function detail(member: usize): usize {
  return <usize>load<u32>(member, DETAIL);
}

// @ts-ignore: decorator
@inline
function putName(member: usize): void {
  const size = <usize>load<u32>(member, NAME_SIZE);
  // What most values take stands on top.
  ensure(size + 64);
  copy(<usize>load<u32>(member, NAME), size);
}

// False where nothing is written.
function putMember(member: usize, message: usize, field: usize, present: bool, flags: u32): bool {
  const start = startOf(message, field);
  const end = endOf(message, field);
  switch (<u32>load<u8>(member, KIND)) {
    case STRING:
      if (!present || start == end) return putNothing(member, flags, EMPTY_STRING);
      putName(member);
      putString(start, end);
      return true;
    case HEX:
      if (!present || start == end) return putNothing(member, flags, EMPTY_STRING);
      putName(member);
      putHex(start, end);
      return true;
    case TIME:
      if (timeOf(message, field) == 0) return false;
      putName(member);
      putTime(load<u64>(start));
      return true;
    case VALUE:
      putName(member);
      if (present) putValue(start, end, 0);
      else putWord(NULL, 4);
      return true;
    case ATTRIBUTE_MEMBERS:
      putName(member);
      putObject(message + ATTRIBUTES);
      return true;
    case NUMBER:
      if (!present && (flags & ALWAYS) == 0) return false;
      putName(member);
      if (present) putNumber(start, <u32>detail(member));
      else put(ZERO);
      return true;
    case NUMBERS:
      putName(member);
      putNumbers(fromOf(message), toOf(message), <u32>field, <u32>detail(member));
      return true;
    default:
      return putRare(member, message, field, present, flags);
  }
}

// What stands for nothing, two characters, where it is always written.
function putNothing(member: usize, flags: u32, nothing: u32): bool {
  if ((flags & ALWAYS) == 0) return false;
  putName(member);
  putWord(nothing, 2);
  return true;
}

function putObject(list: usize): void {
  const mark = written();
  putAttributes(list, 0);
  closeAt(mark, OPEN_BRACE, CLOSE_BRACE);
}

// Varints, and what holds others.
function putRare(member: usize, message: usize, field: usize, present: bool, flags: u32): bool {
  const kind: u32 = load<u8>(member, KIND);
  let number: i64 = 0;
  if (present && kind <= BOOLEAN) {
    readVarint(startOf(message, field));
    number = <i64>value;
  }
  switch (kind) {
    case COUNTER:
      if (number <= 0) return false;
      putName(member);
      putSigned(number);
      return true;
    case NAMES:
      if (number <= 0 && (number == 0 || (flags & SIGNED) == 0) && (flags & ALWAYS) == 0) return false;
      putName(member);
      putOneOf(detail(member), number, (flags & ALWAYS) != 0);
      return true;
    case BOOLEAN:
      putName(member);
      putTruth(number > 0);
      return true;
    case CONSTANT:
      putName(member);
      return true;
    case OBJECTS:
      if (!present) return putNothing(member, flags, EMPTY_ARRAY);
      putName(member);
      putObjects(detail(member), fromOf(message), toOf(message), <u32>field);
      return true;
    case TEXT:
      if (!present || kindOf(startOf(message, field), endOf(message, field)) == 0) return false;
      putName(member);
      putText(startOf(message, field), endOf(message, field));
      return true;
    case ELAPSED:
      if (timeOf(message, field) == 0) return false;
      putName(member);
      putElapsed(timeOf(message, detail(member)), timeOf(message, field));
      return true;
    default:
      if (present) putInner(detail(member), startOf(message, field), endOf(message, field));
      return present;
  }
}

function timeOf(message: usize, field: usize): u64 {
  return has(message, field) ? load<u64>(startOf(message, field)) : 0;
}

function putElapsed(from: u64, to: u64): void {
  if (from > to) put(MINUS);
  putUnsigned(from > to ? from - to : to - from);
}

// One of a list: their count, then where each is and its size. Of a number beyond them the first, or the number itself as a string.
function putOneOf(list: usize, number: i64, first: bool): void {
  const known = <u64>number < <u64>load<u32>(list);
  if (known || first) {
    const entry = list + 4 + (known ? <usize>number * 8 : 0);
    return putBytes(<usize>load<u32>(entry), <usize>load<u32>(entry, 4));
  }
  put(QUOTE);
  putDouble(<f64>number);
  ensure(1);
  put(QUOTE);
}

// The members of a message within the message.
function putInner(shape: usize, start: usize, end: usize): void {
  const message = <usize>load<u32>(shape, MESSAGE);
  readMessage(message, start, end, load<u32>(shape, ATTRIBUTES_TAG));
  putMembers(shape, message);
}

function putObjects(shape: usize, p: usize, end: usize, field: u32): void {
  const mark = written();
  while ((p = seek(p, end, field * 8 + 2)) != 0) {
    const stop = p + length;
    ensure(1);
    put(COMMA);
    const object = written();
    putInner(shape, p, stop);
    closeAt(object, OPEN_BRACE, CLOSE_BRACE);
    p = stop;
  }
  closeAt(mark, OPEN_BRACKET, CLOSE_BRACKET);
}
