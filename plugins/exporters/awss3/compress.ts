import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createGzip, createZstdCompress } from 'node:zlib';
import { gzipStream } from 'sluice/plugin';

export interface Compression {
  /** What follows the extension: `.gz`. */
  readonly suffix: string;
  readonly encoding: string | undefined;
  /** The bytes compressed, as they become ready; undefined where they stay as they are. */
  readonly compress: ((plain: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>) | undefined;
}

/** Bytes that the compressor hands on at a time. */
const chunkSize = 64 * 1024;
const fastest = 1;

const none: Compression = { suffix: '', encoding: undefined, compress: undefined };

export function compressionOf(name: 'none' | 'gzip' | 'zstd' | '', level: number | undefined): Compression {
  if (name === 'gzip') {
    const gzip = (): Transform => createGzip({ chunkSize, ...(level !== undefined && { level }) });
    return { suffix: '.gz', encoding: 'gzip', compress: level === fastest ? gzipStream : through(gzip) };
  }
  if (name === 'zstd') {
    const params = level === undefined ? {} : { [constants.ZSTD_c_compressionLevel]: level };
    const zstd = (): Transform => createZstdCompress({ chunkSize, params });
    return { suffix: '.zst', encoding: 'zstd', compress: through(zstd) };
  }
  return none;
}

function through(create: () => Transform): NonNullable<Compression['compress']> {
  // Whoever reads sees the errors of both.
  return (plain) => pipeline(Readable.from(plain, { objectMode: false }), create(), () => {});
}
