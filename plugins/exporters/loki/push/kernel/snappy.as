// Writes a push as a block of Snappy, without framing, as Loki takes it. A phrase that is in it already is a copy of that
// place, however far back; texts are searched for what they have in common with earlier ones. Format:
// https://github.com/google/snappy/blob/main/format_description.txt
import { copy } from './copy';
import { phraseAt, PHRASE, PLAIN, TEXT, Entry } from './draft';
import { bytes, output, phrases, pieces } from './places';
import { clearTexts, findText, foundAt, foundSize } from './text-index';
import { putVarint } from './wire';

const SHORT_LITERAL: usize = 60;
const LONGEST_COPY: usize = 64;
// Copies from less far back than these take two bytes, if they are short, and three.
const NEAREST: u32 = 2048;
const NEAR: u32 = 65_536;
// Positions start over beyond this.
const LAST_POSITION: u32 = 1 << 30;
const ROOM: usize = 32;

// Positions go on from block to block, so that those of earlier blocks are below `first`.
let first: u32 = 1;
let position: u32 = 1;
// What is to be written as one literal.
let literal: usize = 0;
let literalEnd: usize = 0;

// Phrases of a new draft have no places.
export function beginBlock(size: usize): void {
  if (position > LAST_POSITION) startOver();
  first = position;
  literal = 0;
  literalEnd = 0;
  output.renew((size >> 2) + ROOM);
  output.used = putVarint(output.at, size) - output.at;
}

function startOver(): void {
  position = 1;
  clearTexts();
  for (let at: usize = 0; at < phrases.used; at += PHRASE) phraseAt(<u32>(at / PHRASE)).place = 0;
}

export function endBlock(): void {
  flush();
}

export function compressEntry(entry: Entry): void {
  let at: usize = entry.start;
  const end = pieces.at + entry.endOfPieces;
  for (let p = pieces.at + entry.firstPiece; p < end; p += 4) {
    const piece = load<i32>(p);
    if (piece >= 0) {
      const phrase = phraseAt(piece);
      const place = phrase.place;
      phrase.place = position;
      if (place < first) compressText(phrase.start, phrase.start + phrase.size);
      else putCopy(place, phrase.size);
      continue;
    }
    const from = at;
    const kind = <u32>~piece & 3;
    at += <usize>(<u32>~piece >> 2);
    if (kind == PLAIN) putLiteral(from, at);
    else if (kind == TEXT) compressText(from, at);
  }
}

export function compressText(start: usize, end: usize): void {
  const shift = position - <u32>start;
  while (start < end) {
    const found = findText(start, end, shift, first);
    if (found > start) putLiteral(start, found);
    if (found == end) return;
    putCopy(foundAt, foundSize);
    start = found + foundSize;
  }
}

// @ts-ignore: decorator
@inline
function putLiteral(start: usize, end: usize): void {
  position += <u32>(end - start);
  if (start != literalEnd) {
    flush();
    literal = start;
  }
  literalEnd = end;
}

function flush(): void {
  const size = literalEnd - literal;
  if (size == 0) return;
  output.reserve(size + ROOM);
  let to = output.end;
  const last = <u32>size - 1;
  if (size <= SHORT_LITERAL) store<u8>(to++, <u8>(last << 2));
  else {
    const width: u32 = last < 0x100 ? 1 : last < 0x10000 ? 2 : last < 0x1000000 ? 3 : 4;
    store<u8>(to, <u8>((59 + width) << 2));
    store<u32>(to + 1, last);
    to += 1 + width;
  }
  copy(to, bytes.at + literal, size);
  output.used = to + size - output.at;
  literal = literalEnd;
}

// So many bytes from `place` on once more.
function putCopy(place: u32, size: usize): void {
  flush();
  literal = 0;
  literalEnd = 0;
  const offset = position - place;
  position += <u32>size;
  output.reserve((size >> 3) + ROOM);
  let to = output.end;
  if (offset >= NEAR) to = putFarCopies(to, offset, size);
  else {
    for (; size > LONGEST_COPY; size -= LONGEST_COPY, to += 3) store<u32>(to, ((LONGEST_COPY - 1) << 2) | 2 | (offset << 8));
    if (offset < NEAREST && size >= 4 && size < 12) {
      store<u16>(to, <u16>(1 | ((size - 4) << 2) | ((offset >> 8) << 5) | (offset << 8)));
      to += 2;
    } else {
      store<u32>(to, ((size - 1) << 2) | 2 | (offset << 8));
      to += 3;
    }
  }
  output.used = to - output.at;
}

function putFarCopies(to: usize, offset: u32, size: usize): usize {
  for (; size > LONGEST_COPY; size -= LONGEST_COPY, to += 5) {
    store<u8>(to, <u8>(((LONGEST_COPY - 1) << 2) | 3));
    store<u32>(to + 1, offset);
  }
  store<u8>(to, <u8>(((size - 1) << 2) | 3));
  store<u32>(to + 1, offset);
  return to + 5;
}
