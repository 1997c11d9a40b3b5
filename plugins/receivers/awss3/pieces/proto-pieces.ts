import { DamagedError } from '../inflate.ts';
import { ByteQueue } from './byte-queue.ts';
import type { PieceLimits } from './limits.ts';

/**
 * Cuts OTLP/protobuf, one request or several one behind the other, at the resources of its top level. Where the cuts are
 * depends on the bytes alone. Throws DamagedError where a resource is too large or cut off.
 */
export async function* protoPieces(
  source: AsyncIterable<Uint8Array>,
  { target, largest }: PieceLimits,
): AsyncGenerator<Uint8Array> {
  const queue = new ByteQueue();
  /** Up to here, the queue has whole fields. */
  let whole = 0;
  for await (const chunk of source) {
    queue.push(chunk);
    for (;;) {
      const end = fieldEnd(queue.bytes, whole);
      if (end === undefined || end > queue.bytes.length) {
        if (Math.max(end ?? 0, queue.bytes.length) - whole > largest)
          throw new DamagedError(`a resource is larger than ${largest} bytes`);
        break;
      }
      whole = end;
      if (whole < target) continue;
      yield queue.take(whole);
      whole = 0;
    }
  }
  if (queue.bytes.length > whole) throw new DamagedError('the last resource is cut off');
  if (whole > 0) yield queue.take(whole);
}

/** Where the field that begins at `start` ends; undefined where too little of it is there to tell. */
function fieldEnd(bytes: Uint8Array, start: number): number | undefined {
  if (start >= bytes.length) return undefined;
  const [tag, afterTag] = varint(bytes, start);
  if (afterTag === undefined) return undefined;
  switch (tag & 7) {
    case 0:
      return varint(bytes, afterTag)[1];
    case 1:
      return afterTag + 8;
    case 5:
      return afterTag + 4;
    case 2: {
      const [length, from] = varint(bytes, afterTag);
      return from === undefined ? undefined : from + length;
    }
    default:
      throw new DamagedError('these are no fields of protobuf');
  }
}

/** The value, and where it ends; undefined where it goes on beyond the bytes. */
function varint(bytes: Uint8Array, start: number): readonly [number, number | undefined] {
  let value = 0;
  for (let i = 0; i < 10; i++) {
    const byte = bytes[start + i];
    if (byte === undefined) return [0, undefined];
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return [value, start + i + 1];
  }
  throw new DamagedError('these are no fields of protobuf');
}
