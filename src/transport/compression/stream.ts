import { codecOf, type Codec, type Inflater } from './codecs.ts';
import { CompressionError, fromZlib } from './errors.ts';
import { BoundedOutput } from './output.ts';

const outputChunk = 256 * 1024;

/**
 * Decompresses while the input still arrives, so that the compressed form is never held as a whole and a bomb ends its
 * request at the byte after `limit`. `grow` hears of every part of the output before it is kept. Throws a
 * CompressionError; what `input` and `grow` throw passes through.
 */
export async function decompressStream(
  input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  encoding: string,
  limit: number,
  grow?: (bytes: number) => void,
): Promise<Uint8Array> {
  const body = new InflatingBody(encoding, limit, new BoundedOutput(limit, grow));
  try {
    for await (const chunk of input) await body.write(chunk);
    return await body.end();
  } finally {
    body.close();
  }
}

export function trailing(count: number): CompressionError {
  return new CompressionError('malformed', `${count} bytes after the end of the compressed data`);
}

class InflatingBody {
  private readonly codec: Codec;
  private readonly encoding: string;
  private readonly limit: number;
  private readonly output: BoundedOutput;
  private engine: Inflater | undefined;
  private failure: unknown;
  private wake: (() => void) | undefined;

  constructor(encoding: string, limit: number, output: BoundedOutput) {
    this.codec = codecOf(encoding);
    this.encoding = encoding;
    this.limit = limit;
    this.output = output;
  }

  async write(chunk: Uint8Array): Promise<void> {
    let rest = chunk;
    while (rest.length > 0) {
      this.engine ??= this.start();
      const { engine } = this;
      const before = engine.bytesWritten;
      await this.until((done) => engine.write(rest, done));
      rest = rest.subarray(engine.bytesWritten - before);
      if (rest.length > 0) await this.nextFrame(engine, rest.length);
    }
  }

  async end(): Promise<Uint8Array> {
    // No data at all is as good as none that was compressed.
    if (this.engine !== undefined) await this.finish(this.engine);
    return this.output.joined();
  }

  close(): void {
    this.engine?.destroy();
  }

  private async nextFrame(engine: Inflater, left: number): Promise<void> {
    if (this.codec.frames === 'one') throw trailing(left);
    await this.finish(engine);
    engine.destroy();
    this.engine = undefined;
  }

  private finish(engine: Inflater): Promise<void> {
    if (engine.readableEnded) return Promise.resolve();
    return this.until((done) => {
      engine.once('end', done);
      engine.end();
    });
  }

  private start(): Inflater {
    const engine = this.codec.inflater(outputChunk);
    engine.on('data', (part: Uint8Array) => {
      try {
        this.output.push(part);
      } catch (error) {
        this.fail(engine, error);
      }
    });
    engine.on('error', (error: unknown) => this.fail(engine, fromZlib(error, this.encoding, this.limit)));
    return engine;
  }

  private fail(engine: Inflater, error: unknown): void {
    this.failure ??= error;
    engine.destroy();
    this.wake?.();
  }

  /** Until the step is done or anything failed. */
  private async until(step: (done: () => void) => void): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    step(resolve);
    await promise;
    if (this.failure !== undefined) throw this.failure;
  }
}
