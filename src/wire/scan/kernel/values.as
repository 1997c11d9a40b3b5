import { add, clear, countOf, KEY_END, KEY_START, LIST_SIZE, ROW_SIZE, rowsOf, VALUE_END, VALUE_START } from './attributes';
import { putBase64 } from './bytes';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  put,
  putWord,
  QUOTE,
} from './characters';
import { putSigned } from './digits';
import { putDouble } from './doubles';
import { enter, length, readTag, readVarint, seek, skip, tag, value } from './fields';
import { copy, ensure, input, written } from './memory';
import { closeAt } from './numbers';
import { isRepeated } from './repeated';
import { putString } from './text';

// Tags of the members of an AnyValue.
const TEXT: u32 = 10;
const BOOL: u32 = 16;
const INT: u32 = 24;
const DOUBLE: u32 = 33;
const ARRAY: u32 = 42;
const LIST: u32 = 50;
const BYTES: u32 = 58;

const TRUE: u32 = 0x65757274;
const FALSE: u32 = 0x736c6166;
const NULL: u32 = 0x6c6c756e;

// Moves behind the tag of the member of an AnyValue that counts, the last one; 0 where nothing is set. The tag is `kind`.
let kind: u32 = 0;
export function enterValue(p: usize, end: usize): usize {
  let found: usize = 0;
  kind = 0;
  while (p < end) {
    const from = readTag(p);
    const current = tag;
    p = skip(from, current & 7, end);
    if (current < 8 || current > 63) continue;
    kind = current;
    found = from;
  }
  return found;
}

// Which member is set, by field number; 0 for none.
export function kindOf(p: usize, end: usize): u32 {
  enterValue(p, end);
  return kind >>> 3;
}

// Appends the AnyValue from `p` to `end` as plain JSON: integers with all their digits, bytes as base64, key-value lists as
// objects, `null` where nothing is set, doubles that JSON does not know as strings.
export function putValue(p: usize, end: usize, depth: usize): void {
  // Text and nothing else is what most values are.
  if (load<u8>(p) == TEXT && <usize>load<u8>(p + 1) == end - p - 2) putString(p + 2, end);
  else putOther(enterValue(p, end), end, depth);
}

function putOther(p: usize, end: usize, depth: usize): void {
  ensure(8);
  switch (kind) {
    case TEXT:
      p = enter(p, end);
      return putString(p, p + length);
    case BOOL:
      readVarint(p);
      return putTruth(value != 0);
    case INT:
      readVarint(p);
      return putSigned(<i64>value);
    case DOUBLE:
      return putDouble(load<f64>(p));
    case ARRAY:
      p = enter(p, end);
      return putArray(p, p + length, depth);
    case LIST:
      p = enter(p, end);
      return putList(p, p + length, depth);
    case BYTES:
      put(QUOTE);
      p = enter(p, end);
      putBase64(p, p + length);
      ensure(1);
      return put(QUOTE);
    default:
      putWord(NULL, 4);
  }
}

export function putTruth(truth: bool): void {
  ensure(8);
  if (truth) return putWord(TRUE, 4);
  putWord(FALSE, 4);
  put(0x65);
}

// Appends an AnyValue as text: a string as it is, bytes as base64, nothing where nothing is set, everything else as its JSON.
export function putText(p: usize, end: usize): void {
  p = enterValue(p, end);
  if (kind == TEXT) {
    p = enter(p, end);
    putBytes(p, length);
  } else if (kind == BYTES) {
    p = enter(p, end);
    putBase64(p, p + length);
  } else if (kind != 0) putOther(p, end, 0);
}

function putArray(p: usize, end: usize, depth: usize): void {
  const mark = written();
  while ((p = seek(p, end, 0x0a)) != 0) {
    const stop = p + length;
    ensure(1);
    put(COMMA);
    putValue(p, stop, depth);
    p = stop;
  }
  closeAt(mark, OPEN_BRACKET, CLOSE_BRACKET);
}

// Of nested key-value lists, one per depth.
const DEPTHS: usize = 128;
const LISTS: usize = memory.data(2560, 16);

function putList(p: usize, end: usize, depth: usize): void {
  if (depth == DEPTHS) unreachable();
  const list = LISTS + LIST_SIZE * depth;
  clear(list);
  while ((p = seek(p, end, 0x0a)) != 0) {
    const stop = p + length;
    add(list, p, stop);
    p = stop;
  }
  const mark = written();
  putAttributes(list, depth + 1);
  closeAt(mark, OPEN_BRACE, CLOSE_BRACE);
}

// Appends `,"key":value` for each attribute; of a key that occurs twice, the first counts. `depth` is how many lists
// this one stands in.
export function putAttributes(list: usize, depth: usize): void {
  const rows = rowsOf(list);
  const count = countOf(list);
  // A bit for each key that was there, of 64: where it is new, no key is compared.
  let seen: u64 = 0;
  for (let i: usize = 0; i < count; i++) {
    const row = rows + ROW_SIZE * i;
    const key = input + <usize>load<u32>(row, KEY_START);
    const keyEnd = input + <usize>load<u32>(row, KEY_END);
    const bit = bitOf(key, keyEnd);
    if ((seen & bit) != 0 && isRepeated(list, i)) continue;
    seen |= bit;
    ensure(1);
    put(COMMA);
    putString(key, keyEnd);
    ensure(8);
    put(COLON);
    const start = load<i32>(row, VALUE_START);
    if (start < 0) putWord(NULL, 4);
    else putValue(input + <usize>start, input + <usize>load<u32>(row, VALUE_END), depth);
  }
}

// @ts-ignore: decorator
@inline
function bitOf(key: usize, end: usize): u64 {
  if (key == end) return 1;
  return 1 << ((<u64>(end - key) * 7 + <u64>load<u8>(key) * 3 + <u64>load<u8>(end - 1)) & 63);
}

// Appends bytes as they are.
export function putBytes(p: usize, size: usize): void {
  ensure(size);
  copy(p, size);
}
