import { flush, put, putCode } from './bits';
import { makeCodes, makeLengths } from './codes';
import {
  DISTANCE_LENGTHS,
  DISTANCE_SYMBOLS,
  LITERAL_LENGTHS,
  LITERAL_SYMBOLS,
  PRECODE_CODES,
  PRECODE_COUNTS,
  PRECODE_LENGTHS,
  PRECODE_SYMBOLS,
  RUNS,
} from './memory';

// What repeats the length before 3 to 6 times, a zero 3 to 10 times, and 11 to 138 times.
const REPEAT: u32 = 16;
const ZEROS: u32 = 17;
const MANY_ZEROS: u32 = 18;
// The order in which the lengths of the code for lengths stand, five bits each.
const ORDER_LOW: u64 = 16 | (17 << 5) | (18 << 10) | (0 << 15) | (8 << 20) | (7 << 25) | (9 << 30) | (6 << 35) | (10 << 40) | (5 << 45);
const ORDER_HIGH: u64 = 11 | (4 << 5) | (12 << 10) | (3 << 15) | (13 << 20) | (2 << 25) | (14 << 30) | (1 << 35) | (15 << 40);

let literals: usize = 0;
let distances: usize = 0;
let precodes: usize = 0;
let runsEnd: usize = RUNS;

// @ts-ignore: decorator
@inline
function ordered(i: usize): usize {
  return i < 10 ? <usize>((ORDER_LOW >> (5 * i)) & 31) : <usize>((ORDER_HIGH >> (5 * (i - 10))) & 31);
}

// Puts the lengths of both codes into runs, makes the code for them, and gives how many bits all that takes. RFC 1951 section 3.2.7.
export function prepareHeader(): usize {
  literals = used(LITERAL_LENGTHS, LITERAL_SYMBOLS, 257);
  distances = used(DISTANCE_LENGTHS, DISTANCE_SYMBOLS, 1);
  memory.fill(PRECODE_COUNTS, 0, 4 * PRECODE_SYMBOLS);
  runsEnd = RUNS;
  putRuns(LITERAL_LENGTHS, literals);
  putRuns(DISTANCE_LENGTHS, distances);
  makeLengths(PRECODE_COUNTS, PRECODE_SYMBOLS, PRECODE_LENGTHS, 7);
  precodes = PRECODE_SYMBOLS;
  while (precodes > 4 && load<u8>(PRECODE_LENGTHS + ordered(precodes - 1)) == 0) precodes--;
  let size: usize = 3 + 14 + 3 * precodes;
  for (let p = RUNS; p < runsEnd; p += 2) {
    const symbol: u32 = load<u8>(p);
    size += <usize>(<u32>load<u8>(PRECODE_LENGTHS + <usize>symbol) + extraOf(symbol));
  }
  return size;
}

export function putHeader(): void {
  put(<u64>(literals - 257) | (<u64>(distances - 1) << 5) | (<u64>(precodes - 4) << 10), 14);
  flush();
  for (let i: usize = 0; i < precodes; i++) {
    put(<u64>load<u8>(PRECODE_LENGTHS + ordered(i)), 3);
    flush();
  }
  makeCodes(PRECODE_LENGTHS, PRECODE_SYMBOLS, PRECODE_CODES);
  for (let p = RUNS; p < runsEnd; p += 2) {
    const symbol: u32 = load<u8>(p);
    putCode(load<u32>(PRECODE_CODES + 4 * <usize>symbol));
    put(<u64>load<u8>(p + 1), extraOf(symbol));
    flush();
  }
}

// @ts-ignore: decorator
@inline
function extraOf(symbol: u32): u32 {
  if (symbol < REPEAT) return 0;
  return symbol == REPEAT ? 2 : symbol == ZEROS ? 3 : 7;
}

function used(lengths: usize, symbols: usize, least: usize): usize {
  while (symbols > least && load<u8>(lengths + symbols - 1) == 0) symbols--;
  return symbols;
}

function putRuns(lengths: usize, symbols: usize): void {
  const end = lengths + symbols;
  for (let p = lengths; p < end; ) {
    const length: u32 = load<u8>(p);
    const start = p++;
    while (p < end && load<u8>(p) == length) p++;
    let left = <u32>(p - start);
    if (length == 0) {
      for (; left > 10; left -= min(left, 138)) putRun(MANY_ZEROS, min(left, 138) - 11);
      if (left > 2) {
        putRun(ZEROS, left - 3);
        left = 0;
      }
    } else {
      putRun(length, 0);
      left--;
      for (; left > 2; left -= min(left, 6)) putRun(REPEAT, min(left, 6) - 3);
    }
    for (; left > 0; left--) putRun(length, 0);
  }
}

function putRun(symbol: u32, rest: u32): void {
  store<u8>(runsEnd, symbol);
  store<u8>(runsEnd + 1, rest);
  runsEnd += 2;
  const slot = PRECODE_COUNTS + 4 * <usize>symbol;
  store<u32>(slot, load<u32>(slot) + 1);
}
