import { at, bytes, copy, reserve, sizeOfVarint, varint } from './arena.ts';
import type { Frame } from './frame.ts';

/**
 * Writes the message of a frame as a field: its bytes from `start` to `end`, but for the entries that steps changed.
 * Added attributes go behind the last attribute. `attributes` is the tag of its attributes.
 */
export function emit(frame: Frame, tag: number, attributes: number, start: number, end: number): void {
  const { entryAt, entryEnd, entrySlot, dirty, found, entries } = frame;
  const size = sizeOf(frame, start, end);
  reserve(size + 8, end);
  bytes[at.out++] = tag;
  varint(size);
  let from = start;
  for (let entry = 0; entry < found; entry++) {
    const slot = entrySlot[entry] as number;
    if (slot >= 0 && dirty[slot] === 0) continue;
    copy(from, entryAt[entry] as number);
    from = entryEnd[entry] as number;
    if (slot >= 0) writeAttribute(frame, slot, attributes);
  }
  if (entries > found) {
    const last = frame.lastAttribute < 0 ? end : frame.lastAttribute;
    copy(from, last);
    from = last;
    for (let entry = found; entry < entries; entry++) {
      const slot = entrySlot[entry] as number;
      if (slot >= 0) writeAttribute(frame, slot, attributes);
    }
  }
  copy(from, end);
}

/** Bytes of the message once it is written. */
function sizeOf(frame: Frame, start: number, end: number): number {
  const { entryAt, entryEnd, entrySlot, dirty, found, entries } = frame;
  let size = end - start;
  for (let entry = 0; entry < entries; entry++) {
    const slot = entrySlot[entry] as number;
    if (entry < found) {
      if (slot >= 0 && dirty[slot] === 0) continue;
      size -= (entryEnd[entry] as number) - (entryAt[entry] as number);
    }
    if (slot >= 0) size += attributeSize(frame, slot);
  }
  return size;
}

/** Bytes of an attribute with its tag and length. */
function attributeSize(frame: Frame, slot: number): number {
  const field = frame.fieldAt[slot] as number;
  if (field >= 0) return (frame.valueEnd[slot] as number) - field;
  const size = pairSize(frame, slot);
  return 1 + sizeOfVarint(size) + size;
}

function pairSize(frame: Frame, slot: number): number {
  const head = (frame.headEnd[slot] as number) - (frame.headAt[slot] as number);
  const value = frame.valueAt[slot] as number;
  if (value < 0) return head;
  const size = (frame.valueEnd[slot] as number) - value;
  return head + 1 + sizeOfVarint(size) + size;
}

function writeAttribute(frame: Frame, slot: number, tag: number): void {
  const valueEnd = frame.valueEnd[slot] as number;
  const field = frame.fieldAt[slot] as number;
  const begin = at.out;
  if (field >= 0) {
    copy(field, valueEnd);
    bytes[begin] = tag;
    return;
  }
  bytes[at.out++] = tag;
  varint(pairSize(frame, slot));
  copy(frame.headAt[slot] as number, frame.headEnd[slot] as number);
  const value = frame.valueAt[slot] as number;
  if (value < 0) return;
  bytes[at.out++] = 0x12;
  varint(valueEnd - value);
  copy(value, valueEnd);
}
