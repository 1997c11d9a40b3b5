import { Committer } from './committer.ts';
import { CursorKeeper } from './cursor-keeper.ts';
import { asStorageError, StorageError } from './errors.ts';
import type { Lock } from './fs.ts';
import { Ledger } from './ledger.ts';
import { Outstanding } from './outstanding.ts';
import { quarantineOf } from './quarantine.ts';
import { QueueReader } from './queue-reader.ts';
import type { Depth, NewRecord, Position, Queue, QueueRecord } from './queue.ts';
import { recordSize } from './record-format.ts';
import type { Recovered } from './recover.ts';
import { SegmentFiles } from './segment-files.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { Settings } from './settings.ts';
import { entrySize, TailCache, type Entry } from './tail-cache.ts';

/** A queue over its recovered files. */
export class SegmentQueue implements Queue {
  private readonly settings: Settings;
  private readonly lock: Lock;
  private readonly ledger: Ledger;
  private readonly files: SegmentFiles;
  private readonly writer: SegmentWriter;
  private readonly committer: Committer;
  private readonly cache: TailCache;
  private readonly reader: QueueReader;
  private readonly keeper: CursorKeeper;
  private readonly outstanding: Outstanding;
  appendedBytes = 0;
  private waitingForRoom: (() => void)[] = [];
  private closing: Promise<void> | undefined;

  constructor(settings: Settings, lock: Lock, recovered: Recovered) {
    const { fs, directory, clock, segmentBytes, memoryBytes, readBytes, persistMs, events } = settings;
    const trouble = (error: unknown, where: string): void => events.trouble?.(asStorageError(error, where));
    this.settings = settings;
    this.lock = lock;
    this.ledger = new Ledger(recovered.segments, recovered.consumed);
    this.files = new SegmentFiles(fs, directory);
    this.writer = new SegmentWriter(this.files, segmentBytes, this.ledger.segments, recovered.next, trouble);
    this.committer = new Committer(
      this.writer,
      clock,
      (entries) => this.committed(entries),
      // The segment that failed may hold nothing any more that is needed.
      () => this.keeper.changed(),
    );
    this.cache = new TailCache(memoryBytes);
    this.keeper = new CursorKeeper({
      file: recovered.cursorFile,
      hint: recovered.hint,
      ledger: this.ledger,
      clock,
      persistMs,
      finished: recovered.finished,
      next: () => this.writer.next,
      dispose: ({ path }) => this.dispose(path),
      trouble,
    });
    this.reader = new QueueReader({
      fs,
      ledger: this.ledger,
      cache: this.cache,
      quarantine: quarantineOf(settings),
      readBytes,
      lost: (loss) => {
        events.lost?.(loss);
        this.consumed();
      },
      trouble: (error) => events.trouble?.(error),
    });
    this.outstanding = new Outstanding(settings, this.reader, (entry) => this.expire(entry));
    if (recovered.losses.length > 0) this.keeper.changed();
  }

  append(record: NewRecord): Promise<Position> {
    const { limits, maxRecordBytes, directory } = this.settings;
    if (this.closing !== undefined)
      return Promise.reject(new StorageError('closed', `the queue in ${directory} is closed`));
    const bytes = recordSize({ headerLength: record.header.length, length: record.bytes.length });
    if (bytes > maxRecordBytes) {
      const message = `a record of ${bytes} bytes is over the limit of ${maxRecordBytes} for the queue in ${directory}`;
      return Promise.reject(new StorageError('too_large', message));
    }
    if (!this.fits(bytes, record.items)) {
      this.outstanding.dropExpired();
      const { records, items, bytes: used } = this.ledger.amount;
      const message = `the queue in ${directory} is full: ${records} records, ${items} items, ${used} bytes; limits ${JSON.stringify(limits)}`;
      return Promise.reject(new StorageError('full', message));
    }
    return this.committer.append(record);
  }

  async room(bytes: number, items: number): Promise<void> {
    const size = recordSize({ headerLength: 0, length: bytes });
    while (!this.fits(size, items) && this.closing === undefined) {
      this.outstanding.dropExpired();
      await new Promise<void>((resolve) => this.waitingForRoom.push(resolve));
    }
  }

  read(signal?: AbortSignal): Promise<QueueRecord | undefined> {
    return this.outstanding.read(signal);
  }

  ack(position: Position): void {
    const one = this.outstanding.take(position);
    if (one === undefined) return;
    this.ledger.settle(one.segment, position, one.items, one.bytes);
    this.consumed();
  }

  get depth(): Depth {
    const { records, items, bytes } = this.ledger.amount;
    if (records === 0) return { records, items, bytes, oldest: undefined };
    const { sequence } = this.reader;
    const cached = this.cache.first?.record;
    const oldest =
      this.outstanding.oldest ??
      (cached?.position === sequence ? cached.time : undefined) ??
      Math.max(this.outstanding.lastRead, this.ledger.segments.find(({ limit }) => limit > sequence)?.firstTime ?? 0);
    return { records, items, bytes, oldest };
  }

  get unreadBytes(): number {
    return this.ledger.amount.bytes - this.outstanding.bytes;
  }

  flush(): Promise<void> {
    return this.keeper.flush();
  }

  close(): Promise<void> {
    this.closing ??= this.end();
    return this.closing;
  }

  private async end(): Promise<void> {
    const { events } = this.settings;
    try {
      this.wakeRoom();
      await this.outstanding.close();
      await this.committer.idle();
      await this.reader.close();
      await this.writer.close();
      await this.keeper.close();
      await this.files.dropSpare();
    } catch (error) {
      events.trouble?.(asStorageError(error, `closing the queue in ${this.settings.directory}`));
    } finally {
      await this.lock.release();
    }
  }

  private fits(bytes: number, items: number): boolean {
    const { pending } = this.committer;
    const more = { records: pending.records + 1, items: pending.items + items, bytes: pending.bytes + bytes };
    return !this.ledger.exceeds(this.settings.limits, more);
  }

  private committed(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const size = entrySize(entry);
      this.ledger.appended(entry.segment, entry.record.items, size);
      this.appendedBytes += size;
      this.cache.push(entry, this.unreadBytes);
    }
    this.outstanding.wake();
  }

  private expire(entry: Entry): void {
    const { record, segment } = entry;
    this.settings.events.expired?.(record);
    this.ledger.settle(segment, record.position, record.items, entrySize(entry));
    this.consumed();
  }

  private consumed(): void {
    this.keeper.changed();
    this.outstanding.wake();
    this.wakeRoom();
  }

  private wakeRoom(): void {
    for (const wake of this.waitingForRoom.splice(0)) wake();
  }

  private async dispose(path: string): Promise<void> {
    await this.writer.sealed();
    const { segmentBytes } = this.settings;
    await this.files.dispose(path, this.closing === undefined ? segmentBytes : -1);
  }
}
