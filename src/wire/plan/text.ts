import type { NativeBuffer } from '../codec/native-buffer.ts';
import { values } from '../codec/reader.ts';
import { maxTabled } from '../codec/string-table.ts';
import { bytes, view } from './arena.ts';

/** The text at a place in the arena; short ones are likely to have been made before. */
export function textAt(start: number, end: number): string {
  const length = end - start;
  if (length === 0) return '';
  const source = bytes as NativeBuffer;
  return length > maxTabled ? source.utf8Slice(start, end) : values.get(source, view, start, length);
}
