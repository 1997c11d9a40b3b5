export const quote = 0x22;
export const plus = 0x2b;
export const comma = 0x2c;
export const minus = 0x2d;
export const dot = 0x2e;
export const zero = 0x30;
export const colon = 0x3a;
export const upperE = 0x45;
export const openBracket = 0x5b;
export const backslash = 0x5c;
export const closeBracket = 0x5d;
export const lowerE = 0x65;
export const lowerF = 0x66;
export const lowerN = 0x6e;
export const lowerT = 0x74;
export const lowerU = 0x75;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

/** The value of a hex digit by its byte; 255 for any other byte. */
export const hexDigits: Uint8Array = new Uint8Array(256).fill(255);
for (let digit = 0; digit < 16; digit++) {
  hexDigits[digit.toString(16).charCodeAt(0)] = digit;
  hexDigits[digit.toString(16).toUpperCase().charCodeAt(0)] = digit;
}

/**
 * Tests four bytes at once for what a JSON string may not hold as is (quote, backslash, control characters) or what
 * needs checking (anything above ASCII). Zero if there is none; otherwise `firstSpecial` says which byte is the first.
 */
export function specials(word: number): number {
  const quotes = (word ^ 0x22222222) - 0x01010101;
  const backslashes = (word ^ 0x5c5c5c5c) - 0x01010101;
  return (word | (word - 0x20202020) | quotes | backslashes) & 0x80808080;
}

/** 0 to 3: the first byte, in memory order, that `specials` found. */
export function firstSpecial(found: number): number {
  return (31 - Math.clz32(found & -found)) >> 3;
}
