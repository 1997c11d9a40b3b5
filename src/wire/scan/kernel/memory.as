// Memory: what is always there (the state, the messages), and on the heap the input, the output and what grows. Blocks of the heap are
// never given back: each at least doubles, and TypeScript begins with a new memory when this one has grown large.

// Told to TypeScript after everything that may have moved or grown: where the input and the output are, and the room in each.
// @ts-ignore: decorator
@external("env", "placed")
declare function placed(input: usize, inputRoom: usize, output: usize, outputRoom: usize): void;

// Zeros behind the input: words and vectors may be read past the end.
const PADDING: usize = 64;
// Behind the room of the output: words and vectors may be written past the end.
const SLACK: usize = 64;
const FIRST_OUTPUT: usize = 0x4000;

// What TypeScript reads: the place in the batch, where the contents of the field found last end, and where the lists of a resource
// and of a scope begin and end. src/wire/scan/state.ts knows the same numbers.
export const STATE: usize = memory.data(32, 16);
export const RESOURCE_INDEX: usize = 0;
export const SCOPE_INDEX: usize = 4;
export const METRIC_KIND: usize = 8;
export const FOUND_END: usize = 12;
export const RESOURCE_GROUP: usize = 16;
export const SCOPE_GROUP: usize = 24;

export let input: usize = 0;
let inputRoom: usize = 0;
export let out: usize = 0;
let outputRoom: usize = 0;
// Where writing stands.
export let at: usize = 0;

// A block with the contents of the old one, which may be 0.
// @ts-ignore: decorator
@inline
function enlarged(block: usize, size: usize): usize {
  return block == 0 ? heap.alloc(size) : heap.realloc(block, size);
}

export function allocate(size: usize): usize {
  return resized(0, size);
}

export function resized(block: usize, size: usize): usize {
  const result = enlarged(block, size);
  placed(input, inputRoom, out, outputRoom);
  return result;
}

// Makes room for an input of so many bytes, with zeros behind it; what was there before is lost.
export function reserveInput(size: usize): void {
  if (size > inputRoom || input == 0) {
    input = enlarged(input, size + PADDING);
    inputRoom = size;
    placed(input, inputRoom, out, outputRoom);
  }
  memory.fill(input + size, 0, PADDING);
}

// Writing goes on behind so many bytes of output.
// @ts-ignore: decorator
@inline
export function writeAt(length: usize): void {
  at = out + length;
}

// Moves to an address in the output.
// @ts-ignore: decorator
@inline
export function writeTo(address: usize): void {
  at = address;
}

// How many bytes of output there are.
// @ts-ignore: decorator
@inline
export function written(): usize {
  return at - out;
}

// Makes room for so many bytes more. The output may move: addresses in it are good until then, lengths always.
// @ts-ignore: decorator
@inline
export function ensure(size: usize): void {
  if (size > out + outputRoom - at) grow(size);
}

function grow(size: usize): void {
  const length = at - out;
  const room = max<usize>(max<usize>(2 * outputRoom, FIRST_OUTPUT), length + size);
  out = enlarged(out, room + SLACK);
  outputRoom = room;
  at = out + length;
  placed(input, inputRoom, out, outputRoom);
}

// Above this, a call of the platform is faster than vectors.
const SHORT: usize = 256;

// Appends bytes that stand at `from`, for which there is room. Both may be gone past by a vector.
// @ts-ignore: decorator
@inline
export function copy(from: usize, size: usize): void {
  if (size > SHORT) memory.copy(at, from, size);
  else for (let i: usize = 0; i < size; i += 16) v128.store(at + i, v128.load(from + i));
  at += size;
}
