import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { countExternal } from '../external-memory.ts';
import { deflateChunk, mostInput } from './chunk.ts';

/** RFC 1952 section 2.3: no name, no time, made by the fastest algorithm, on a system that is not said. */
const header = Buffer.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255);
const trailerBytes = 8;

/** Chunks after which everything else gets its turn: about 1 ms. */
const chunksInARow = 2;

/**
 * The bytes in gzip, at a fast level: little more than half the time of level 1 of zlib, for about as many bytes. Everything else goes on in between
 * where there is much of it.
 */
export async function gzip(bytes: Uint8Array): Promise<Buffer> {
  const parts: Uint8Array[] = [header];
  let at = 0;
  for (let chunks = 1; ; chunks++) {
    const end = Math.min(at + mostInput, bytes.length);
    const isLast = end === bytes.length;
    const part = deflateChunk([bytes.subarray(at, end)], isLast);
    at = end;
    if (isLast) return joined([...parts, part, trailer(crc32(bytes), bytes.length)]);
    parts.push(Buffer.from(part));
    if (chunks % chunksInARow === 0) await setImmediate();
  }
}

/** The same for bytes that come bit by bit: a gzip stream, as it becomes ready, and no faster than it is taken. */
export async function* gzipStream(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield header;
  let parts: Uint8Array[] = [];
  let room = mostInput;
  let crc = 0;
  let length = 0;
  for await (const bytes of input) {
    crc = crc32(bytes, crc);
    length += bytes.length;
    let rest = bytes;
    for (; rest.length >= room; room = mostInput) {
      parts.push(rest.subarray(0, room));
      rest = rest.subarray(room);
      const chunk = copied(deflateChunk(parts, false));
      parts = [];
      yield chunk;
    }
    parts.push(rest);
    room -= rest.length;
  }
  yield copied(deflateChunk(parts, true));
  yield trailer(crc, length);
}

function trailer(crc: number, length: number): Buffer {
  const result = Buffer.allocUnsafe(trailerBytes);
  result.writeUInt32LE(crc, 0);
  result.writeUInt32LE(length % 2 ** 32, 4);
  return result;
}

function copied(bytes: Uint8Array): Uint8Array {
  countExternal(bytes.length);
  return Buffer.from(bytes);
}

function joined(parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  countExternal(length);
  return Buffer.concat(parts, length);
}
