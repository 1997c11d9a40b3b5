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

/** The hint is written once in so many milliseconds, at the first of what was consumed and at the last. */
const hintMs = 1;
/** With more holes than this, the hint is not worth its bytes. */
const hintRanges = 256;

/** Puts on disk what was consumed, soon after it was, and then removes the segments that are done with. */
export class CursorKeeper {
  private readonly options: KeeperOptions;
  private timer: Timer | undefined;
  private hintTimer: Timer | undefined;
  private hintedAt = 0;
  private hintQueued = false;
  private running: Promise<void> | undefined;
  private dirty = false;
  private closed = false;
  private finished: Segment[];

  constructor(options: KeeperOptions) {
    this.options = options;
    this.finished = [...options.finished];
    if (this.finished.length > 0) this.changed();
  }

  /** Something was consumed, or a segment is full. */
  changed(): void {
    // The directory may be another's already.
    if (this.closed) return;
    this.dirty = true;
    this.timer ??= this.options.clock.after(this.options.persistMs, () => {
      this.timer = undefined;
      void this.flush();
    });
    this.hintSoon();
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
    this.closed = true;
    this.timer?.cancel();
    this.timer = undefined;
    this.hintTimer?.cancel();
    if (!this.dirty) await this.options.hint.remove();
  }

  private get cursor(): Cursor {
    const { ledger, next } = this.options;
    const { low, ranges } = ledger.consumed;
    return { low, ranges, next: next() };
  }

  private hintSoon(): void {
    const { clock } = this.options;
    if (this.hintQueued) return;
    if (clock.now() - this.hintedAt < hintMs) {
      this.hintTimer ??= clock.after(hintMs, () => this.writeHint());
      return;
    }
    // What else is consumed in this turn, the records of one batch for instance, is in it.
    this.hintQueued = true;
    queueMicrotask(() => this.writeHint());
  }

  /** Without it, a crash costs some more duplicates, and nothing else. */
  private writeHint(): void {
    const { hint, clock } = this.options;
    this.hintTimer?.cancel();
    this.hintTimer = undefined;
    this.hintQueued = false;
    this.hintedAt = clock.now();
    const { cursor } = this;
    if (cursor.ranges.length > hintRanges) return;
    try {
      hint.write(cursor);
    } catch {
      // The next one may go through.
    }
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
