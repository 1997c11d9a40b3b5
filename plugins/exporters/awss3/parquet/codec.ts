import { constants, zstdCompressSync } from 'node:zlib';
import { snappyCompress } from 'hyparquet-writer/src/snappy.js';
import type { ColumnMetaData } from './thrift.ts';

/** How pages are compressed. */
export interface Codec {
  readonly name: ColumnMetaData['codec'];
  /** A copy, whatever it does: the caller uses its bytes again. */
  compress(bytes: Uint8Array): Uint8Array;
}

const leastChunk = 1024;

export function codecOf(name: 'zstd' | 'snappy' | 'none', level: number): Codec {
  switch (name) {
    case 'zstd': {
      const params = { [constants.ZSTD_c_compressionLevel]: level };
      // Few chunks of output to put together.
      const chunkSize = (size: number): number => Math.max(leastChunk, size >>> 1);
      return {
        name: 'ZSTD',
        compress: (bytes) => zstdCompressSync(bytes, { params, chunkSize: chunkSize(bytes.length) }),
      };
    }
    case 'snappy':
      return { name: 'SNAPPY', compress: snappyCompress };
    case 'none':
      return { name: 'UNCOMPRESSED', compress: (bytes) => new Uint8Array(bytes) };
  }
}
