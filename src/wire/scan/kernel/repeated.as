import { countOf, HASHED, KEY_END, KEY_START, ROW_SIZE, rowsOf, SLOTS } from './attributes';
import { input, resized } from './memory';

// @ts-ignore: decorator
@external("env", "seed")
declare function seed(): f64;

// From here on, keys are looked up and not compared with all the others, of which a sender may write very many.
const MANY: usize = 32;
const PRIME: u64 = 0x9e3779b97f4a7c15;

// Unknown to senders, who could else make up keys that all have one hash.
let secret: u64 = 0;

// Whether an earlier attribute of the list has the key of this one.
export function isRepeated(list: usize, index: usize): bool {
  if (countOf(list) > MANY) return first(list, index) != index;
  const rows = rowsOf(list);
  const row = rows + ROW_SIZE * index;
  for (let other = rows; other < row; other += ROW_SIZE) if (isSame(row, other)) return true;
  return false;
}

// @ts-ignore: decorator
@inline
function keyOf(row: usize): usize {
  return input + <usize>load<u32>(row, KEY_START);
}

// @ts-ignore: decorator
@inline
function sizeOf(row: usize): usize {
  return <usize>load<u32>(row, KEY_END) - <usize>load<u32>(row, KEY_START);
}

// The last bytes of a key at `p`, of which `rest` are left, as a word. Up to eight more are read.
// @ts-ignore: decorator
@inline
function lastWord(p: usize, rest: usize): u64 {
  return rest == 0 ? 0 : load<u64>(p) << (64 - 8 * <u64>rest);
}

// @ts-ignore: decorator
@inline
function isSame(row: usize, other: usize): bool {
  const size = sizeOf(row);
  if (sizeOf(other) != size) return false;
  const a = keyOf(row);
  const b = keyOf(other);
  let p: usize = 0;
  for (; p + 8 <= size; p += 8) if (load<u64>(a + p) != load<u64>(b + p)) return false;
  return lastWord(a + p, size - p) == lastWord(b + p, size - p);
}

// The first attribute with the key of this one.
function first(list: usize, index: usize): usize {
  const mask = maskOf(list);
  if (load<u32>(list, HASHED) == 0) enterAll(list, mask);
  return <usize>load<u32>(slotOf(list, index, mask)) - 1;
}

// Less than the number of slots, which is a power of two above that of attributes.
function maskOf(list: usize): u32 {
  return <u32>-1 >>> (clz(<u32>countOf(list)) - 1);
}

function enterAll(list: usize, mask: u32): void {
  const size: usize = 4 * (<usize>mask + 1);
  const slots = resized(load<u32>(list, SLOTS), size);
  memory.fill(slots, 0, size);
  store<u32>(list, <u32>slots, SLOTS);
  store<u32>(list, 1, HASHED);
  const count = countOf(list);
  for (let i: usize = 0; i < count; i++) {
    const slot = slotOf(list, i, mask);
    if (load<u32>(slot) == 0) store<u32>(slot, <u32>i + 1);
  }
}

// The slot of a key: it holds one more than the index of the first attribute that has it, or 0.
function slotOf(list: usize, index: usize, mask: u32): usize {
  const rows = rowsOf(list);
  const row = rows + ROW_SIZE * index;
  const slots = <usize>load<u32>(list, SLOTS);
  let place = hash(row) & mask;
  while (true) {
    const slot = slots + 4 * <usize>place;
    const other = <usize>load<u32>(slot);
    if (other == 0 || isSame(row, rows + ROW_SIZE * (other - 1))) return slot;
    place = (place + 1) & mask;
  }
}

function hash(row: usize): u32 {
  if (secret == 0) secret = reinterpret<u64>(seed()) | 1;
  let result = secret;
  let p = keyOf(row);
  for (const end = p + sizeOf(row); p < end; p += 8) {
    result = (result ^ (end - p < 8 ? lastWord(p, end - p) : load<u64>(p))) * PRIME;
    result ^= result >> 29;
  }
  return <u32>(result >> 32);
}
