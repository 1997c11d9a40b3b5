import { CompressionError, decompress, decompressStream, inlineInput, isIdentity } from '../compression/index.ts';
import { countExternal } from '../../wire/index.ts';
import { Body } from '../socket/body.ts';
import type { Hold } from './hold.ts';
import type { BodySink, Incoming } from './incoming.ts';
import { PieceQueue } from './piece-queue.ts';

export interface BodyOptions {
  readonly encoding: string;
  /** Most bytes, before and after decompression. */
  readonly limit: number;
  readonly hold: Hold;
}

/** Gets the body, decompressed, or the CompressionError, BusyError, GoneError or HttpFault that is in its place. */
export type BodyDone = (body: Uint8Array | undefined, error: unknown) => void;

/** Reads a whole body. Throws a CompressionError where it is announced as too large; nothing is read then. */
export function readBody(incoming: Incoming, options: BodyOptions, done: BodyDone): void {
  const { length } = incoming;
  if (length === 0) return done(empty, undefined);
  if (length !== undefined && length > options.limit) {
    throw new CompressionError('too_large', `body of ${length} bytes, the limit is ${options.limit}`);
  }
  incoming.read(new BodyReader(incoming, options, done));
}

const empty = new Uint8Array(0);

class BodyReader implements BodySink {
  private readonly incoming: Incoming;
  private readonly options: BodyOptions;
  private readonly done: BodyDone;
  private readonly packed: boolean;
  private readonly body: Body;
  /** The only piece, where it can be kept as it is. */
  private only: Buffer | undefined;
  private length = 0;
  private queue: PieceQueue | undefined;
  private finished = false;

  constructor(incoming: Incoming, options: BodyOptions, done: BodyDone) {
    this.incoming = incoming;
    this.options = options;
    this.done = done;
    this.packed = !isIdentity(options.encoding);
    const { length } = incoming;
    this.body = new Body(length === undefined ? undefined : () => length);
  }

  piece(bytes: Buffer, own: boolean): void {
    if (this.finished) return;
    const { limit, hold } = this.options;
    this.length += bytes.length;
    try {
      if (this.length > limit) throw new CompressionError('too_large', `body of more than ${limit} bytes`);
      hold.take(bytes.length);
    } catch (error) {
      return this.fail(error);
    }
    if (this.queue !== undefined) this.queue.push(own ? bytes : Buffer.from(bytes));
    else if (own && bytes.length === this.incoming.length) {
      countExternal(bytes.length);
      this.only = bytes;
    } else {
      this.body.add(bytes);
      if (this.packed && this.length > inlineInput) this.inflateWhileReading();
    }
  }

  end(): void {
    if (this.queue !== undefined) return this.queue.end();
    if (this.finished) return;
    const whole = this.only ?? this.body.whole();
    if (!this.packed) return this.finish(whole, undefined);
    const { encoding, limit, hold } = this.options;
    this.finishWith(decompress(whole, encoding, limit, (bytes) => hold.take(bytes)));
  }

  fail(error: unknown): void {
    this.queue?.fail(error);
    if (!this.finished) this.finish(undefined, error);
  }

  private inflateWhileReading(): void {
    const { encoding, limit, hold } = this.options;
    this.queue = new PieceQueue(this.incoming);
    this.queue.push(this.body.whole());
    this.finishWith(decompressStream(this.queue, encoding, limit, (bytes) => hold.take(bytes)));
  }

  private finishWith(inflated: Promise<Uint8Array>): void {
    inflated.then(
      (body) => this.finish(body, undefined),
      (error: unknown) => this.finish(undefined, error),
    );
  }

  private finish(body: Uint8Array | undefined, error: unknown): void {
    if (this.finished) return;
    this.finished = true;
    this.done(body, error);
  }
}
