// The line of the record that is looked at.
import { copy } from './copy';
import { putDigits } from './digits';
import { noteText } from './draft';
import { DROP_LONG, LINES, mostLine, wants } from './options';
import { bytes, lineEnds, lines, MARK } from './places';
import { body, bodyEnd } from './record';
import { asText, text, textSize } from './text';
import { putVarint } from './wire';

const LINE_TAG: u8 = 0x12;
const MARK_ROOM: usize = 64;
const DOTS_CUT: u64 = 0x2c7475635b2e2e2e; // ...[cut,
const SPACE: u32 = 0x20;
const BYTES_I: u64 = 0x6920736574796220; //  bytes i
const N_ALL: u64 = 0x5d6c6c61206e; // n all]

export let cutLines: u32 = 0;

let line: usize = 0;
let lineSize: usize = 0;
let markSize: usize = 0;
// Of the lines that TypeScript has written: which is next, and where it begins.
let next: usize = 0;
let nextStart: usize = 0;

export function beginLines(): void {
  cutLines = 0;
  next = 0;
  nextStart = 0;
}

// The record has none that is needed.
export function passLine(): void {
  if (wants(LINES)) takeLine();
}

// Finds the line; false where it is too long to be taken.
export function findLine(): bool {
  if (wants(LINES)) takeLine();
  else {
    asText(body, bodyEnd);
    line = text;
    lineSize = textSize;
  }
  markSize = 0;
  if (lineSize <= mostLine) return true;
  if (wants(DROP_LONG)) return false;
  cutLine();
  return true;
}

// Appends the line that was found.
export function putLine(): void {
  bytes.reserve(lineSize + markSize + MARK_ROOM);
  store<u8>(bytes.end, LINE_TAG);
  bytes.used = putVarint(bytes.end + 1, lineSize + markSize) - bytes.at;
  const from = bytes.used;
  copy(bytes.end, line, lineSize);
  copy(bytes.end + lineSize, MARK, markSize);
  bytes.used += lineSize + markSize;
  noteText(from);
}

function takeLine(): void {
  if (next == lineEnds.used) unreachable();
  const end: usize = load<u32>(lineEnds.at + next);
  next += 4;
  line = lines.at + nextStart;
  lineSize = end - nextStart;
  nextStart = end;
}

// The beginning of the line and a mark, together as long as is allowed. No character is cut in two.
function cutLine(): void {
  cutLines++;
  store<u64>(MARK, DOTS_CUT);
  store<u8>(MARK, <u8>SPACE, 8);
  const digits = putDigits(MARK + 48, lineSize);
  let to = MARK + 9;
  for (let p = digits; p < MARK + 48; p++) store<u8>(to++, load<u8>(p));
  store<u64>(to, BYTES_I);
  store<u64>(to, N_ALL, 8);
  markSize = min(to + 14 - MARK, mostLine);
  let size = mostLine - markSize;
  while (size > 0 && (load<u8>(line + size) & 0xc0) == 0x80) size--;
  lineSize = size;
}
