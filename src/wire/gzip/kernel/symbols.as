import {
  DISTANCE_SYMBOLS,
  FIXED_DISTANCE_LENGTHS,
  FIXED_LITERAL_LENGTHS,
  LENGTH_SYMBOLS,
  LITERAL_SYMBOLS,
} from './memory';

// Fills the tables that never change: what lengths are called, RFC 1951 section 3.2.5, and the fixed codes, section 3.2.6.
export function fillTables(): void {
  for (let length: usize = 3; length < 258; length++) {
    store<u8>(LENGTH_SYMBOLS + length - 3, length < 11 ? length - 2 : lengthSymbol(<u32>length - 3));
  }
  store<u8>(LENGTH_SYMBOLS + 255, 29);
  for (let symbol: usize = 0; symbol < LITERAL_SYMBOLS; symbol++) {
    store<u8>(FIXED_LITERAL_LENGTHS + symbol, symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8);
  }
  memory.fill(FIXED_DISTANCE_LENGTHS, 5, DISTANCE_SYMBOLS);
}

// Symbols less 256 of lengths from 11 on, less 3: four for each number of extra bits.
function lengthSymbol(less: u32): usize {
  const extra = 29 - clz(less);
  return <usize>(4 * extra + (less >> extra) + 1);
}

// Extra bits of a length symbol less 256.
// @ts-ignore: decorator
@inline
export function extraOfLength(symbol: usize): u32 {
  return symbol < 9 || symbol > 28 ? 0 : ((<u32>symbol - 1) >> 2) - 1;
}

// The symbol of a distance less 1: two for each number of extra bits.
// @ts-ignore: decorator
@inline
export function distanceSymbol(less: u32): u32 {
  if (less < 2) return less;
  const top = 31 - clz(less);
  return 2 * top + ((less >> (top - 1)) & 1);
}

// @ts-ignore: decorator
@inline
export function extraOfDistance(symbol: u32): u32 {
  return symbol < 4 ? 0 : (symbol >> 1) - 1;
}
