// Where words of texts were seen last, to find what a text has in common with those before it.
import { bytes, TEXT_BITS, TEXT_INDEX } from './places';

// What is found has at least so many bytes.
const SHORTEST: usize = 4;
// After so many bytes in which nothing was found, every second one is looked at, after as many again every third…
const PATIENCE: usize = 32;

@unmanaged
class Word {
  // Where the word is in the draft, and where its text ends.
  at: usize;
  end: usize;
  // The position at which it was written.
  position: u32;
}

const WORD = <u32>offsetof<Word>();

// Of what was found: the position at which it was written before, and its length.
export let foundAt: u32 = 0;
export let foundSize: usize = 0;

export function clearTexts(): void {
  memory.fill(TEXT_INDEX, 0, WORD << TEXT_BITS);
}

// Where, from `start` on, a text has bytes that were written before at a position from `first` on; its end for nowhere. Takes
// note of what it passes: the position of a byte is `shift` more than where it is.
export function findText(start: usize, end: usize, shift: u32, first: u32): usize {
  const base = bytes.at;
  let misses = PATIENCE;
  for (let at = start; at + SHORTEST <= end; at += misses++ >> 5) {
    const word = load<u32>(base + at);
    const known = changetype<Word>(TEXT_INDEX + ((word * 0x1e35a7bd) >> (32 - TEXT_BITS)) * WORD);
    const other = known.at;
    const otherEnd = known.end;
    const position = known.position;
    known.at = at;
    known.end = end;
    known.position = <u32>at + shift;
    if (position < first || load<u32>(base + other) != word) continue;
    foundAt = position;
    foundSize = common(base + at, base + other, min(end - at, otherEnd - other));
    return at;
  }
  return end;
}

// How many bytes both have in common, of at most so many.
// @ts-ignore: decorator
@inline
function common(a: usize, b: usize, most: usize): usize {
  let size: usize = SHORTEST;
  while (size < most) {
    const difference = load<u64>(a + size) ^ load<u64>(b + size);
    if (difference != 0) {
      size += <usize>ctz(difference) >> 3;
      break;
    }
    size += 8;
  }
  return min(size, most);
}
