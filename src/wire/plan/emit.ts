import { at, bytes, copy, copyRest, reserve, sizeOfVarint, varint, writeVarint } from './arena.ts';
import type { Frame } from './frame.ts';

/**
 * Writes the message of a frame: a field of the input that begins at `field`, with its content from `start` to `end`, but for
 * the entries that steps changed. Added attributes go behind the last attribute. `attributes` is the tag of its attributes.
 * What follows the last change is left to be copied with whatever comes behind.
 */
export function emit(frame: Frame, attributes: number, field: number, start: number, end: number): void {
  const { entries, found, entryCount } = frame;
  const size = sizeOf(frame, end - start);
  reserve(size + 8);
  if (sizeOfVarint(size) !== start - field - 1) {
    copyRest(field + 1);
    varint(size);
    at.rest = start;
  }
  // Where the length will stand once it is copied with what surrounds it.
  const header = at.rest <= field ? at.out + field + 1 - at.rest : -1;
  for (let row = 0; row < 4 * entryCount; row += 4) {
    if (row < 4 * found) {
      if (entries[row + 3] === 0) continue;
      copyRest(entries[row] as number);
      at.rest = entries[row + 1] as number;
    } else if (row === 4 * found) copyRest(Math.max(at.rest, frame.lastAttribute < 0 ? end : frame.lastAttribute));
    const slot = entries[row + 2] as number;
    if (slot >= 0) writeAttribute(frame, slot, attributes);
  }
  if (header >= 0) writeVarint(header, size);
}

/** Writes a message that the input does not have, as a field. */
export function emitNew(frame: Frame, tag: number, attributes: number): void {
  const size = sizeOf(frame, 0);
  reserve(size + 8);
  bytes[at.out++] = tag;
  varint(size);
  for (let entry = 0; entry < frame.entryCount; entry++) {
    const slot = frame.entries[4 * entry + 2] as number;
    if (slot >= 0) writeAttribute(frame, slot, attributes);
  }
}

/** Bytes of a message once it is written; `before` in the input. */
function sizeOf(frame: Frame, before: number): number {
  const { entries, found, entryCount } = frame;
  let size = before;
  for (let row = 0; row < 4 * entryCount; row += 4) {
    if (row < 4 * found) {
      if (entries[row + 3] === 0) continue;
      size -= (entries[row + 1] as number) - (entries[row] as number);
    }
    const slot = entries[row + 2] as number;
    if (slot >= 0) size += attributeSize(frame, slot);
  }
  return size;
}

/** Bytes of an attribute, or of a field that has a slot, with its tag and length. */
function attributeSize(frame: Frame, slot: number): number {
  const field = frame.slots[4 * slot + 3] as number;
  if (field >= 0) return frame.valueEnd(slot) - field;
  const size = pairSize(frame, slot);
  return 1 + sizeOfVarint(size) + size;
}

function pairSize(frame: Frame, slot: number): number {
  const head = (frame.keys[8 * slot + 1] as number) - (frame.keys[8 * slot] as number);
  const value = frame.valueAt(slot);
  if (value < 0) return head;
  const size = frame.valueEnd(slot) - value;
  return head + 1 + sizeOfVarint(size) + size;
}

function writeAttribute(frame: Frame, slot: number, tag: number): void {
  const valueEnd = frame.valueEnd(slot);
  const field = frame.slots[4 * slot + 3] as number;
  const begin = at.out;
  if (field >= 0) {
    copy(field, valueEnd);
    bytes[begin] = (frame.keys[8 * slot + 7] as number) || tag;
    return;
  }
  bytes[at.out++] = tag;
  varint(pairSize(frame, slot));
  copy(frame.keys[8 * slot] as number, frame.keys[8 * slot + 1] as number);
  const value = frame.valueAt(slot);
  if (value < 0) return;
  bytes[at.out++] = 0x12;
  varint(valueEnd - value);
  copy(value, valueEnd);
}
