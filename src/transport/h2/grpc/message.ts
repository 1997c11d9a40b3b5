import { compress, decompress, isIdentity } from '../../compression/index.ts';

/** Bytes before each message: a flag for compression and a length. */
export const prefixLength = 5;

/** A body that is not exactly one message. */
export class FramingError extends Error {
  override readonly name = 'FramingError';
}

/** Length of the whole body, as its first message says. */
export function bodyLength(start: Buffer): number | undefined {
  return start.length < prefixLength ? undefined : prefixLength + start.readUInt32BE(1);
}

export function prefixOf(length: number, compressed: boolean): Uint8Array {
  const prefix = Buffer.allocUnsafe(prefixLength);
  prefix[0] = compressed ? 1 : 0;
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

const noMessage = Buffer.alloc(prefixLength);

/** A message that goes out uncompressed, in one piece with its prefix. */
export function framed(message: Uint8Array): Uint8Array {
  if (message.length === 0) return noMessage;
  const body = Buffer.allocUnsafe(prefixLength + message.length);
  body[0] = 0;
  body.writeUInt32BE(message.length, 1);
  body.set(message, prefixLength);
  return body;
}

/** Compresses as `algorithm` says; gives prefix and body apart, so that a message as it is need not be copied. */
export async function packed(
  message: Uint8Array,
  algorithm: string,
): Promise<{ prefix: Uint8Array; body: Uint8Array }> {
  const body = await compress(message, algorithm);
  return { prefix: prefixOf(body.length, true), body };
}

/**
 * The one message of a unary body: a view of it where it is not compressed. Throws FramingError; a CompressionError comes
 * from the promise, or is thrown.
 */
export function unpack(
  body: Buffer,
  encoding: string,
  limit: number,
  grow?: (bytes: number) => void,
): Uint8Array | Promise<Uint8Array> {
  if (body.length < prefixLength)
    throw new FramingError(body.length === 0 ? 'there is no message' : 'the message has no length');
  const expected = prefixLength + body.readUInt32BE(1);
  if (body.length < expected) throw new FramingError(`the message ends after ${body.length} of ${expected} bytes`);
  if (body.length > expected) throw new FramingError('there is more than one message');
  const message = body.subarray(prefixLength);
  if (body[0] === 0) return message;
  if (body[0] !== 1) throw new FramingError(`the compression flag is ${body[0]}`);
  if (isIdentity(encoding)) throw new FramingError('the message is compressed, but grpc-encoding is missing');
  return decompress(message, encoding, limit, grow);
}
