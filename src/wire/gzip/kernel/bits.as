import { OUTPUT } from './memory';

// Where whole bytes are written to, and the bits that are none yet: at most 7 after `flush`.
export let at: usize = OUTPUT;
export let pendingBits: u64 = 0;
export let pendingSize: u64 = 0;

// @ts-ignore: decorator
@inline
export function begin(): void {
  at = OUTPUT;
  pendingBits = 0;
  pendingSize = 0;
}

// Adds up to 57 bits, together with those since the last `flush`.
// @ts-ignore: decorator
@inline
export function put(value: u64, size: u64): void {
  pendingBits |= value << pendingSize;
  pendingSize += size;
}

// A code with its length from bit 24 on.
// @ts-ignore: decorator
@inline
export function putCode(code: u32): void {
  put(code & 0xffffff, code >> 24);
}

// @ts-ignore: decorator
@inline
export function flush(): void {
  store<u64>(at, pendingBits);
  at += <usize>(pendingSize >> 3);
  pendingBits >>= pendingSize & 56;
  pendingSize &= 7;
}

// Fills the byte up with zeros.
export function align(): void {
  pendingSize = (pendingSize + 7) & ~7;
  flush();
}

// Whole bytes; there must be no bits left.
export function putBytes(from: usize, length: usize): void {
  memory.copy(at, from, length);
  at += length;
}

// What was written with variables of one's own.
export function goOn(to: usize, bits: u64, size: u64): void {
  at = to;
  pendingBits = bits;
  pendingSize = size;
}
