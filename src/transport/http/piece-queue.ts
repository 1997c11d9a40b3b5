/** Pieces that wait at a time before the sender has to. */
const mostWaiting = 2;

/** The pieces of a body for one that takes them one at a time, and meanwhile holds the sender back. */
export class PieceQueue implements AsyncIterable<Uint8Array> {
  private readonly source: { pause(): void; resume(): void };
  private readonly pieces: Uint8Array[] = [];
  private paused = false;
  private over = false;
  private failure: unknown;
  private wake: (() => void) | undefined;

  constructor(source: { pause(): void; resume(): void }) {
    this.source = source;
  }

  push(piece: Uint8Array): void {
    this.pieces.push(piece);
    if (this.pieces.length > mostWaiting && !this.paused) {
      this.paused = true;
      this.source.pause();
    }
    this.wake?.();
  }

  end(): void {
    this.over = true;
    this.wake?.();
  }

  /** What waits is not asked for any more. */
  fail(error: unknown): void {
    this.failure ??= error;
    this.end();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      if (this.failure !== undefined) throw this.failure;
      const piece = this.pieces.shift();
      if (piece !== undefined) yield piece;
      else if (this.over) return;
      else await this.more();
    }
  }

  private async more(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    if (this.paused) {
      this.paused = false;
      this.source.resume();
    }
    await promise;
    this.wake = undefined;
  }
}
