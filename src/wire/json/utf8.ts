/** U+FFFD in UTF-8. */
export const replacement = [0xef, 0xbf, 0xbd] as const;

/**
 * Looks at the bytes from `at`, the first being above ASCII. A well-formed sequence gives its length. Otherwise the result is
 * negative: so many bytes stand for one U+FFFD (the longest prefix of a sequence that could have become well-formed,
 * as the WHATWG decoder and Unicode's recommendation have it).
 */
export function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  const second = at + 1 < end ? bytes[at + 1]! : 0;
  if (lead < 0xe0) return isContinuation(second) ? 2 : -1;
  if (!secondFits(lead, second)) return -1;
  const third = at + 2 < end ? bytes[at + 2]! : 0;
  if (!isContinuation(third)) return -2;
  if (lead < 0xf0) return 3;
  const fourth = at + 3 < end ? bytes[at + 3]! : 0;
  return isContinuation(fourth) ? 4 : -3;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

/** No overlong forms, no surrogates, nothing above U+10FFFF. */
function secondFits(lead: number, second: number): boolean {
  if (lead === 0xe0) return second >= 0xa0 && second <= 0xbf;
  if (lead === 0xed) return second >= 0x80 && second <= 0x9f;
  if (lead === 0xf0) return second >= 0x90 && second <= 0xbf;
  if (lead === 0xf4) return second >= 0x80 && second <= 0x8f;
  return isContinuation(second);
}

/** Writes a code point; returns where the next one goes. */
export function putCodePoint(out: Uint8Array, at: number, code: number): number {
  if (code < 0x80) {
    out[at] = code;
    return at + 1;
  }
  if (code < 0x800) {
    out[at] = 0xc0 | (code >> 6);
    out[at + 1] = 0x80 | (code & 0x3f);
    return at + 2;
  }
  if (code < 0x10000) {
    out[at] = 0xe0 | (code >> 12);
    out[at + 1] = 0x80 | ((code >> 6) & 0x3f);
    out[at + 2] = 0x80 | (code & 0x3f);
    return at + 3;
  }
  out[at] = 0xf0 | (code >> 18);
  out[at + 1] = 0x80 | ((code >> 12) & 0x3f);
  out[at + 2] = 0x80 | ((code >> 6) & 0x3f);
  out[at + 3] = 0x80 | (code & 0x3f);
  return at + 4;
}
