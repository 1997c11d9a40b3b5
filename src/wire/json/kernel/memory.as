// Memory: a word with where AnyValue is, the messages and their members (src/wire/json/kernel-tables.ts lays them out), and
// from 64 KiB on the input, zeros behind it, and the output.
export const ANY_VALUE: usize = 0;
export const INPUT: usize = 0x10000;
// Zeros behind the input: zero ends every token, and vectors may be read past the end.
export const PADDING: usize = 64;

// A member: its name, `":` and zeros in 32 bytes, then what follows. A message: what follows, as far as it applies.
export const MASK: usize = 32; // u32: a bit for every byte of the name, the quote and the colon
export const NEXT: usize = 36; // u32: the member that came after it last, the guess for the next time
export const BIT: usize = 40; // u32: a bit of its own among the members of its message
export const TAGS: usize = 44; // u16: the one or two bytes in front of a value
export const KIND: usize = 46; // u8
export const FLAGS: usize = 47; // u8
export const MESSAGE: usize = 48; // u32: for messages, which
export const FIRST: usize = 52; // u32: of a message, the first member
export const LAST: usize = 56; // u32: of a message, the end of its members
export const LENGTH_SIZE: usize = 60; // u8: how many bytes the last length took, the guess for the next
export const SIZE: usize = 64;

export const REPEATED: u32 = 1;
export const PACKED: u32 = 2;
export const PRESENCE: u32 = 4;
export const COUNTED: u32 = 8;
export const ATTRIBUTE: u32 = 16;

// Where writing stands.
export let at: usize = 0;
// Whether the scalar written last is the value that proto3 leaves out.
export let absent: bool = false;
export let depth: i32 = 0;
export let maxDepth: i32 = 0;
// Log records, spans or data points.
export let count: i32 = 0;
// Where the input and the output end.
export let inputEnd: usize = 0;
export let outputEnd: usize = 0;

// Makes room for `length` bytes of input and what may come of them.
export function reserve(length: usize, depthLimit: i32): void {
  inputEnd = INPUT + length;
  maxDepth = depthLimit;
  outputEnd = inputEnd + PADDING + roomFor(INPUT);
  const pages = <i32>((outputEnd + 0xffff) >> 16);
  if (pages > memory.size() && memory.grow(pages - memory.size()) < 0) doubt();
}

// Starts over with the input that stands there.
export function begin(): void {
  for (let i: usize = 0; i < PADDING; i += 16) v128.store(inputEnd + i, i8x16.splat(0));
  at = inputEnd + PADDING;
  depth = 0;
  count = 0;
}

// Room for the rest of the input: nothing takes more than twice its JSON but packed numbers. On top, room for guessed lengths at
// every depth and for whole vectors.
export function roomFor(p: usize): usize {
  return 2 * (inputEnd - p) + 128 + 8 * <usize>maxDepth;
}

// Gives up: this is for TypeScript, which finds out what is wrong, and where, or takes it after all.
// @ts-ignore: decorator
@inline
export function doubt(): void {
  unreachable();
}

// @ts-ignore: decorator
@inline
export function enter(): void {
  if (++depth > maxDepth) doubt();
}
