import { isUtf8 } from 'node:buffer';
import { MalformedError, type Signal } from './batch.ts';
import { messages, signalMessages, wireTypes, type Field, type MessageName } from './schema.ts';

/** Messages may stand inside each other this deep, the request included. */
export const maxDepth = 100;

export interface Structure {
  /** Log records, spans or data points. */
  readonly count: number;
  /** Where the first text that is not UTF-8 stands; -1 where all text is. */
  readonly invalidUtf8: number;
}

// What to do with a field, by message and tag. From `bytes` on, a length stands before it; from `nested` on, it is a
// message: `nested + its index`. The kernel in structure.as knows the same numbers.
const unknown = 0;
const varint = 1;
const fixed64 = 2;
const fixed32 = 3;
const wrongType = 4;
const bytes = 5;
const text = 6;
const packed64 = 7;
const packedVarints = 8;
const nested = 16;

const names = Object.keys(messages) as MessageName[];
const index = new Map(names.map((name, i) => [name, i]));
const tagsPerMessage = 256; // field numbers up to 31
export const actions = new Uint8Array(names.length * tagsPerMessage);
export const isRecord = new Uint8Array(names.length);

const scalarActions: readonly number[] = [varint, fixed64, bytes, unknown, unknown, fixed32];

for (const [i, name] of names.entries()) {
  isRecord[i] = Number(name === 'LogRecord' || name === 'Span' || name.endsWith('DataPoint'));
  for (const field of messages[name]) {
    const row = i * tagsPerMessage + field.number * 8;
    actions.fill(wrongType, row, row + 8);
    const wireType = wireTypes[field.kind];
    actions[row + wireType] = actionOf(field, wireType);
    if (field.repeated && wireType === 1) actions[row + 2] = packed64;
    if (field.repeated && wireType === 0) actions[row + 2] = packedVarints;
  }
}

function actionOf(field: Field, wireType: number): number {
  if (field.type !== undefined) return nested + (index.get(field.type) as number);
  return field.kind === 'string' ? text : (scalarActions[wireType] as number);
}

export const keyValue = nested + (index.get('KeyValue') as number);

const openTypes = new Uint8Array(maxDepth);
const openEnds = new Float64Array(maxDepth);

/** The index of a signal's request message. */
export function rootOf(signal: Signal): number {
  return index.get(signalMessages[signal].request) as number;
}

/** The structural check, step by step: slower than the kernel, but it knows what is wrong and where. */
export function walkStructure(signal: Signal, input: Uint8Array): Structure {
  const b = input;
  const view = new DataView(b.buffer, b.byteOffset, b.byteLength);
  let p = 0;
  let end = b.length;
  let type = rootOf(signal) * tagsPerMessage;
  let depth = 0;
  let count = 0;
  let invalidUtf8 = -1;
  for (;;) {
    while (p === end) {
      if (depth === 0) return { count, invalidUtf8 };
      depth -= 1;
      end = openEnds[depth] as number;
      type = (openTypes[depth] as number) * tagsPerMessage;
    }
    const at = p;
    let tag = b[p++] as number;
    if (tag > 127) {
      if (p < end && (b[p] as number) < 2 && b[p] !== 0) tag = (tag & 127) | ((b[p++] as number) << 7);
      else {
        p = endOfVarint(b, at, end);
        tag = wideTag(b, at, p);
      }
    }
    let action = unknown as number;
    if (tag < tagsPerMessage) {
      if (tag < 8) throw new MalformedError('field number 0', at);
      action = actions[type + tag] as number;
    }
    if (action === unknown) action = scalarActions[tag & 7] ?? unknown;

    if (action === varint) {
      if (p < end && (b[p] as number) < 128) p += 1;
      else p = endOfVarint(b, p, end);
    } else if (action === fixed64) {
      if (end - p < 8) throw new MalformedError('cut short: 8 bytes wanted', p);
      p += 8;
    } else if (action === fixed32) {
      if (end - p < 4) throw new MalformedError('cut short: 4 bytes wanted', p);
      p += 4;
    } else if (action === unknown || action === wrongType) {
      throw wireTypeError(tag, at, type / tagsPerMessage);
    } else {
      if (p === end) throw new MalformedError('cut short: a length wanted', p);
      let length = b[p++] as number;
      if (length > 127) {
        const from = p - 1;
        p = endOfVarint(b, from, end);
        length = readLength(b, from, p);
      }
      if (length > end - p) throw new MalformedError(`a length of ${length} where ${end - p} bytes are left`, p);
      if (action >= nested) {
        const inner = action - nested;
        if (depth === maxDepth - 1) throw new MalformedError(`nested deeper than ${maxDepth} messages`, p);
        count += isRecord[inner] as number;
        openTypes[depth] = type / tagsPerMessage;
        openEnds[depth] = end;
        depth += 1;
        type = inner * tagsPerMessage;
        end = p + length;
      } else {
        const stop = p + length;
        if (action === text) {
          if (invalidUtf8 < 0 && !isText(b, view, p, stop)) invalidUtf8 = p;
        } else if (action === packed64) {
          if (length % 8 !== 0) throw new MalformedError(`${length} bytes of packed 64-bit values`, p);
        } else if (action === packedVarints) checkVarints(b, p, stop);
        p = stop;
      }
    }
  }
}

/** Whether the bytes are UTF-8. Most text is ASCII, which is quicker to see. */
function isText(b: Uint8Array, view: DataView, start: number, end: number): boolean {
  return isAscii(b, view, start, end) || isUtf8(b.subarray(start, end));
}

function isAscii(b: Uint8Array, view: DataView, start: number, end: number): boolean {
  let bits = 0;
  let p = start;
  if (end - start >= 4) {
    const last = end - 4;
    for (; p < last; p += 4) bits |= view.getInt32(p, true);
    bits |= view.getInt32(last, true);
  } else for (; p < end; p++) bits |= b[p] as number;
  return (bits & (end - start >= 4 ? 0x80808080 : 0x80)) === 0;
}

function checkVarints(b: Uint8Array, start: number, end: number): void {
  for (let p = start; p < end;) p = endOfVarint(b, p, end);
}

function endOfVarint(b: Uint8Array, start: number, end: number): number {
  const limit = Math.min(end, start + 10);
  for (let p = start; p < limit; p++) if ((b[p] as number) < 128) return p + 1;
  throw new MalformedError(limit === end ? 'cut short inside a number' : 'a number of more than 10 bytes', start);
}

function readLength(b: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let p = end - 1; p >= start; p--) value = value * 128 + ((b[p] as number) & 127);
  return value;
}

/** A tag of three bytes or more, or a padded one. Field numbers end at 2^29 - 1. */
function wideTag(b: Uint8Array, start: number, end: number): number {
  const tag = readLength(b, start, end);
  if (tag > 0xffffffff) throw new MalformedError('a field number beyond 2^29', start);
  return tag;
}

function wireTypeError(tag: number, at: number, type: number): MalformedError {
  const field = Math.floor(tag / 8);
  return new MalformedError(`wire type ${tag % 8} for field ${field} of ${names[type]}`, at);
}
