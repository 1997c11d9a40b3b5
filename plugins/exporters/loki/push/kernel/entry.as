// One log record, as an entry of its stream.
import { putFixed } from './digits';
import { beginEntry, endEntry, learn, putPhrase } from './draft';
import { areZeros, putHex } from './hex';
import { beginLines, findLine, passLine, putLine } from './line';
import * as names from './names';
import { EVENT_NAME, OBSERVED_TIMESTAMP, RECORD, TRACE, wants } from './options';
import { admits, beginPairsOfEntry, putGroup, putHead, putPair, writeHead } from './pairs';
import { bytes } from './places';
import {
  eventName,
  eventNameEnd,
  hasTime,
  observedTime,
  readRecord,
  spanId,
  spanIdEnd,
  time,
  traceId,
  traceIdEnd,
} from './record';
import { rowOf } from './rows';
import { enterRecord, putAround } from './scope';
import { putSeverity } from './severity';
import { slotFor } from './streams';
import { text, textSize, unsignedText } from './text';
import { putAttributes } from './values';
import { putVarint } from './wire';

const TIMESTAMP_TAG: u8 = 0x0a;
const SECONDS_TAG: u8 = 0x08;
const NANOS_TAG: u8 = 0x10;
const SECOND: u64 = 1_000_000_000;
// Between these, seconds are a word and have ten digits.
const FIRST_OF_TEN: u64 = 1_000_000_000_000_000_000;
const LAST_OF_TEN: u64 = 4_294_967_295_999_999_999;

export let tooOld: u32 = 0;
export let tooLong: u32 = 0;

let receivedAt: u64 = 0;
let oldest: f64 = 0;
// The seconds that the phrase has with which times of observation begin.
let observedSeconds: u64 = 0;
let observedPhrase: u32 = 0;

// Records without a time have that at which they were received, in nanoseconds; those from before `oldestSeconds` are left out.
export function beginEntries(received: u64, oldestSeconds: f64): void {
  receivedAt = received;
  oldest = oldestSeconds;
  tooOld = 0;
  tooLong = 0;
  observedSeconds = 0;
  beginLines();
}

export function takeRecord(start: usize, end: usize): void {
  enterRecord(start, end);
  readRecord(start, end);
  const nanos = time != 0 ? time : observedTime != 0 ? observedTime : receivedAt;
  if (<f64>(nanos / SECOND) < oldest) {
    tooOld++;
    passLine();
    return;
  }
  const row = rowOf(nanos);
  if (!findLine()) {
    tooLong++;
    return;
  }
  row.records++;
  beginEntry();
  putTimestamp(nanos);
  putLine();
  beginPairsOfEntry();
  putOwnPairs();
  putSeverity();
  putGroup(row);
  if (wants(RECORD)) putAttributes();
  putAround();
  endEntry(nanos, slotFor(row.stream));
}

function putTimestamp(nanos: u64): void {
  const seconds = nanos / SECOND;
  const rest = nanos - seconds * SECOND;
  bytes.reserve(32);
  const start = bytes.end + 2;
  let to = start;
  if (seconds > 0) {
    store<u8>(to, SECONDS_TAG);
    to = putVarint(to + 1, seconds);
  }
  if (rest > 0) {
    store<u8>(to, NANOS_TAG);
    to = putVarint(to + 1, rest);
  }
  store<u8>(start - 2, TIMESTAMP_TAG);
  store<u8>(start - 1, <u8>(to - start));
  bytes.used = to - bytes.at;
}

// What the record itself says beside its attributes.
function putOwnPairs(): void {
  if (wants(TRACE)) {
    putId(names.TRACE_ID, traceId, traceIdEnd);
    putId(names.SPAN_ID, spanId, spanIdEnd);
  }
  if (wants(EVENT_NAME) && eventNameEnd > eventName) putPair(names.EVENT_NAME, eventName, eventNameEnd - eventName);
  if (wants(OBSERVED_TIMESTAMP) && hasTime && observedTime >= SECOND) putObservedTime();
}

// An id of zeros is none.
// @ts-ignore: decorator
@inline
function putId(name: u32, start: usize, end: usize): void {
  if (areZeros(start, end)) return;
  const size = (end - start) * 2;
  const to = putHead(name, size);
  if (to == 0) return;
  putHex(to, start, end);
  bytes.used += size;
}

function putObservedTime(): void {
  const number = names.OBSERVED_TIMESTAMP;
  if (observedTime < FIRST_OF_TEN || observedTime > LAST_OF_TEN) {
    unsignedText(observedTime);
    return putPair(number, text, textSize);
  }
  const name = names.nameAt(number);
  if (!admits(name.size + 19)) return;
  const seconds = observedTime / SECOND;
  if (seconds != observedSeconds) {
    observedSeconds = seconds;
    const from = bytes.used;
    writeHead(name, 19);
    putFixed(bytes.append(10), <u32>seconds, 10);
    observedPhrase = learn(from);
  }
  putPhrase(observedPhrase);
  putFixed(bytes.append(9), <u32>(observedTime - seconds * SECOND), 9);
}
