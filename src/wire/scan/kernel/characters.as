import { at, writeTo } from './memory';

export const QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const MINUS: u32 = 0x2d;
export const ZERO: u32 = 0x30;
export const COLON: u32 = 0x3a;
export const OPEN_BRACKET: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSE_BRACKET: u32 = 0x5d;
export const LOWER_U: u32 = 0x75;
export const OPEN_BRACE: u32 = 0x7b;
export const CLOSE_BRACE: u32 = 0x7d;

// Both need room that was made before.

// @ts-ignore: decorator
@inline
export function put(byte: u32): void {
  store<u8>(at, <u8>byte);
  writeTo(at + 1);
}

// The first `size` bytes of a word.
// @ts-ignore: decorator
@inline
export function putWord(word: u32, size: usize): void {
  store<u32>(at, word);
  writeTo(at + size);
}
