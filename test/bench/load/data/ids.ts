import type { Signal } from '../../../../src/wire/index.ts';
import { idHigh } from './values.ts';

/** Tags on the way from a request to its records, and the tag of the record's id. All are one byte long. */
interface Shape {
  readonly path: readonly (readonly number[])[];
  readonly id: number;
}

const child = (...fields: readonly number[]): readonly number[] => fields.map((field) => (field << 3) | 2);
const fixed64 = (field: number): number => (field << 3) | 1;

const shapes: Readonly<Record<Signal, Shape>> = {
  logs: { path: [child(1), child(2), child(2)], id: fixed64(11) },
  traces: { path: [child(1), child(2), child(2)], id: fixed64(7) },
  metrics: { path: [child(1), child(2), child(2), child(5, 7, 9), child(1)], id: fixed64(2) },
};

let bytes: Uint8Array = new Uint8Array(0);
let at = 0;

/**
 * Calls `found` with the offset of each record's id, in the order of the records; -1 for one without. Reads nothing but
 * what leads there, in any order of fields; the bytes must be well-formed.
 */
export function eachId(signal: Signal, request: Uint8Array, found: (offset: number) => void): void {
  bytes = request;
  at = 0;
  walk(shapes[signal], 0, request.length, found);
  bytes = new Uint8Array(0);
}

/** The sequence number of the id at `offset`; -1 where it is no id of ours. */
export function sequenceAt(request: Uint8Array, offset: number): number {
  const view = request;
  const high = word(view, offset + 4);
  return high === idHigh ? word(view, offset) : -1;
}

function word(view: Uint8Array, from: number): number {
  const low = (view[from] as number) | ((view[from + 1] as number) << 8);
  return (low | ((view[from + 2] as number) << 16) | ((view[from + 3] as number) << 24)) >>> 0;
}

function walk(shape: Shape, depth: number, end: number, found: (offset: number) => void): void {
  const wanted = shape.path[depth] as readonly number[];
  while (at < end) {
    const tag = varint();
    if (!wanted.includes(tag)) skip(tag & 7);
    else {
      const length = varint();
      const childEnd = at + length;
      if (depth + 1 < shape.path.length) walk(shape, depth + 1, childEnd, found);
      else found(idIn(shape.id, childEnd));
      at = childEnd;
    }
  }
}

/** The same as `skip` in a loop, over local variables: most of the time is spent here. */
function idIn(id: number, end: number): number {
  const data = bytes;
  let pos = at;
  while (pos < end) {
    const tag = data[pos++] as number;
    if (tag === id) return pos;
    if (tag >= 0x80) while ((data[pos++] as number) >= 0x80);
    const wireType = tag & 7;
    if (wireType === 1) pos += 8;
    else if (wireType === 5) pos += 4;
    else {
      const first = data[pos++] as number;
      const second = data[pos] as number;
      if (first < 0x80) pos += wireType === 2 ? first : 0;
      else if (wireType === 2 && second < 0x80) pos += 1 + (first & 0x7f) + second * 128;
      else {
        at = pos - 1;
        const value = varint();
        pos = at + (wireType === 2 ? value : 0);
      }
    }
  }
  return -1;
}

function skip(wireType: number): void {
  if (wireType === 0) varint();
  else if (wireType === 1) at += 8;
  else if (wireType === 5) at += 4;
  else at = varint() + at;
}

function varint(): number {
  let byte = bytes[at++] as number;
  if (byte < 0x80) return byte;
  let value = byte & 0x7f;
  for (let scale = 128; byte >= 0x80; scale *= 128) {
    byte = bytes[at++] as number;
    value += (byte & 0x7f) * scale;
  }
  return value;
}
