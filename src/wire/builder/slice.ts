/** A part of some bytes. One object may be set and passed again and again. */
export interface Slice {
  source: Uint8Array;
  start: number;
  end: number;
}

/** Text as a slice, for keys that are written often. */
export function sliceOf(text: string): Slice {
  const source = Buffer.from(text);
  return { source, start: 0, end: source.length };
}

/** The same text with U+FFFD for bytes that are not UTF-8. */
export function repaired({ source, start, end }: Slice): Slice {
  return sliceOf(Buffer.from(source.buffer, source.byteOffset + start, end - start).toString());
}
