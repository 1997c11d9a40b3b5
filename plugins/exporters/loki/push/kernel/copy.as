const SHORT: usize = 256;

// Copies in whole registers: up to fifteen bytes more are read and written.
// @ts-ignore: decorator
@inline
export function copy(to: usize, from: usize, size: usize): void {
  if (size > SHORT) memory.copy(to, from, size);
  else for (let i: usize = 0; i < size; i += 16) v128.store(to + i, v128.load(from + i));
}

// Whether both have the same bytes. Up to fifteen bytes behind short ones are read.
export function same(a: usize, b: usize, size: usize): bool {
  if (size <= 16) {
    const different: u32 = i8x16.bitmask(i8x16.ne(v128.load(a), v128.load(b)));
    return (different & ((1 << <u32>size) - 1)) == 0;
  }
  const last = size - 16;
  for (let i: usize = 0; i < last; i += 16) if (v128.any_true(v128.xor(v128.load(a + i), v128.load(b + i)))) return false;
  return !v128.any_true(v128.xor(v128.load(a + last), v128.load(b + last)));
}
