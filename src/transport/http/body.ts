import type { IncomingMessage } from 'node:http';
import { CompressionError, decompress, decompressStream, inlineInput, isIdentity } from '../compression/index.ts';
import { countExternal } from '../../wire/index.ts';
import type { InflightBytes } from '../inflight.ts';

/** The process holds as many request bytes as it may; the sender should try again shortly. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
}

/** The sender went away before its request was whole. Nobody is left to be answered. */
export class GoneError extends Error {
  override readonly name = 'GoneError';
}

/** The bytes that one request holds of the process's budget, until `release`. */
export class Hold {
  private readonly inflight: InflightBytes;
  private bytes = 0;

  constructor(inflight: InflightBytes) {
    this.inflight = inflight;
  }

  take = (bytes: number): void => {
    if (!this.inflight.take(bytes)) throw new BusyError('too much data in flight');
    this.bytes += bytes;
  };

  release(): void {
    this.inflight.release(this.bytes);
    this.bytes = 0;
  }
}

export interface BodyOptions {
  readonly encoding: string;
  /** Most bytes, before and after decompression. */
  readonly limit: number;
  readonly hold: Hold;
  /** Called when the announced length is found good, before anything is read. */
  readonly begin: () => void;
}

/** The decompressed body. Throws CompressionError, BusyError or GoneError; the request is then not read to its end. */
export async function readBody(message: IncomingMessage, options: BodyOptions): Promise<Uint8Array> {
  const { encoding, limit, hold } = options;
  const declared = declaredLength(message);
  if (declared === 0) return empty;
  if (declared !== undefined && declared > limit) {
    throw new CompressionError('too_large', `body of ${declared} bytes, the limit is ${limit}`);
  }
  options.begin();
  if (isIdentity(encoding)) return (await collect(message, limit, hold, Infinity)).bytes;
  const start = await collect(message, limit, hold, inlineInput);
  if (start.ended) return decompress(start.bytes, encoding, limit, hold.take);
  return decompressStream(following(start.bytes, message), encoding, limit, hold.take);
}

const empty = new Uint8Array(0);

/** Bytes that the sender announced; 0 where it announced no body at all, undefined where the length is open. */
export function declaredLength({ headers }: IncomingMessage): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined;
  return Number(headers['content-length'] ?? 0);
}

interface Collected {
  readonly bytes: Uint8Array;
  /** False where the rest is still in the message, which is paused. */
  readonly ended: boolean;
}

/** Reads until the end, or until there are more than `pauseAfter` bytes. One chunk is passed on as it is. */
function collect(message: IncomingMessage, limit: number, hold: Hold, pauseAfter: number): Promise<Collected> {
  const { promise, resolve, reject } = Promise.withResolvers<Collected>();
  const chunks: Buffer[] = [];
  let length = 0;
  const joined = (): Uint8Array => {
    countExternal(chunks.length === 1 ? length : 2 * length);
    return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
  };
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    if (length > limit) return fail(new CompressionError('too_large', `body of more than ${limit} bytes`));
    try {
      hold.take(chunk.length);
    } catch (error) {
      return fail(error);
    }
    chunks.push(chunk);
    if (length > pauseAfter) settle(() => resolve({ bytes: joined(), ended: false }));
  };
  const onEnd = (): void => settle(() => resolve({ bytes: joined(), ended: true }), false);
  const onClose = (): void => fail(new GoneError('the sender closed the connection'));
  function settle(run: () => void, more = true): void {
    if (more) message.pause();
    message.off('data', onData).off('end', onEnd).off('close', onClose);
    run();
  }
  function fail(error: unknown): void {
    settle(() => reject(error));
  }
  message.on('data', onData).on('end', onEnd).on('close', onClose);
  return promise;
}

async function* following(start: Uint8Array, message: IncomingMessage): AsyncGenerator<Uint8Array> {
  yield start;
  try {
    // Not destroyed on an early end: the connection is still needed for the answer.
    yield* message.iterator({ destroyOnReturn: false });
  } catch (error) {
    throw new GoneError('the sender closed the connection', { cause: error });
  }
}
