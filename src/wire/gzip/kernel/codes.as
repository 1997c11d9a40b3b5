import { LEVELS, SORTED } from './memory';

// Makes the best code with at most `most` bits for symbols that occur so often: the length of each, 0 for those that do not occur.
// Sizes: Moffat and Katajainen, "In-Place Calculation of Minimum-Redundancy Codes", 1995.
export function makeLengths(counts: usize, symbols: usize, lengths: usize, most: u32): void {
  memory.fill(lengths, 0, symbols);
  let used: usize = 0;
  for (let symbol: usize = 0; symbol < symbols; symbol++) {
    const occurs = load<u32>(counts + 4 * symbol);
    if (occurs > 0) store<u32>(SORTED + 4 * used++, (occurs << 9) | <u32>symbol);
  }
  // A code has at least two symbols: some decoders take no other.
  for (let symbol: usize = 0; used < 2; symbol++) {
    if (load<u32>(counts + 4 * symbol) == 0) store<u32>(SORTED + 4 * used++, (1 << 9) | <u32>symbol);
  }
  sort(used);
  for (let i: usize = 0; i < used; i++) store<u32>(LEVELS + 4 * i, load<u32>(SORTED + 4 * i) >> 9);
  makeDepths(used);
  bound(used, most);
  for (let i: usize = 0; i < used; i++) {
    const symbol = <usize>(load<u32>(SORTED + 4 * i) & 0x1ff);
    store<u8>(lengths + symbol, load<u32>(LEVELS + 4 * i));
  }
}

// Rarest first.
function sort(used: usize): void {
  for (let distance: usize = 31; distance > 0; distance >>= 2) {
    for (let i = distance; i < used; i++) {
      const key = load<u32>(SORTED + 4 * i);
      let j = i;
      for (; j >= distance && load<u32>(SORTED + 4 * (j - distance)) > key; j -= distance) {
        store<u32>(SORTED + 4 * j, load<u32>(SORTED + 4 * (j - distance)));
      }
      store<u32>(SORTED + 4 * j, key);
    }
  }
}

// @ts-ignore: decorator
@inline
function level(i: isize): u32 {
  return load<u32>(LEVELS + ((<usize>i) << 2));
}

// @ts-ignore: decorator
@inline
function setLevel(i: isize, value: u32): void {
  store<u32>(LEVELS + ((<usize>i) << 2), value);
}

// In place: from how often symbols occur, in rising order, to how deep they are.
function makeDepths(used: usize): void {
  const n = <isize>used;
  // Parents: where each inner node hangs.
  let leaf: isize = 0;
  let root: isize = 0;
  for (let next: isize = 0; next < n - 1; next++) {
    let sum: u32 = 0;
    for (let child = 0; child < 2; child++) {
      if (leaf >= n || (root < next && level(root) < level(leaf))) {
        sum += level(root);
        setLevel(root++, <u32>next);
      } else sum += level(leaf++);
    }
    setLevel(next, sum);
  }
  // Depths of inner nodes.
  setLevel(n - 2, 0);
  for (let next = n - 3; next >= 0; next--) setLevel(next, level(<isize>level(next)) + 1);
  // Depths of leaves.
  let available = 1;
  let inner = 0;
  let depth: u32 = 0;
  root = n - 2;
  let next = n - 1;
  while (available > 0) {
    while (root >= 0 && level(root) == depth) {
      inner++;
      root--;
    }
    while (available > inner) {
      setLevel(next--, depth);
      available--;
    }
    available = 2 * inner;
    depth++;
    inner = 0;
  }
}

// Makes no depth greater than `most`: what became too short below is taken from the deepest above.
function bound(used: usize, most: u32): void {
  // In units of the deepest level, of which there are 2^most.
  let taken: u32 = 0;
  for (let i: usize = 0; i < used; i++) {
    const depth = min(level(<isize>i), most);
    setLevel(<isize>i, depth);
    taken += 1 << (most - depth);
  }
  // Rare symbols stand first: those are made longer, as far as they can be.
  for (let i: usize = 0; taken > <u32>1 << most; i = i + 1 < used ? i + 1 : 0) {
    const depth = level(<isize>i);
    if (depth == most) continue;
    taken -= 1 << (most - depth - 1);
    setLevel(<isize>i, depth + 1);
  }
  // Common ones last: those are made shorter, where there is room.
  for (let i = used; i > 0 && taken < <u32>1 << most; i--) {
    const depth = level(<isize>i - 1);
    if (depth > 1 && taken + (1 << (most - depth)) <= <u32>1 << most) {
      taken += 1 << (most - depth);
      setLevel(<isize>i - 1, depth - 1);
      i++;
    }
  }
}

// The codes that go with lengths, RFC 1951 section 3.2.2; the first bit lowest, the length from bit 24 on.
export function makeCodes(lengths: usize, symbols: usize, codes: usize): void {
  // How many codes there are of each length, then the next code of each.
  const next = LEVELS;
  memory.fill(next, 0, 64);
  for (let symbol: usize = 0; symbol < symbols; symbol++) {
    const slot = next + 4 * <usize>load<u8>(lengths + symbol);
    store<u32>(slot, load<u32>(slot) + 1);
  }
  store<u32>(next, 0);
  let code: u32 = 0;
  for (let length: usize = 1; length < 16; length++) {
    const many = load<u32>(next + 4 * length);
    store<u32>(next + 4 * length, code);
    code = (code + many) << 1;
  }
  for (let symbol: usize = 0; symbol < symbols; symbol++) {
    const length: u32 = load<u8>(lengths + symbol);
    if (length == 0) continue;
    const slot = next + 4 * <usize>length;
    const value = load<u32>(slot);
    store<u32>(slot, value + 1);
    store<u32>(codes + 4 * symbol, (reversed(value) >> (32 - length)) | (length << 24));
  }
}

function reversed(value: u32): u32 {
  value = ((value >> 1) & 0x55555555) | ((value & 0x55555555) << 1);
  value = ((value >> 2) & 0x33333333) | ((value & 0x33333333) << 2);
  value = ((value >> 4) & 0x0f0f0f0f) | ((value & 0x0f0f0f0f) << 4);
  return bswap(value);
}
