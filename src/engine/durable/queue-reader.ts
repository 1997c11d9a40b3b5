import { asStorageError, type StorageError } from './errors.ts';
import type { FileSystem } from './fs.ts';
import type { Ledger } from './ledger.ts';
import type { Quarantine } from './quarantine.ts';
import type { Loss } from './queue.ts';
import { checksumOf, frameBytes } from './record-format.ts';
import { blockBytes } from './segment-format.ts';
import type { Segment } from './segment.ts';
import { entrySize, type Entry, type TailCache } from './tail-cache.ts';
import { step, type Step } from './walk.ts';
import { WindowReader } from './window-reader.ts';

export interface ReaderOptions {
  readonly fs: FileSystem;
  readonly ledger: Ledger;
  readonly cache: TailCache;
  readonly quarantine: Quarantine;
  readonly readBytes: number;
  readonly lost: (loss: Loss) => void;
  readonly trouble: (error: StorageError) => void;
}

/** A place that cannot be read is tried so often, and then given up. */
const attempts = 3;

/** Goes through the records in order, from memory where they are still there. One call at a time. */
export class QueueReader {
  private readonly options: ReaderOptions;
  private segment: Segment | undefined;
  private window: WindowReader | undefined;
  private offset = blockBytes;
  private failures = 0;
  /** The sequence that is read next. */
  sequence = 1;

  constructor(options: ReaderOptions) {
    this.options = options;
  }

  /** Undefined where nothing more is safe on disk. Rejects with `io` where the disk does not answer; try again. */
  async next(): Promise<Entry | undefined> {
    for (;;) {
      const segment = this.locate();
      if (segment === undefined) return undefined;
      if (segment !== this.segment) await this.enter(segment, blockBytes);
      const entry = this.options.cache.take(this.sequence) ?? (await this.advance(segment));
      if (entry === undefined) continue;
      this.offset = entry.offset + entrySize(entry);
      this.sequence += 1;
      return entry;
    }
  }

  async close(): Promise<void> {
    const { window } = this;
    this.window = undefined;
    await window?.file.close();
  }

  private locate(): Segment | undefined {
    if (this.segment !== undefined && this.sequence < this.segment.limit) return this.segment;
    const found = this.options.ledger.segments.find(({ limit }) => limit > this.sequence);
    // Files between that are gone were reported at the start.
    if (found !== undefined && found !== this.segment) this.sequence = found.first;
    return found;
  }

  private async enter(segment: Segment, offset: number): Promise<void> {
    await this.close().catch(() => undefined);
    this.segment = segment;
    this.offset = offset;
  }

  private async advance(segment: Segment): Promise<Entry | undefined> {
    let found: Step | undefined;
    try {
      this.window ??= new WindowReader(await this.options.fs.open(segment.path, 'read'), this.options.readBytes);
      found = await step(this.window, segment, this.offset, this.sequence);
      const entry = found.kind === 'record' ? await this.load(segment, found, this.window) : undefined;
      if (found.kind === 'damage') await this.skip(segment, found);
      this.failures = 0;
      return entry;
    } catch (error) {
      await this.close().catch(() => undefined);
      this.failures += 1;
      if (this.failures < attempts) throw asStorageError(error, `reading ${segment.path} at ${this.offset}`);
      this.failures = 0;
      this.giveUp(segment, found);
      return undefined;
    }
  }

  private async load(
    segment: Segment,
    found: Step & { kind: 'record' },
    window: WindowReader,
  ): Promise<Entry | undefined> {
    const { frame, offset, next } = found;
    const { consumed } = this.options.ledger;
    if (!consumed.has(frame.sequence)) {
      const whole = await window.view(offset, next - offset, segment.end);
      const header = whole.subarray(frameBytes, frameBytes + frame.headerLength);
      const bytes = whole.subarray(frameBytes + frame.headerLength);
      if (checksumOf(header, bytes) === frame.checksum) {
        const { sequence: position, items, time } = frame;
        return { record: { header, bytes, items, time, position }, segment, offset };
      }
      await this.lose(segment, { first: frame.sequence, limit: frame.sequence + 1, offset, next }, frame.items);
    }
    this.moveTo(frame.sequence + 1, next);
    return undefined;
  }

  private async skip(segment: Segment, found: Step & { kind: 'damage' }): Promise<void> {
    await this.lose(segment, found, undefined);
    this.moveTo(found.limit, found.next);
  }

  private async lose(
    segment: Segment,
    { first, limit, offset, next }: { first: number; limit: number; offset: number; next: number },
    items: number | undefined,
  ): Promise<void> {
    const { ledger, quarantine, lost, trouble } = this.options;
    if (ledger.consumed.missing(first, limit).length === 0) return;
    const reason = first < segment.doubtful ? 'corrupt' : 'torn';
    const damaged = { reason, first, limit, segment: segment.path, offset, length: next - offset };
    let quarantined: string | undefined;
    try {
      if (damaged.length > 0) quarantined = await quarantine.keep(damaged);
    } catch (error) {
      trouble(asStorageError(error, `keeping damaged bytes of ${segment.path}`));
    }
    if (items !== undefined) ledger.settle(segment, first, items, next - offset);
    const holes = items === undefined ? ledger.writeOff(segment, first, limit) : [{ first, limit }];
    for (const hole of holes) lost({ reason, ...hole, items, segment: segment.path, quarantined });
  }

  /** The one record, where its frame could be read, and else the rest of the segment. */
  private giveUp(segment: Segment, found: Step | undefined): void {
    const { ledger, lost } = this.options;
    const one = found?.kind === 'record' ? found : undefined;
    const limit = one === undefined ? segment.limit : this.sequence + 1;
    const reason = 'unreadable';
    for (const hole of ledger.writeOff(segment, this.sequence, limit)) {
      lost({ reason, ...hole, items: one?.frame.items, segment: segment.path, quarantined: undefined });
    }
    this.moveTo(limit, one?.next ?? segment.end);
  }

  private moveTo(sequence: number, offset: number): void {
    this.sequence = sequence;
    this.offset = offset;
  }
}
