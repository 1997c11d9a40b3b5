import { createGunzip, createZstdDecompress } from 'node:zlib';

/** The object is not what its name says: it will never be read whole. */
export class DamagedError extends Error {
  override readonly name = 'DamagedError';
}

export type Packing = 'gzip' | 'zstd' | 'none';

type Engine = ReturnType<typeof createGunzip | typeof createZstdDecompress>;

/** Input goes in by little, so that what comes out at once stays bounded, however well it was compressed. */
const step = 16 * 1024;

/**
 * The decompressed bytes, chunk by chunk; of several frames one behind the other, all. Throws DamagedError where they are not
 * well-formed or end early, or one step makes more than `limit` bytes; what `source` throws passes through.
 */
export async function* inflated(
  source: AsyncIterable<Uint8Array>,
  packing: Packing,
  limit: number,
): AsyncGenerator<Uint8Array> {
  if (packing === 'none') {
    yield* source;
    return;
  }
  let frame: Frame | undefined;
  try {
    for await (const chunk of source) {
      for (let at = 0; at < chunk.length;) {
        frame ??= new Frame(packing, limit);
        const part = chunk.subarray(at, at + step);
        const { used, output } = await frame.write(part);
        yield* output;
        at += used;
        if (used === part.length) continue;
        yield* await frame.end();
        if (packing === 'gzip') throw new DamagedError('more bytes follow the end of the gzip data');
        frame = undefined;
      }
    }
    if (frame !== undefined) yield* await frame.end();
  } finally {
    frame?.close();
  }
}

/** One run of a decompressor. */
class Frame {
  private readonly engine: Engine;
  private output: Uint8Array[] = [];
  private outputSize = 0;
  private failure: DamagedError | undefined;
  private wake: () => void = () => {};

  constructor(packing: 'gzip' | 'zstd', limit: number) {
    this.engine = packing === 'gzip' ? createGunzip() : createZstdDecompress();
    this.engine.on('data', (part: Uint8Array) => {
      this.output.push(part);
      this.outputSize += part.length;
      if (this.outputSize > limit) this.fail(`more than ${limit} bytes come out of ${step}`);
    });
    this.engine.on('error', (error: Error) => this.fail(`${packing}: ${error.message}`));
  }

  /** How many bytes belong to this frame, and what they became. */
  async write(bytes: Uint8Array): Promise<{ readonly used: number; readonly output: readonly Uint8Array[] }> {
    const before = this.engine.bytesWritten;
    const output = await this.until((done) => this.engine.write(bytes, done));
    return { used: this.engine.bytesWritten - before, output };
  }

  async end(): Promise<readonly Uint8Array[]> {
    return await this.until((done) => {
      if (this.engine.readableEnded) done();
      this.engine.once('end', done);
      this.engine.end();
    });
  }

  close(): void {
    this.engine.destroy();
  }

  private fail(message: string): void {
    this.failure ??= new DamagedError(message);
    this.engine.destroy();
    this.wake();
  }

  private async until(act: (done: () => void) => void): Promise<readonly Uint8Array[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    if (this.failure === undefined) {
      act(resolve);
      await promise;
    }
    if (this.failure !== undefined) throw this.failure;
    const { output } = this;
    this.output = [];
    this.outputSize = 0;
    return output;
  }
}
