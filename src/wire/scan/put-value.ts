import { closeBrace, closeBracket, colon, comma, openBrace, openBracket } from '../json/characters.ts';
import { emitBool, emitDouble } from '../json/emit-values.ts';
import { putBase64 } from '../json/put-bytes.ts';
import { putSigned } from '../json/put-digits.ts';
import { putString } from '../json/put-string.ts';
import { readEnd, readTag, readVarint, skipWire } from '../json/read-wire.ts';
import { ensure, type Transfer } from '../json/transfer.ts';
import { AttributeTable } from './attribute-table.ts';

/** Tags of the members of an AnyValue. */
export const member = { string: 10, bool: 16, int: 24, double: 33, array: 42, list: 50, bytes: 58 } as const;

/** Room for a number and what stands around it. */
const slack = 64;

/** Moves behind the tag of the member of an AnyValue that counts, the last one, and returns the tag; 0 where nothing is set. */
export function enterValue(s: Transfer, start: number, end: number): number {
  s.pos = start;
  let found = 0;
  let at = start;
  while (s.pos < end) {
    const tag = readTag(s);
    const from = s.pos;
    skipWire(s, tag & 7, end);
    if (tag > 7 && tag < 64) {
      found = tag;
      at = from;
    }
  }
  s.pos = at;
  return found;
}

/**
 * Appends the AnyValue from `start` to `end` as plain JSON: integers with all their digits, bytes as base64, key-value lists as
 * objects, `null` where nothing is set, doubles that JSON does not know as text.
 */
export function putValue(s: Transfer, start: number, end: number): void {
  // Text and nothing else is what most values are.
  if (s.input[start] === member.string && s.input[start + 1] === end - start - 2) {
    s.pos = start + 2;
    putString(s, end);
    return;
  }
  const tag = enterValue(s, start, end);
  ensure(s, slack);
  switch (tag) {
    case member.string:
      putString(s, readEnd(s, end));
      break;
    case member.bool:
      emitBool(s);
      break;
    case member.int:
      readVarint(s);
      putSigned(s);
      break;
    case member.double:
      emitDouble(s);
      break;
    case member.array:
      putArray(s, readEnd(s, end));
      break;
    case member.list:
      putList(s, readEnd(s, end));
      break;
    case member.bytes:
      putBase64(s, readEnd(s, end));
      break;
    default:
      for (const byte of nothing) s.out[s.at++] = byte;
  }
  s.pos = end;
}

const nothing = Buffer.from('null');

function putArray(s: Transfer, end: number): void {
  const mark = s.at;
  while (s.pos < end) {
    const tag = readTag(s);
    if (tag !== 10) {
      skipWire(s, tag & 7, end);
      continue;
    }
    const stop = readEnd(s, end);
    ensure(s, slack);
    s.out[s.at++] = comma;
    putValue(s, s.pos, stop);
  }
  closeAt(s, mark, openBracket, closeBracket);
}

/** Of nested key-value lists, one per depth. */
const tables: AttributeTable[] = [];
let depth = 0;
let owner: Transfer | undefined;

function putList(s: Transfer, end: number): void {
  if (owner !== s) {
    tables.length = 0;
    owner = s;
  }
  const table = (tables[depth] ??= new AttributeTable(s));
  table.count = 0;
  while (s.pos < end) {
    const tag = readTag(s);
    if (tag !== 10) {
      skipWire(s, tag & 7, end);
      continue;
    }
    const stop = readEnd(s, end);
    table.add(s.pos, stop);
    s.pos = stop;
  }
  const mark = s.at;
  depth++;
  try {
    putAttributes(s, table);
  } finally {
    depth--;
  }
  closeAt(s, mark, openBrace, closeBrace);
}

/** Appends `,"key":value` for each attribute; of a key that occurs twice, the first counts. */
export function putAttributes(s: Transfer, table: AttributeTable): void {
  for (let i = 0; i < table.count; i++) {
    if (table.isRepeated(i)) continue;
    ensure(s, slack);
    s.out[s.at++] = comma;
    s.pos = table.keyStart(i);
    putString(s, table.keyEnd(i));
    ensure(s, slack);
    s.out[s.at++] = colon;
    const start = table.valueStart(i);
    putValue(s, Math.max(0, start), start < 0 ? 0 : table.valueEnd(i));
  }
}

/** Everything since `mark` was written behind commas: the first of them becomes the opening character. */
export function closeAt(s: Transfer, mark: number, open: number, close: number): void {
  ensure(s, slack);
  if (s.at === mark) s.at++;
  s.out[mark] = open;
  s.out[s.at++] = close;
}
