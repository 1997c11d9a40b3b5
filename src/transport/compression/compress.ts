import { countExternal } from '../../wire/index.ts';
import { codecOf, fast, isIdentity } from './codecs.ts';

/**
 * Up to this size compression is done at once, in about a millisecond: on its way through the thread pool it costs half as much
 * again, with zstd several times as much. More of it would hold up everything else.
 */
const inlineInput = 256 * 1024;

/**
 * The compressed bytes; `bytes` itself for `none` and the empty string. Without a level it is 1, a fast one; -1 is the method's own
 * default. Throws a CompressionError for an algorithm that is not there.
 */
export async function compress(bytes: Uint8Array, algorithm: string, level?: number): Promise<Uint8Array> {
  if (isIdentity(algorithm)) return bytes;
  const codec = codecOf(algorithm);
  if (codec.deflateFast !== undefined && (level ?? fast) === fast) return codec.deflateFast(bytes);
  countExternal(bytes.length >> 1);
  return bytes.length <= inlineInput ? codec.deflateSync(bytes, level) : codec.deflate(bytes, level);
}

const levels: Readonly<Record<string, readonly [number, number]>> = {
  gzip: [-1, 9],
  deflate: [-1, 9],
  zlib: [-1, 9],
  // The Collector's zstd takes Go's four speeds by their zstd levels; real zstd has 22.
  zstd: [-1, 22],
};

/** What is wrong with a level for an algorithm, or undefined. */
export function levelFault(algorithm: string, level: number | undefined): string | undefined {
  if (level === undefined || isIdentity(algorithm)) return undefined;
  const range = levels[algorithm];
  if (range === undefined || (level >= range[0] && level <= range[1])) return undefined;
  return `compression_params.level: ${algorithm} takes ${range[0]} to ${range[1]}, found ${level}`;
}
