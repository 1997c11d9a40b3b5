// The entries of a push while their order is not known. An entry is a row of pieces: phrases, which it shares with others, and
// bytes of its own. All bytes are in one vector, those of a phrase where it was learned. Positions are offsets in it.
import { bytes, entries, phrases, pieces } from './places';
import { putVarint, varintSize } from './wire';

// A piece is the number of a phrase. Other pieces stand one behind the other and say `~(4 * size + kind)`: plain bytes; a text,
// which may have something in common with others; bytes that do not belong to the entry, as a phrase was learned there.
export const PLAIN: u32 = 0;
export const TEXT: u32 = 1;
const SKIPPED: u32 = 2;

const ENTRY_TAG: u8 = 0x12;
// In front of an entry, for its tag and length.
const HEAD_ROOM: usize = 6;

@unmanaged
export class Phrase {
  start: usize;
  size: usize;
  // Where a block of Snappy has it; see snappy.as.
  place: u32;
}

@unmanaged
export class Entry {
  // Nanoseconds since the epoch.
  time: u64;
  slot: u32;
  // Offsets of its pieces.
  firstPiece: usize;
  endOfPieces: usize;
  // Where its own bytes begin, and how many it has with those of its phrases, tag and length included.
  start: usize;
  size: usize;
}

export const PHRASE = <u32>offsetof<Phrase>();
const ENTRY = <u32>offsetof<Entry>();

// Of the entry that was begun last: where it begins, where bytes begin that are in no piece yet, how many are in phrases less
// those that are skipped.
let start: usize = 0;
let mark: usize = 0;
let shared: usize = 0;

export function clearDraft(): void {
  bytes.used = 0;
  pieces.used = 0;
  phrases.used = 0;
  entries.used = 0;
  mark = 0;
}

// @ts-ignore: decorator
@inline
export function phraseAt(number: u32): Phrase {
  return changetype<Phrase>(phrases.at + number * PHRASE);
}

// @ts-ignore: decorator
@inline
export function entryAt(number: u32): Entry {
  return changetype<Entry>(entries.at + number * ENTRY);
}

export function beginEntry(): void {
  bytes.append(HEAD_ROOM);
  start = bytes.used;
  mark = start;
  shared = 0;
  changetype<Entry>(entries.append(ENTRY)).firstPiece = pieces.used;
}

// What was written since `from` is a text.
export function noteText(from: usize): void {
  cut(from, PLAIN);
  cut(bytes.used, TEXT);
}

// Appends a phrase to the entry.
// @ts-ignore: decorator
@inline
export function putPhrase(number: u32): void {
  if (bytes.used > mark) cut(bytes.used, PLAIN);
  store<u32>(pieces.append(4), number);
  shared += phraseAt(number).size;
}

// Takes what was written since `from` out of the entry and makes a phrase of it; gives its number.
export function learn(from: usize): u32 {
  cut(from, PLAIN);
  const size = bytes.used - from;
  cut(bytes.used, SKIPPED);
  shared -= size;
  const phrase = changetype<Phrase>(phrases.append(PHRASE));
  phrase.start = from;
  phrase.size = size;
  phrase.place = 0;
  return <u32>(phrases.used / PHRASE) - 1;
}

// Ends the entry. Its first piece must be bytes of its own.
export function endEntry(time: u64, slot: u32): void {
  cut(bytes.used, PLAIN);
  const size = bytes.used - start + shared;
  const head = varintSize(size) + 1;
  const from = start - head;
  store<u8>(bytes.at + from, ENTRY_TAG);
  putVarint(bytes.at + from + 1, size);
  const entry = changetype<Entry>(entries.end - ENTRY);
  const first = pieces.at + entry.firstPiece;
  store<i32>(first, load<i32>(first) - 4 * <i32>head);
  entry.time = time;
  entry.slot = slot;
  entry.endOfPieces = pieces.used;
  entry.start = from;
  entry.size = head + size;
}

// Bytes up to `end` that are in no piece become one.
function cut(end: usize, kind: u32): void {
  if (end == mark) return;
  store<u32>(pieces.append(4), ~(4 * <u32>(end - mark) + kind));
  mark = end;
}
