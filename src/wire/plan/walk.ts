import { bytes, view } from './arena.ts';
import { watch, type Frame } from './frame.ts';
import type { KeyPatterns } from './key-patterns.ts';

/** Beyond every batch, and still a small integer: a place that no walk takes for the end of its message. */
const far = 0x3fffffff;

let next = 0;

/** A varint, or `far` where it is larger than that. `afterVarint` then says where it ends. */
export function readVarint(b: Uint8Array, start: number): number {
  let value = 0;
  let p = start;
  for (let shift = 0; shift < 28; shift += 7) {
    const byte = b[p++] as number;
    value |= (byte & 127) << shift;
    if (byte < 128) {
      next = p;
      return value;
    }
  }
  const last = b[p++] as number;
  next = p;
  return last < 4 ? Math.min(value | (last << 28), far) : far;
}

/** Where the varint ends that `readVarint` read last. */
export function afterVarint(): number {
  return next;
}

/** Where the field ends whose tag is at `start`; beyond it where it is not written the plain way. */
export function endOfField(b: Uint8Array, start: number): number {
  let tag = b[start] as number;
  let p = start + 1;
  if (tag > 127) {
    tag = readVarint(b, start);
    p = next;
    // A padded tag may stand for a field that matters.
    if (tag < 128) return far;
  }
  switch (tag & 7) {
    case 0:
      while ((b[p++] as number) > 127);
      return p;
    case 1:
      return p + 8;
    case 2: {
      const length = readVarint(b, p);
      return next + length;
    }
    case 5:
      return p + 4;
    default:
      return far;
  }
}

/**
 * Finds the attributes and fields of a message that a frame is about. `attributes` is the tag of its attributes, 0 for none.
 * Sets `frame.odd` where something in it matters and is not written the plain way.
 */
export function walk(frame: Frame, start: number, end: number, attributes: number): void {
  frame.reset();
  const b = bytes;
  const { watch: watched, firstOfLength } = frame;
  const matching = frame.patterns !== undefined;
  const lengths = matching ? 0 : firstOfLength.length;
  let last = -1;
  let p = start;
  while (p < end) {
    const at = p;
    const tag = b[p++] as number;
    if (tag === attributes) {
      let length = b[p++] as number;
      if (length > 127) {
        length = readVarint(b, p - 1);
        p = next;
      }
      last = p + length;
      // Nearly all attributes are a key and a value, in either order, each below 128 bytes. Few have a key of a wanted length.
      const first = b[p + 1] as number;
      const middle = p + 2 + first;
      const second = b[middle + 1] as number;
      const order =
        first < 128 && second < 128 && middle + 2 + second === last
          ? ((b[p] as number) << 8) | (b[middle] as number)
          : 0;
      const keyFirst = order === 0x0a12;
      if (keyFirst || order === 0x120a) {
        const size = keyFirst ? first : second;
        if (size < lengths ? (firstOfLength[size] as number) >= 0 : matching) {
          const head = keyFirst ? p : middle;
          const slot = slotOf(frame, head, head + 2, size);
          if (slot >= 0) frame.enter(slot, at, last, keyFirst ? middle + 2 : p + 2, keyFirst ? last : middle);
        }
      } else keyValue(frame, at, p, last);
      p = last;
    } else if (tag < 128 && watched[tag] !== 0) p = field(frame, watched[tag] as number, p);
    else if ((tag & 0x87) === 2 && (b[p] as number) < 128) p += 1 + (b[p] as number);
    else if ((tag & 0x87) === 1) p += 8;
    else if ((tag & 0x87) === 5) p += 4;
    else p = endOfField(b, at);
  }
  frame.lastAttribute = last;
  if (p !== end) frame.odd = true;
}

/** Any attribute: the field begins at `at`, its KeyValue is from `start` to `end`. */
function keyValue(frame: Frame, at: number, start: number, end: number): void {
  const b = bytes;
  let p = start;
  let head = start;
  let key = -1;
  let keyEnd = -1;
  let value = -1;
  let valueEnd = -1;
  if (b[p] === 0x0a) {
    let length = b[++p] as number;
    key = p + 1;
    if (length > 127) {
      length = readVarint(b, p);
      key = next;
    }
    p = keyEnd = key + length;
    if (p !== end) {
      if (b[p] !== 0x12) return oddAttribute(frame);
      length = b[++p] as number;
      value = p + 1;
      if (length > 127) {
        length = readVarint(b, p);
        value = next;
      }
      valueEnd = value + length;
      if (valueEnd !== end) return oddAttribute(frame);
    }
  } else if (b[p] === 0x12) {
    let length = b[++p] as number;
    value = p + 1;
    if (length > 127) {
      length = readVarint(b, p);
      value = next;
    }
    p = valueEnd = value + length;
    if (p >= end || b[p] !== 0x0a) return oddAttribute(frame);
    head = p;
    length = b[++p] as number;
    key = p + 1;
    if (length > 127) {
      length = readVarint(b, p);
      key = next;
    }
    keyEnd = key + length;
    if (keyEnd !== end) return oddAttribute(frame);
  } else return oddAttribute(frame);

  const slot = slotOf(frame, head, key, keyEnd - key);
  if (slot >= 0) frame.enter(slot, at, end, value, valueEnd);
}

function oddAttribute(frame: Frame): void {
  frame.odd = true;
}

/** The slot of a key in the input, or -1 where no step and no condition is about it. */
function slotOf(frame: Frame, head: number, key: number, length: number): number {
  if (length < frame.firstOfLength.length) {
    const { keys } = frame;
    let slot = frame.firstOfLength[length] as number;
    const first = length < 4 ? 0 : view.getInt32(key, true);
    const last = length < 4 ? 0 : view.getInt32(key + length - 4, true);
    while (slot >= 0) {
      const row = 8 * slot;
      if (keys[row + 3] === first && keys[row + 4] === last) {
        if ((length <= 8 && length >= 4) || sameBytes(key, (keys[row + 1] as number) - length, length)) return slot;
      }
      slot = keys[row + 5] as number;
    }
  }
  const { patterns } = frame;
  return patterns === undefined ? -1 : patternSlot(frame, patterns, head, key, length);
}

/** A slot of its own for a key that is wanted; the one it has already where it occurs twice. */
function patternSlot(frame: Frame, patterns: KeyPatterns, head: number, key: number, length: number): number {
  const index = patterns.find(key, length);
  const mask = index < 0 ? patterns.maskOf(bytes.subarray(key, key + length)) : patterns.maskAt(index);
  if (mask === 0) return -1;
  const { keys } = frame;
  if (index >= 0) {
    const slot = patterns.slots[index] as number;
    if (slot >= frame.named && slot < frame.slotCount && keys[8 * slot + 3] === index) return slot;
    patterns.slots[index] = frame.slotCount;
    return frame.claim(head, key + length, length, mask, index);
  }
  for (let slot = frame.named; slot < frame.slotCount; slot++) {
    const headEnd = keys[8 * slot + 1] as number;
    const same = keys[8 * slot + 3] === index && keys[8 * slot + 2] === length;
    if (same && sameBytes(key, headEnd - length, length)) return slot;
  }
  return frame.claim(head, key + length, length, mask, index);
}

/** Whether two ranges of the arena are equal. */
export function sameBytes(a: number, b: number, length: number): boolean {
  if (length < 4) {
    for (let i = 0; i < length; i++) if (bytes[a + i] !== bytes[b + i]) return false;
    return true;
  }
  const words = view;
  const last = length - 4;
  if (words.getInt32(a + last, true) !== words.getInt32(b + last, true)) return false;
  for (let i = 0; i < last; i += 4) if (words.getInt32(a + i, true) !== words.getInt32(b + i, true)) return false;
  return true;
}

/** Reads a watched field whose tag ends at `start` into its register. Returns where it ends. */
function field(frame: Frame, action: number, start: number): number {
  const { fields } = frame;
  const row = 4 * (action & 15);
  const value = readVarint(bytes, start);
  const p = next;
  if ((action & 0xf0) === watch.nested) {
    frame.nested.push(p, p + value);
    return p + value;
  }
  // Which of two counts, or how they merge, is for the codec to say.
  if ((fields[row + 1] as number) >= 0) frame.odd = true;
  fields[row + 1] = p;
  if ((action & 0xf0) === watch.number) {
    if (value === far) {
      frame.odd = true;
      return far;
    }
    fields[row] = value;
    return p;
  }
  const end = p + value;
  fields[row + 2] = end;
  if ((action & 0xf0) === watch.status) statusCode(frame, row, p, end);
  const slot = fields[row + 3] as number;
  if (slot >= 0) frame.enter(slot, start - 1, end, p, end);
  return end;
}

/** Reads the code out of a Status: its field 3. */
function statusCode(frame: Frame, row: number, start: number, end: number): void {
  const b = bytes;
  let p = start;
  while (p < end) {
    const at = p;
    p = endOfField(b, at);
    if (b[at] !== 0x18) continue;
    const code = readVarint(b, at + 1);
    if (next !== p) break;
    frame.fields[row] = code;
  }
  if (p !== end) frame.odd = true;
}
