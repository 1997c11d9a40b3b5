// Log records to push requests of Loki, in AssemblyScript. push/push-kernel.ts is its other half.
import { VARYING } from './attributes';
import { clearDraft } from './draft';
import { beginEntries, tooLong, tooOld } from './entry';
import { cutLines } from './line';
import { boundNames } from './names';
import { RECORD, wants } from './options';
import { sortEntries } from './order';
import { beginPairs, leftOut } from './pairs';
import {
  bytes,
  input,
  lineEnds,
  lines,
  output,
  pieces,
  rows,
  slots,
  transfer,
  usedStreams,
  values,
  varying,
} from './places';
import { nextPush } from './push-number';
import { wantAttributes } from './record';
import { ROW, Row, map } from './rows';
import { forgetScopes, scopes } from './scope';
import { forgetStreams } from './streams';
import { Vector } from './vector';
import { checkPieces, walkBatch } from './walk';
import { beginReading } from './wire';

export { seedHash } from './hash';
export { configure } from './options';
export { addOwnName } from './names';
export { addStream } from './streams';
export { writePlain, writeSnappy } from './requests';
export { stoppedAtOdd } from './wire';

const MOST_ROWS: u32 = 10_000;
const MOST_KEYS: usize = 1 << 20;

// Each of these makes room for so many bytes, whatever was there before, and gives where they go.
export function roomForBatch(size: usize): usize {
  return roomIn(input, size);
}

export function roomForTransfer(size: usize): usize {
  return roomIn(transfer, size);
}

export function roomForLines(size: usize): usize {
  return roomIn(lines, size);
}

export function roomForLineEnds(size: usize): usize {
  return roomIn(lineEnds, size);
}

// Labels vary with so many attributes of records.
export function vary(count: u32): void {
  roomIn(varying, count * VARYING);
  memory.fill(varying.at, 0, varying.used);
  wantAttributes(count > 0 || wants(RECORD));
}

// Makes the entries of the batch, which the codec may have written anew.
export function encode(receivedAt: u64, oldestSeconds: f64, writtenAnew: bool): void {
  for (let i: usize = 0; i < 64; i += 16) v128.store(input.end + i, i8x16.splat(0));
  nextPush();
  beginReading(writtenAnew);
  checkPieces();
  boundNames();
  clearDraft();
  // What most batches need.
  bytes.renew(input.used >> 1);
  pieces.renew(input.used >> 2);
  values.used = 0;
  slots.used = 0;
  usedStreams.used = 0;
  beginPairs();
  beginEntries(receivedAt, oldestSeconds);
  walkBatch();
  sortEntries();
}

// Whether more is remembered than is worth it.
export function isFull(): bool {
  return map.count > MOST_ROWS || scopes.count > MOST_ROWS || map.size + scopes.size > MOST_KEYS;
}

// Forgets combinations of labels, between pushes.
export function forget(): void {
  forgetRows();
  forgetScopes();
  rows.used = 0;
  forgetStreams();
}

// Forgets combinations of labels in the midst of a push: those that it has had keep their numbers.
export function forgetRows(): void {
  map.clear();
}

export function slotsAt(): usize {
  return slots.at;
}

export function slotsSize(): usize {
  return slots.used;
}

export function usedStreamsAt(): usize {
  return usedStreams.at;
}

export function usedStreamsSize(): usize {
  return usedStreams.used;
}

export function outputAt(): usize {
  return output.at;
}

export function outputSize(): usize {
  return output.used;
}

// The records of a row that are in the push.
export function recordsOf(row: u32): u32 {
  return changetype<Row>(rows.at + row * ROW).records;
}

export function tooOldRecords(): u32 {
  return tooOld;
}

export function tooLongRecords(): u32 {
  return tooLong;
}

export function cutRecords(): u32 {
  return cutLines;
}

export function leftOutPairs(): u32 {
  return leftOut;
}

function roomIn(vector: Vector, size: usize): usize {
  const at = vector.renew(size);
  vector.used = size;
  return at;
}
