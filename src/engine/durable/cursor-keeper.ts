import type { Clock, Timer } from '../../flow/clock.ts';
import type { AtomicFile } from './atomic-file.ts';
import { encodeCursor, type Cursor } from './cursor.ts';
import type { CursorHint } from './cursor-hint.ts';
import type { Ledger } from './ledger.ts';
import type { Segment } from './segment.ts';

export interface KeeperOptions {
  readonly file: AtomicFile;
  readonly hint: CursorHint;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly persistMs: number;
  /** Files that the cursor on disk knows to be done with. */
  readonly finished: readonly Segment[];
  /** The sequence after the last record that is safe. */
  readonly next: () => number;
  readonly dispose: (segment: Segment) => Promise<void>;
  readonly trouble: (error: unknown, where: string) => void;
}

/** How old the hint may get, in milliseconds. */
const hintMs = 5;
/** With more holes than this, the hint is not worth its bytes. */
const hintRanges = 256;

/** Puts on disk what was consumed, soon after it was, and then removes the segments that are done with. */
export class CursorKeeper {
  private readonly options: KeeperOptions;
  private timer: Timer | undefined;
  private hintTimer: Timer | undefined;
  private hinting: Promise<void> | undefined;
  private running: Promise<void> | undefined;
  private dirty = false;
  private finished: Segment[];

  constructor(options: KeeperOptions) {
    this.options = options;
    this.finished = [...options.finished];
    if (this.finished.length > 0) this.changed();
  }

  /** Something was consumed, or a segment is full. */
  changed(): void {
    this.dirty = true;
    this.timer ??= this.options.clock.after(this.options.persistMs, () => {
      this.timer = undefined;
      void this.flush();
    });
    this.hintTimer ??= this.options.clock.after(hintMs, () => {
      this.hintTimer = undefined;
      this.hinting ??= this.writeHint();
    });
  }

  /** Resolves when what was consumed until now is safe, or could not be made so, which is reported. */
  async flush(): Promise<void> {
    while (this.running !== undefined) await this.running;
    if (!this.dirty) return;
    this.running = this.persist();
    await this.running;
  }

  /** Once more for what was consumed last, and for the files that are not needed any more. */
  async close(): Promise<void> {
    this.changed();
    // Two copies of the cursor have to know of a file before it goes.
    for (let copy = 0; copy < 2; copy++) await this.flush();
    this.timer?.cancel();
    this.timer = undefined;
    this.hintTimer?.cancel();
    this.hintTimer = undefined;
    await this.hinting;
    if (!this.dirty) await this.options.hint.remove();
  }

  private get cursor(): Cursor {
    const { ledger, next } = this.options;
    const { low, ranges } = ledger.consumed;
    return { low, ranges, next: next() };
  }

  /** Without it, a crash costs some more duplicates, and nothing else. */
  private async writeHint(): Promise<void> {
    const { cursor } = this;
    if (cursor.ranges.length <= hintRanges) await this.options.hint.write(cursor).catch(() => undefined);
    this.hinting = undefined;
  }

  private async persist(): Promise<void> {
    const { file, ledger, trouble } = this.options;
    this.dirty = false;
    // Finished before the last time: both copies of the cursor know it after this one.
    const known = new Set(this.finished);
    this.finished.push(...ledger.takeFinished());
    const { cursor } = this;
    try {
      await file.write(encodeCursor(cursor));
    } catch (error) {
      known.clear();
      trouble(error, 'keeping how far the queue is consumed');
      this.changed();
    }
    // Oldest files that are missing count as consumed, if a newer one with a record is there: they may go whatever the
    // cursor says, and have to where a full disk does not take the cursor.
    const newer = ledger.segments.find(({ first, limit }) => limit > first)?.first ?? 0;
    const from = Math.min(cursor.low, newer);
    await this.remove((segment) => segment.limit <= from || known.has(segment));
    if (this.finished.length > 0) this.changed();
    this.running = undefined;
  }

  /** From the oldest on, and none after one that stays: else that one would look as if something after it were missing. */
  private async remove(which: (segment: Segment) => boolean): Promise<void> {
    const { dispose, trouble } = this.options;
    this.finished.sort((a, b) => a.first - b.first);
    const going = this.finished.filter(which);
    for (const segment of going) {
      try {
        await dispose(segment);
        this.finished.splice(this.finished.indexOf(segment), 1);
      } catch (error) {
        trouble(error, `removing ${segment.path}`);
        return;
      }
    }
  }
}
