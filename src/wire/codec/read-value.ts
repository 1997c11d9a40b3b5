import type { Reader } from './reader.ts';
import { Attributes, RawValue, type AnyValue } from './values.ts';

type PlainValue = Exclude<AnyValue, RawValue>;

const bothFields = 0b110; // of KeyValue
const listField = 0b10; // of ArrayValue and KeyValueList
const members = 0b11111110; // of AnyValue

/** Reads a length-delimited `KeyValue` and appends it. */
export function readAttribute(r: Reader, into: Attributes): void {
  const outer = r.enter();
  let key = '';
  let value: AnyValue | undefined;
  let unknown: Uint8Array | undefined;
  while (r.pos < r.end) {
    const start = r.pos;
    const tag = r.tag();
    if (tag === 10) key = r.key();
    else if (tag === 18) value = readValue(r, value);
    else unknown = r.unknown(tag, start, bothFields, unknown);
  }
  r.leave(outer);
  into.append(key, value, unknown);
}

/** Reads a length-delimited `AnyValue`. `before` is what an earlier field of the same number said; lists add up, else the later counts. */
export function readValue(r: Reader, before: AnyValue | undefined): AnyValue {
  const outer = r.enter();
  const start = r.pos;
  let value: AnyValue = null;
  if (start < r.end) {
    const outerForeign = r.foreign;
    r.foreign = false;
    value = readMember(r, r.tag(), start);
    if (r.pos < r.end || r.foreign) value = readSeveral(r, value, start);
    r.foreign = outerForeign;
  }
  r.leave(outer);
  return before === undefined ? value : merged(before, value);
}

function readMember(r: Reader, tag: number, start: number): PlainValue {
  switch (tag) {
    case 10:
      return r.string();
    case 16:
      return r.bool();
    case 24:
      return r.int64();
    case 33:
      return r.double();
    case 42:
      return readArray(r);
    case 50:
      return readList(r);
    case 58:
      return r.blob();
    default:
      r.skip(tag, start, members);
      r.foreign = true;
      return null;
  }
}

/** The rest of an `AnyValue` that has more than one member, or some that this release does not know. */
function readSeveral(r: Reader, first: PlainValue, start: number): RawValue {
  let value: PlainValue = first;
  while (r.pos < r.end) {
    const at = r.pos;
    value = merged(value, readMember(r, r.tag(), at)) as PlainValue;
  }
  return new RawValue(r.view(start), value);
}

function merged(before: AnyValue, value: AnyValue): AnyValue {
  if (value === null) return before;
  if (Array.isArray(before) && Array.isArray(value)) for (const element of value) before.push(element);
  else if (before instanceof Attributes && value instanceof Attributes) {
    for (let i = 0; i < value.size; i++) before.append(value.keyAt(i), value.valueAt(i), value.unknownAt(i));
  } else return value;
  return before;
}

function readArray(r: Reader): AnyValue[] {
  const outer = r.enter();
  const array: AnyValue[] = [];
  while (r.pos < r.end) {
    const start = r.pos;
    const tag = r.tag();
    if (tag === 10) array.push(readValue(r, undefined));
    else {
      r.skip(tag, start, listField);
      r.foreign = true;
    }
  }
  r.leave(outer);
  return array;
}

function readList(r: Reader): Attributes {
  const outer = r.enter();
  const list = new Attributes();
  while (r.pos < r.end) {
    const start = r.pos;
    const tag = r.tag();
    if (tag === 10) readAttribute(r, list);
    else {
      r.skip(tag, start, listField);
      r.foreign = true;
    }
  }
  r.leave(outer);
  return list;
}
