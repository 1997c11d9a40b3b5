import { countExternal } from '../../wire/index.ts';
import { codecOf, isIdentity, type Codec } from './codecs.ts';
import { fromZlib, tooLarge } from './errors.ts';
import { decompressStream, trailing } from './stream.ts';

const KiB = 1024;

/** Input up to this size is inflated at once: handing it to the thread pool costs more than the work. */
export const inlineInput = 64 * KiB;
/** …but no longer than this much output keeps the event loop waiting. */
const inlineOutput = 1024 * KiB;

/**
 * The decompressed bytes; `bytes` itself for identity. Output is counted while it is made, and no more than `limit` bytes
 * of it are ever kept; `grow` hears of every part of it before, and may throw. Throws a CompressionError.
 */
export async function decompress(
  bytes: Uint8Array,
  encoding: string,
  limit: number,
  grow?: (bytes: number) => void,
): Promise<Uint8Array> {
  if (isIdentity(encoding)) {
    if (bytes.length > limit) throw tooLarge(limit);
    return bytes;
  }
  const inline = bytes.length <= inlineInput ? attemptInline(codecOf(encoding), bytes, encoding, limit) : undefined;
  if (inline === undefined) return decompressStream([bytes], encoding, limit, grow);
  grow?.(inline.length);
  return inline;
}

/** Undefined where the output outgrows what may be made while everything else waits, or comes in several frames. */
function attemptInline(codec: Codec, bytes: Uint8Array, encoding: string, limit: number): Uint8Array | undefined {
  const bound = Math.min(limit, inlineOutput);
  const size = chunkSize(bytes);
  countExternal(size);
  try {
    const { buffer, consumed } = codec.inflateSync(bytes, { maxOutputLength: bound, chunkSize: size });
    if (consumed === bytes.length) return buffer;
    if (codec.frames === 'several') return undefined;
    throw trailing(bytes.length - consumed);
  } catch (error) {
    if (bound < limit && (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') return undefined;
    throw fromZlib(error, encoding, limit);
  }
}

/**
 * A guess of the output's size, so that it comes in one piece. The last four bytes of gzip name it; they are only a
 * hint, and what they may cost is bounded by the input that was really sent.
 */
function chunkSize(bytes: Uint8Array): number {
  const likely = Math.min(inlineOutput, Math.max(4 * KiB, bytes.length * 12));
  if (bytes[0] !== 0x1f || bytes.length < 18) return likely;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const named = view.getUint32(bytes.length - 4, true);
  return Math.max(KiB, Math.min(named + 1, likely));
}
