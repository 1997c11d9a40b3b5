import { align, at, flush, goOn, pendingBits, pendingSize, put, putBytes, putCode } from './bits';
import { makeCodes, makeLengths } from './codes';
import { prepareHeader, putHeader } from './header';
import { sequencesEnd } from './matches';
import {
  DISTANCE_CODES,
  DISTANCE_COUNTS,
  DISTANCE_LENGTHS,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  FIXED_DISTANCE_LENGTHS,
  FIXED_LITERAL_LENGTHS,
  LENGTH_CODES,
  LENGTH_SYMBOLS,
  LITERAL_CODES,
  LITERAL_COUNTS,
  LITERAL_LENGTHS,
  LITERAL_SYMBOLS,
  SEQUENCES,
} from './memory';
import { distanceSymbol, extraOfDistance, extraOfLength } from './symbols';

const MOST_STORED: usize = 0xffff;
// So that four literals find room between two flushes.
const MOST_LITERAL_BITS: u32 = 14;
const MOST_DISTANCE_BITS: u32 = 15;

const STORED: u64 = 0;
const FIXED: u64 = 1;
const DYNAMIC: u64 = 2;

// Writes the sequences as one block, in whichever way is shortest. They stand for the input from `from` to `to`.
export function writeBlock(from: usize, to: usize, isLast: bool): void {
  count(from);
  makeLengths(LITERAL_COUNTS, LITERAL_SYMBOLS, LITERAL_LENGTHS, MOST_LITERAL_BITS);
  makeLengths(DISTANCE_COUNTS, DISTANCE_SYMBOLS, DISTANCE_LENGTHS, MOST_DISTANCE_BITS);
  const size = to - from;
  const stored: usize = 8 * size + 40 * (1 + size / MOST_STORED);
  const fixed = bodySize(FIXED_LITERAL_LENGTHS, FIXED_DISTANCE_LENGTHS);
  const dynamic = prepareHeader() + bodySize(LITERAL_LENGTHS, DISTANCE_LENGTHS);
  if (stored <= min(dynamic, fixed)) writeStored(from, to, isLast);
  else if (fixed <= dynamic) {
    put(<u64>isLast | (FIXED << 1), 3);
    makeBody(FIXED_LITERAL_LENGTHS, FIXED_DISTANCE_LENGTHS, from);
  } else {
    put(<u64>isLast | (DYNAMIC << 1), 3);
    putHeader();
    makeBody(LITERAL_LENGTHS, DISTANCE_LENGTHS, from);
  }
}

function writeStored(from: usize, to: usize, isLast: bool): void {
  do {
    const size = min(to - from, MOST_STORED);
    put(<u64>(isLast && from + size == to) | (STORED << 1), 3);
    align();
    put(<u64>size | ((<u64>size ^ 0xffff) << 16), 32);
    flush();
    putBytes(from, size);
    from += size;
  } while (from < to);
}

// Counts the symbols of the block.
function count(from: usize): void {
  memory.fill(LITERAL_COUNTS, 0, 4 * LITERAL_SYMBOLS);
  memory.fill(DISTANCE_COUNTS, 0, 4 * DISTANCE_SYMBOLS);
  let p = from;
  for (let sequence = SEQUENCES; sequence < sequencesEnd; sequence += 8) {
    for (const end = p + <usize>load<u32>(sequence); p < end; p++) more(LITERAL_COUNTS, load<u8>(p));
    const length = <usize>load<u16>(sequence + 4);
    if (length == 0) continue;
    p += length;
    more(LITERAL_COUNTS, 256 + <u32>load<u8>(LENGTH_SYMBOLS + length - 3));
    more(DISTANCE_COUNTS, distanceSymbol(load<u16>(sequence + 6)));
  }
  more(LITERAL_COUNTS, <u32>END_OF_BLOCK);
}

// @ts-ignore: decorator
@inline
function more(counts: usize, symbol: u32): void {
  const slot = counts + ((<usize>symbol) << 2);
  store<u32>(slot, load<u32>(slot) + 1);
}

// Bits of the block's body with the codes of these lengths.
function bodySize(literalLengths: usize, distanceLengths: usize): usize {
  let size: u32 = 0;
  for (let symbol: usize = 0; symbol < LITERAL_SYMBOLS; symbol++) {
    const extra = symbol <= END_OF_BLOCK ? 0 : extraOfLength(symbol - 256);
    size += load<u32>(LITERAL_COUNTS + 4 * symbol) * (load<u8>(literalLengths + symbol) + extra);
  }
  for (let symbol: usize = 0; symbol < DISTANCE_SYMBOLS; symbol++) {
    const extra = extraOfDistance(<u32>symbol);
    size += load<u32>(DISTANCE_COUNTS + 4 * symbol) * (load<u8>(distanceLengths + symbol) + extra);
  }
  return <usize>size;
}

function makeBody(literalLengths: usize, distanceLengths: usize, from: usize): void {
  makeCodes(literalLengths, LITERAL_SYMBOLS, LITERAL_CODES);
  makeCodes(distanceLengths, DISTANCE_SYMBOLS, DISTANCE_CODES);
  joinLengths();
  writeBody(from);
}

// Puts the code of each length and its extra bits together.
function joinLengths(): void {
  for (let less: u32 = 0; less < 256; less++) {
    const symbol = <usize>load<u8>(LENGTH_SYMBOLS + less);
    const code = load<u32>(LITERAL_CODES + 4 * (256 + symbol));
    const extra = extraOfLength(symbol);
    const rest = less & ((1 << extra) - 1);
    store<u32>(
      LENGTH_CODES + 4 * <usize>less,
      (code & 0xffffff) | (rest << (code >> 24)) | (((code >> 24) + extra) << 24),
    );
  }
}

function writeBody(from: usize): void {
  // Locals, as globals would be written to memory for every code.
  let bits = pendingBits;
  let size = pendingSize;
  let to = at;
  let p = from;
  for (let sequence = SEQUENCES; sequence < sequencesEnd; sequence += 8) {
    const end = p + <usize>load<u32>(sequence);
    while (p < end) {
      // Up to four between two flushes.
      const stop = min(end, p + 4);
      do {
        const code = load<u32>(LITERAL_CODES + ((<usize>load<u8>(p)) << 2));
        bits |= <u64>(code & 0xffffff) << size;
        size += code >> 24;
      } while (++p < stop);
      store<u64>(to, bits);
      to += <usize>(size >> 3);
      bits >>= size & 56;
      size &= 7;
    }
    const length = <usize>load<u16>(sequence + 4);
    if (length == 0) continue;
    p += length;
    const lengthCode = load<u32>(LENGTH_CODES + 4 * (length - 3));
    bits |= <u64>(lengthCode & 0xffffff) << size;
    size += lengthCode >> 24;
    const less: u32 = load<u16>(sequence + 6);
    const symbol = distanceSymbol(less);
    const code = load<u32>(DISTANCE_CODES + ((<usize>symbol) << 2));
    const extra = extraOfDistance(symbol);
    bits |= (<u64>(code & 0xffffff) | ((<u64>less & ((1 << extra) - 1)) << (code >> 24))) << size;
    size += (code >> 24) + extra;
    store<u64>(to, bits);
    to += <usize>(size >> 3);
    bits >>= size & 56;
    size &= 7;
  }
  goOn(to, bits, size);
  putCode(load<u32>(LITERAL_CODES + 4 * END_OF_BLOCK));
  flush();
}
