import { gunzipSync, zstdDecompressSync } from 'node:zlib';

/** Throws an Error for an encoding that no workload uses. */
export function inflate(body: Buffer, encoding: string | undefined): Buffer {
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding === 'gzip') return gunzipSync(body, { chunkSize: 256 * 1024 });
  if (encoding === 'zstd') return zstdDecompressSync(body, { chunkSize: 256 * 1024 });
  throw new Error(`the sink does not know the encoding ${encoding}`);
}
