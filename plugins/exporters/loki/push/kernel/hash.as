const FACTOR: u64 = 0x9e3779b97f4a7c15;

// Senders choose what is hashed, so that it is mixed with what they do not know.
let seed: u64 = 0;

export function seedHash(value: u64): void {
  seed = value;
}

// Up to seven bytes behind the end are read.
export function hashOf(p: usize, size: usize): u32 {
  let hash = seed ^ size;
  for (; size > 8; size -= 8, p += 8) hash = mixed(hash ^ load<u64>(p));
  const last = size == 8 ? load<u64>(p) : load<u64>(p) & (((<u64>1) << (8 * size)) - 1);
  return <u32>(mixed(hash ^ last) >> 16);
}

// A quick one, of the length, both ends and the middle, for where nothing is lost by what is not found.
// @ts-ignore: decorator
@inline
export function quickHash(salt: u32, p: usize, size: usize): u64 {
  if (size <= 8) {
    const word = size == 8 ? load<u64>(p) : load<u64>(p) & (((<u64>1) << (8 * size)) - 1);
    return mixed(word ^ ((<u64>salt << 32) | size));
  }
  const hash = mixed(load<u64>(p) ^ ((<u64>salt << 32) | size)) ^ load<u64>(p + size - 8);
  return mixed(size > 16 ? (hash * FACTOR) ^ load<u64>(p + (size >> 1) - 4) : hash);
}

// @ts-ignore: decorator
@inline
function mixed(word: u64): u64 {
  word *= FACTOR;
  return word ^ (word >> 29);
}
