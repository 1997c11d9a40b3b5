import type { Transform } from 'node:stream';
import { constants, createGzip, createZstdCompress } from 'node:zlib';

export interface Compression {
  /** What follows the extension: `.gz`. */
  readonly suffix: string;
  readonly encoding: string | undefined;
  /** A stream to put the bytes through; undefined where they stay as they are. */
  readonly create: (() => Transform) | undefined;
}

/** Bytes that the compressor hands on at a time. */
const chunkSize = 64 * 1024;

const none: Compression = { suffix: '', encoding: undefined, create: undefined };

export function compressionOf(name: 'none' | 'gzip' | 'zstd' | '', level: number | undefined): Compression {
  if (name === 'gzip')
    return {
      suffix: '.gz',
      encoding: 'gzip',
      create: () => createGzip({ chunkSize, ...(level !== undefined && { level }) }),
    };
  if (name === 'zstd') {
    const params = level === undefined ? {} : { [constants.ZSTD_c_compressionLevel]: level };
    return { suffix: '.zst', encoding: 'zstd', create: () => createZstdCompress({ chunkSize, params }) };
  }
  return none;
}
