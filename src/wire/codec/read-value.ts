import { maxDepth } from '../structure.ts';
import { keys, smallInts, values, type Reader } from './reader.ts';
import { maxTabled } from './string-table.ts';
import { Attributes, RawValue, type AnyValue } from './values.ts';

type PlainValue = Exclude<AnyValue, RawValue>;

const bothFields = 0b110; // of KeyValue
const listField = 0b10; // of ArrayValue and KeyValueList
const members = 0b11111110; // of AnyValue

/** Reads a length-delimited `KeyValue` and appends it. */
export function readAttribute(r: Reader, into: Attributes): void {
  if (readPlainAttribute(r, into)) return;
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

/**
 * Reads a `KeyValue` of the common shape: a short key and a value, in either order, with lengths of one byte. False, and
 * nothing read, where it is another.
 */
function readPlainAttribute(r: Reader, into: Attributes): boolean {
  const { bytes, pos } = r;
  const end = pos + 1 + (bytes[pos] as number);
  if (end > r.end || (bytes[pos] as number) > 127 || r.depth > maxDepth - 2) return false;
  const first = pos + 3;
  const second = first + (bytes[pos + 2] as number) + 2;
  if (second > end || (bytes[second - 1] as number) !== end - second) return false;
  let key: string;
  let value: AnyValue;
  if (bytes[pos + 1] === 10 && bytes[second - 2] === 18) {
    const length = second - 2 - first;
    if (length === 0 || length > maxTabled) return false;
    key = keys.get(bytes, r.words, first, length);
    value = plainValue(r, second, end);
  } else if (bytes[pos + 1] === 18 && bytes[second - 2] === 10) {
    const length = end - second;
    if (length === 0 || length > maxTabled) return false;
    key = keys.get(bytes, r.words, second, length);
    value = plainValue(r, first, second - 2);
  } else return false;
  r.pos = end;
  into.append(key, value);
  return true;
}

function plainValue(r: Reader, start: number, end: number): AnyValue {
  const { bytes } = r;
  const length = end - start - 2;
  const head = bytes[start + 1] as number;
  if (length >= 0 && bytes[start] === 10 && head === length) {
    if (length === 0) return '';
    return length > maxTabled ? bytes.utf8Slice(start + 2, end) : values.get(bytes, r.words, start + 2, length);
  }
  if (length === 0 && bytes[start] === 24 && head < 128) return smallInts[head] as bigint;
  const outer = r.end;
  r.pos = start - 1;
  r.end = end;
  r.depth += 1;
  const value = readValue(r, undefined);
  r.depth -= 1;
  r.end = outer;
  return value;
}

/** Reads a length-delimited `AnyValue`. `before` is what an earlier field of the same number said; lists add up, else the later counts. */
export function readValue(r: Reader, before: AnyValue | undefined): AnyValue {
  const outer = r.enter();
  const value = readContent(r);
  r.leave(outer);
  return before === undefined ? value : merged(before, value);
}

/** Reads the content of an `AnyValue`, up to the end of the message that is being read. */
export function readContent(r: Reader): AnyValue {
  const start = r.pos;
  if (start === r.end) return null;
  const outerForeign = r.foreign;
  r.foreign = false;
  let value: AnyValue = readMember(r, r.tag(), start);
  if (r.pos < r.end || r.foreign) value = readSeveral(r, value, start);
  r.foreign = outerForeign;
  return value;
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
