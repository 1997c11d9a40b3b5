import { splitByBytes, type Batch, type Signal } from 'sluice/plugin';
import type { Compression } from './compress.ts';
import type { ObjectFormat } from './format.ts';

/** Larger batches are written in pieces, so that little of an object is in memory at a time. */
const pieceBytes = 1024 * 1024;

/** How the bytes of objects are made. */
export interface Encoding {
  readonly format: ObjectFormat;
  readonly compression: Compression;
}

/** The bytes of an object, as they become ready, and no faster than they are taken. */
export function objectBytes(
  { format, compression }: Encoding,
  signal: Signal,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
): AsyncIterable<Uint8Array> {
  const plain = plainBytes(format, signal, batches);
  return format.compressible && compression.compress !== undefined ? compression.compress(plain) : plain;
}

async function* plainBytes(
  format: ObjectFormat,
  signal: Signal,
  batches: AsyncIterable<Batch> | Iterable<Batch>,
): AsyncGenerator<Uint8Array> {
  let chunks: Uint8Array[] = [];
  const writer = format.open(signal, (chunk) => chunks.push(chunk));
  const taken = (): Uint8Array[] => {
    const ready = chunks.filter(({ length }) => length > 0);
    chunks = [];
    return ready;
  };
  for await (const batch of batches) {
    for (const piece of splitByBytes(batch, pieceBytes)) {
      writer.add(piece);
      yield* taken();
    }
  }
  writer.end();
  yield* taken();
}
