import { doubt } from './memory';

export const QUOTE: u32 = 0x22;
export const PLUS: u32 = 0x2b;
export const COMMA: u32 = 0x2c;
export const MINUS: u32 = 0x2d;
export const DOT: u32 = 0x2e;
export const ZERO: u32 = 0x30;
export const COLON: u32 = 0x3a;
export const OPEN_BRACKET: u32 = 0x5b;
export const BACKSLASH: u32 = 0x5c;
export const CLOSE_BRACKET: u32 = 0x5d;
export const LOWER_E: u32 = 0x65;
export const LOWER_F: u32 = 0x66;
export const LOWER_N: u32 = 0x6e;
export const LOWER_T: u32 = 0x74;
export const LOWER_U: u32 = 0x75;
export const OPEN_BRACE: u32 = 0x7b;
export const CLOSE_BRACE: u32 = 0x7d;

// As they stand in memory; of `false`, the first four letters.
const NULL: u32 = 0x6c6c756e;
const TRUE: u32 = 0x65757274;
const FALSE: u32 = 0x736c6166;

// To what is not white space.
// @ts-ignore: decorator
@inline
export function next(p: usize): usize {
  return load<u8>(p) > 0x20 ? p : skipSpace(p);
}

function skipSpace(p: usize): usize {
  let byte: u32 = load<u8>(p);
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) byte = load<u8>(++p);
  return p;
}

// From behind a name to the value.
export function colon(p: usize): usize {
  p = next(p);
  if (load<u8>(p) != COLON) doubt();
  return next(p + 1);
}

// Behind an element or a member: to what follows the comma. Zero at the closing character, which is one byte.
// @ts-ignore: decorator
@inline
export function another(p: usize, close: u32): usize {
  const byte: u32 = load<u8>(p);
  if (byte == COMMA) return next(p + 1);
  if (byte != close) doubt();
  return 0;
}

export function skipNull(p: usize): usize {
  if (load<u32>(p) != NULL) doubt();
  return p + 4;
}

export function skipTrue(p: usize): usize {
  if (load<u32>(p) != TRUE) doubt();
  return p + 4;
}

export function skipFalse(p: usize): usize {
  if (load<u32>(p) != FALSE || load<u8>(p + 4) != LOWER_E) doubt();
  return p + 5;
}
