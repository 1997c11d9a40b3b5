import { countExternal } from '../external-memory.ts';

/**
 * One block of memory for input, output and constants of the plan that runs. Within one buffer a copy needs no view object,
 * and keys compare as 32-bit words. Plans run one at a time, to their end.
 *
 *     | constants | made values | input | output …
 *
 * Offsets stay valid when the block grows; what was read from `bytes` before is still right for everything up to the output.
 */

/** Room for values that steps make: hashes, extracted texts. Where it is too small, the record is decoded instead. */
const madeSize = 64 * 1024;
/** Output beyond the input that needs no check: outer lengths that grow. */
const slack = 4096;
/** The block is let go after a run if it is larger than this. */
const keep = 4 * 1024 * 1024;
const smallest = 256 * 1024;

let block = new ArrayBuffer(smallest);
/** The block. Replaced when it grows: never kept over a call that writes. */
export let bytes: Buffer = Buffer.from(block);
export let view = new DataView(block);

let inputEnd = 0;
let madeEnd = 0;

/**
 * Where the next made value goes; where the next byte of output goes; and from where on input is still to be copied
 * to the output. What stays the same is thus copied in long pieces, over the ends of messages.
 */
export const at = { made: 0, out: 0, rest: 0 };

/** Puts constants and input in place. Returns where the input begins. */
export function open(constants: Uint8Array, input: Uint8Array): number {
  madeEnd = constants.length + madeSize;
  inputEnd = madeEnd + input.length;
  at.made = constants.length;
  at.out = inputEnd;
  at.rest = madeEnd;
  reserve(input.length + (input.length >>> 2) + slack);
  bytes.set(constants, 0);
  bytes.set(input, madeEnd);
  return madeEnd;
}

/** A copy of the output from `start` on. Ends the run. */
export function close(start: number): Uint8Array {
  countExternal(at.out - start);
  const output = Buffer.allocUnsafeSlow(at.out - start);
  output.set(bytes.subarray(start, at.out));
  release();
  return output;
}

/** Ends the run without a result. */
export function release(): void {
  if (block.byteLength > keep) replace(smallest, 0);
}

/** Makes sure of `size` more bytes of output beside all of the input that is still to be copied. */
export function reserve(size: number): void {
  const wanted = at.out + size + (inputEnd - at.rest) + slack;
  if (wanted > block.byteLength) replace(Math.max(2 ** Math.ceil(Math.log2(wanted)), smallest), at.out);
}

/** Copies what is left of the input up to `end`. */
export function copyRest(end: number): void {
  copy(at.rest, end);
  at.rest = end;
}

function replace(size: number, used: number): void {
  const old = bytes;
  block = new ArrayBuffer(size);
  bytes = Buffer.from(block);
  view = new DataView(block);
  if (used > 0) bytes.set(old.subarray(0, used));
}

/** Whether a made value of this many bytes still has room. */
export function madeHasRoom(size: number): boolean {
  return at.made + size <= madeEnd;
}

/** Appends a copy of a range to the output. The room is there already. */
export function copy(start: number, end: number): void {
  const size = end - start;
  const { out } = at;
  at.out = out + size;
  if (size > 40) {
    bytes.copyWithin(out, start, end);
    return;
  }
  const target = bytes;
  const words = view;
  let i = 0;
  for (; i + 4 <= size; i += 4) words.setInt32(out + i, words.getInt32(start + i, true), true);
  for (; i < size; i++) target[out + i] = target[start + i] as number;
}

/** Appends foreign bytes to the output, after making room. */
export function append(source: Uint8Array): void {
  reserve(source.length);
  bytes.set(source, at.out);
  at.out += source.length;
}

/** Appends a varint below 2^31 to the output. */
export function varint(value: number): void {
  at.out = writeVarint(at.out, value);
}

/** Writes a varint below 2^31 at a place. Returns where it ends. */
export function writeVarint(start: number, value: number): number {
  const target = bytes;
  let p = start;
  let rest = value;
  while (rest > 127) {
    target[p++] = (rest & 127) | 128;
    rest >>>= 7;
  }
  target[p++] = rest;
  return p;
}

/** Bytes of a varint below 2^31. */
export function sizeOfVarint(value: number): number {
  return value < 128 ? 1 : value < 16384 ? 2 : value < 2097152 ? 3 : value < 268435456 ? 4 : 5;
}
