import { HASH_BITS, INPUT, MOST_INPUT, PLACES, SEQUENCES, SEQUENCES_END } from './memory';

const SHORTEST: usize = 4;
const LONGEST: usize = 258;
const WINDOW: usize = 0x8000;
// After so many bytes in which nothing was found, every second one is looked at, after as many again every third…
const PATIENCE: u32 = 4;
// Words are only looked for where a whole vector can be read.
const TAIL: usize = 16;
const SHORT_INPUT: usize = 0x4000;

// A place is an address and this on top, so that those of chunks before are below all that count.
let shift: u32 = 0;
let lowest: u32 = 0;
// Bits of a word of eight bytes that are not looked at: in short inputs, what eight bytes have in common is little.
let ignored: u64 = 0;

// Where the block's sequences end.
export let sequencesEnd: usize = SEQUENCES;

// A new chunk of this length, which refers to nothing in front of it.
export function forget(length: usize): void {
  const next = lowest + <u32>length;
  if (lowest == 0 || next > 0x70000000) {
    memory.fill(PLACES, 0, 4 << HASH_BITS);
    lowest = 1;
  }
  shift = lowest - <u32>INPUT;
  ignored = length < SHORT_INPUT ? 32 : 0;
}

// Places of this chunk do not count any more.
export function leave(length: usize): void {
  lowest += <u32>length;
}

// @ts-ignore: decorator
@inline
function slot(word: u64, unseen: u64): usize {
  return PLACES + (<usize>(((word << unseen) * 0x9e3779b97f4a7c15) >> (64 - HASH_BITS)) << 2);
}

// Finds what stands again in the input from `from` to `to`, as sequences. Gives where these end, which is `to` if all found room.
export function findMatches(from: usize, to: usize): usize {
  const base = shift;
  const least = lowest;
  const unseen = ignored;
  let sequence = SEQUENCES;
  let literals = from;
  let p = from;
  const last = to - TAIL;
  if (to - from > TAIL) {
    let misses: u32 = 1 << PATIENCE;
    while (p < last) {
      const word = load<u64>(p);
      const place = slot(word, unseen);
      const seen = load<u32>(place);
      store<u32>(place, <u32>p + base);
      const other = <usize>(seen - base);
      if (seen < least || p - other > WINDOW || load<u32>(other) != <u32>word) {
        p += <usize>(misses++ >> PATIENCE);
        continue;
      }
      misses = 1 << PATIENCE;
      const distance = p - other;
      let end = p + SHORTEST;
      end += common(end, end - distance, to);
      // What stands in front may be the same, too.
      const before = <usize>(clz(load<u64>(p - 8) ^ load<u64>(other - 8)) >> 3);
      p -= min(before, min(p - literals, other - INPUT));
      store<u32>(sequence, <u32>(p - literals));
      let length = end - p;
      while (length > LONGEST) {
        const part = length - LONGEST < 3 ? LONGEST - 3 : LONGEST;
        put(sequence, part, distance);
        sequence += 8;
        store<u32>(sequence, 0);
        length -= part;
      }
      put(sequence, length, distance);
      sequence += 8;
      literals = end;
      if (end < last) store<u32>(slot(load<u64>(p + 1), unseen), <u32>(p + 1) + base);
      p = end;
      if (sequence + 8 * (1 + MOST_INPUT / (LONGEST - 3)) >= SEQUENCES_END) {
        to = end;
        break;
      }
    }
  }
  store<u32>(sequence, <u32>(to - literals));
  store<u32>(sequence + 4, 0);
  sequencesEnd = sequence + 8;
  return to;
}

// @ts-ignore: decorator
@inline
function put(sequence: usize, length: usize, distance: usize): void {
  store<u32>(sequence + 4, <u32>(length | ((distance - 1) << 16)));
}

// How many bytes from `a` on are as those from `b` on, up to `to`. Behind `to` a vector can be read.
// @ts-ignore: decorator
@inline
function common(a: usize, b: usize, to: usize): usize {
  const start = a;
  while (a < to) {
    const unequal = ~i8x16.bitmask(i8x16.eq(v128.load(a), v128.load(b))) & 0xffff;
    if (unequal != 0) {
      a += <usize>ctz(unequal);
      break;
    }
    a += 16;
    b += 16;
  }
  return (a < to ? a : to) - start;
}
