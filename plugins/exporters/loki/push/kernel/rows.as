// Combinations of what labels vary with, found by their bytes, and the stream of each.
import { Varying, VARYING } from './attributes';
import { ByteMap } from './byte-map';
import { copy } from './copy';
import { LEVEL, SECOND, wants } from './options';
import { beginGroup, endGroup, Group, putOwnPair } from './pairs';
import { key, ROW_MAP, rows, transfer, usedStreams, varying } from './places';
import { push } from './push-number';
import { severityNumber, severityText, severityTextEnd } from './record';
import { scopeKey } from './scope';

// The number of the stream for the record at the place, whose time is in milliseconds. Pairs that it has for structured
// metadata are left in the transfer: two words with the sizes of name and value, the name, the value. `row` is where this is
// kept.
// @ts-ignore: decorator
@external("env", "resolve")
declare function resolve(row: u32, timeMs: f64): u32;

// What a severity number stands for is one of six levels; behind this, there is a text instead.
const NO_LEVEL: u8 = 0xff;
const ABSENT: u32 = 0xffffffff;

@unmanaged
export class Row extends Group {
  stream: u32;
  // The push that had it last, and its records there.
  push: u32;
  records: u32;
  // Some of its labels are pairs instead, for this push: the next one asks again.
  isDemoted: u32;
}

export const ROW = <u32>offsetof<Row>();
export const map = changetype<ByteMap>(ROW_MAP);

// The row of the record that is looked at.
export function rowOf(time: u64): Row {
  const size = composeKey(time);
  const found = map.find(key.at, size);
  if (found >= 0) {
    const row = changetype<Row>(rows.at + found * ROW);
    if (row.push == push) return row;
    if (row.isDemoted == 0) return used(row);
  }
  const number = found >= 0 ? found : <u32>(rows.used / ROW);
  transfer.used = 0;
  const stream = resolve(number, <f64>(time / 1_000_000));
  if (found < 0) {
    map.add(key.at, size, number);
    rows.append(ROW);
  }
  const row = changetype<Row>(rows.at + number * ROW);
  row.stream = stream;
  row.count = 0;
  row.isDemoted = <u32>(transfer.used > 0);
  if (row.isDemoted != 0) collectDemoted(row);
  return used(row);
}

// Begins the counts of a row for this push.
function used(row: Row): Row {
  row.push = push;
  row.records = 0;
  store<u32>(usedStreams.append(4), row.stream);
  return row;
}

function composeKey(time: u64): usize {
  key.used = 0;
  store<u32>(key.append(4), scopeKey);
  if (wants(LEVEL)) putLevel();
  if (wants(SECOND)) store<u64>(key.append(8), time / 1_000_000_000);
  const end = varying.end;
  for (let at = varying.at; at < end; at += VARYING) {
    const value = changetype<Varying>(at);
    if (value.value == 0) store<u32>(key.append(4), ABSENT);
    else putBytes(value.value, value.valueEnd - value.value);
  }
  return key.used;
}

function putLevel(): void {
  if (severityNumber >= 1 && severityNumber <= 24) store<u8>(key.append(1), <u8>((severityNumber - 1) >> 2));
  else {
    store<u8>(key.append(1), NO_LEVEL);
    putBytes(severityText, severityTextEnd - severityText);
  }
}

function putBytes(start: usize, size: usize): void {
  const at = key.append(4 + size);
  store<u32>(at, size);
  copy(at + 4, start, size);
}

function collectDemoted(row: Row): void {
  const from = beginGroup();
  const end = transfer.end;
  for (let at = transfer.at; at < end;) {
    const name = at + 8;
    const value = name + load<u32>(at);
    at = value + load<u32>(at, 4);
    putOwnPair(name, value - name, value, at - value);
  }
  endGroup(from, row);
}
