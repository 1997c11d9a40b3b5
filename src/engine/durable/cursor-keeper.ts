import type { Clock, Timer } from '../../flow/index.ts';
import type { AtomicFile } from './atomic-file.ts';
import { encodeCursor } from './cursor.ts';
import type { Ledger } from './ledger.ts';
import type { Segment } from './segment.ts';

export interface KeeperOptions {
  readonly file: AtomicFile;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly persistMs: number;
  /** The sequence after the last record that is safe. */
  readonly next: () => number;
  readonly dispose: (segment: Segment) => Promise<void>;
  readonly trouble: (error: unknown, where: string) => void;
}

/** Puts on disk what was consumed, soon after it was, and then removes the segments that are done with. */
export class CursorKeeper {
  private readonly options: KeeperOptions;
  private timer: Timer | undefined;
  private running: Promise<void> | undefined;
  private dirty = false;
  private finished: Segment[] = [];

  constructor(options: KeeperOptions) {
    this.options = options;
  }

  /** Something was consumed, or a segment is full. */
  changed(): void {
    this.dirty = true;
    this.timer ??= this.options.clock.after(this.options.persistMs, () => {
      this.timer = undefined;
      void this.flush();
    });
  }

  /** Resolves when what was consumed until now is safe, or could not be made so, which is reported. */
  async flush(): Promise<void> {
    while (this.running !== undefined) await this.running;
    if (!this.dirty) return;
    this.running = this.persist();
    await this.running;
  }

  /** Ends the waiting for the next time; `flush` still works. */
  stop(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private async persist(): Promise<void> {
    const { file, ledger, next, trouble } = this.options;
    this.dirty = false;
    this.finished.push(...ledger.takeFinished());
    const { low, ranges } = ledger.consumed;
    try {
      await file.write(encodeCursor({ low, ranges, next: next() }));
      await this.remove(() => true);
    } catch (error) {
      trouble(error, 'keeping how far the queue is consumed');
      // A full disk may not even take the cursor. Oldest files that are missing count as consumed, if newer ones are there.
      const from = ledger.segments[0]?.first ?? 0;
      await this.remove(({ limit }) => limit <= Math.min(from, low));
      this.changed();
    } finally {
      this.running = undefined;
    }
  }

  private async remove(which: (segment: Segment) => boolean): Promise<void> {
    const { dispose, trouble } = this.options;
    const kept: Segment[] = [];
    for (const segment of this.finished) {
      try {
        if (which(segment)) await dispose(segment);
        else kept.push(segment);
      } catch (error) {
        kept.push(segment);
        trouble(error, `removing ${segment.path}`);
      }
    }
    this.finished = kept;
  }
}
