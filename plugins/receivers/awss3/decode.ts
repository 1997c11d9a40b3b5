import { batchFromJson, receive, type Batch, type Meta, type Signal } from 'sluice/plugin';
import { DamagedError, inflated, type Packing } from './inflate.ts';
import { jsonPieces } from './pieces/json-pieces.ts';
import { protoPieces } from './pieces/proto-pieces.ts';

/** How the bytes of an object become batches. */
export interface Decoding {
  readonly packing: Packing;
  readonly encoding: 'otlp_json' | 'otlp_proto';
}

export interface DecodeLimits {
  readonly max_request_size: number;
  readonly max_object_size: number;
}

const packings: Readonly<Record<string, Packing>> = { gz: 'gzip', zst: 'zstd' };
const encodings: Readonly<Record<string, Decoding['encoding']>> = { json: 'otlp_json', binpb: 'otlp_proto' };
const contentEncodings: Readonly<Record<string, Packing>> = { gzip: 'gzip', zstd: 'zstd' };

/** About this many bytes, decompressed, go into one batch. */
export const pieceBytes = 1024 * 1024;

/** By the end of the key, as `.json.gz`; undefined where it is nothing that can be replayed whole, as `.ndjson` and `.parquet`. */
export function encodingOf(key: string): Decoding['encoding'] | undefined {
  const [name = ''] = endings(key);
  return Object.hasOwn(encodings, name) ? encodings[name] : undefined;
}

/** How the object is compressed: its key says so, or its `Content-Encoding`. */
export function packingOf(key: string, contentEncoding: string): Packing {
  const [, suffix] = endings(key);
  return (suffix === undefined ? contentEncodings[contentEncoding.toLowerCase()] : packings[suffix]) ?? 'none';
}

function endings(key: string): (string | undefined)[] {
  return /\.([a-z0-9]+)(?:\.(gz|zst))?$/.exec(key.slice(key.lastIndexOf('/') + 1))?.slice(1) ?? [];
}

/**
 * The batches of an object, in order. Each time the same, whatever the chunks it comes in. Throws DamagedError or MalformedError where
 * the object is not well-formed; what stands before is out by then. What `source` throws passes through.
 */
export async function* batchesOf(
  source: AsyncIterable<Uint8Array>,
  signal: Signal,
  { packing, encoding }: Decoding,
  { max_request_size, max_object_size }: DecodeLimits,
  meta: Meta,
): AsyncGenerator<Batch> {
  const plain = counted(inflated(source, packing, max_request_size), max_object_size);
  const limits = { target: pieceBytes, largest: max_request_size };
  const pieces = encoding === 'otlp_json' ? jsonPieces(plain, limits) : protoPieces(plain, limits);
  for await (const piece of pieces) {
    const batch = encoding === 'otlp_json' ? batchFromJson(signal, piece, meta) : receive(signal, piece, meta);
    if (batch.count > 0) yield batch;
  }
}

async function* counted(source: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limit) throw new DamagedError(`more than ${limit} bytes, decompressed (max_object_size)`);
    yield chunk;
  }
}
