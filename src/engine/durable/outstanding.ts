import type { QueueReader } from './queue-reader.ts';
import type { QueueRecord } from './queue.ts';
import type { Segment } from './segment.ts';
import type { Settings } from './settings.ts';
import { entrySize, type Entry } from './tail-cache.ts';

interface Held {
  readonly segment: Segment;
  readonly items: number;
  readonly bytes: number;
  readonly time: number;
}

interface Waiter {
  readonly resolve: (record: QueueRecord | undefined) => void;
  readonly reject: (error: unknown) => void;
}

/** Hands records out, each to one consumer, and remembers those that are not acked. Drops those that are too old. */
export class Outstanding {
  private readonly settings: Settings;
  private readonly reader: QueueReader;
  private readonly expire: (entry: Entry) => void;
  private readonly held = new Map<number, Held>();
  private waiters: Waiter[] = [];
  /** Read, and not handed out yet. */
  private peeked: Entry | undefined;
  private woken = false;
  private sweeping = false;
  private running: Promise<void> | undefined;
  private closed = false;
  /** Bytes of the records that are held. */
  bytes = 0;
  /** Time of the record that was handed out last. */
  lastRead = 0;

  constructor(settings: Settings, reader: QueueReader, expire: (entry: Entry) => void) {
    this.settings = settings;
    this.reader = reader;
    this.expire = expire;
  }

  /** Time of the oldest record that is held or about to be handed out. Records are handed out in order. */
  get oldest(): number | undefined {
    for (const { time } of this.held.values()) return time;
    return this.peeked?.record.time;
  }

  read(signal: AbortSignal | undefined): Promise<QueueRecord | undefined> {
    if (this.closed || signal?.aborted === true) return Promise.resolve(undefined);
    const { promise, resolve, reject } = Promise.withResolvers<QueueRecord | undefined>();
    const waiter: Waiter = {
      resolve: (record) => {
        signal?.removeEventListener('abort', leave);
        resolve(record);
      },
      reject,
    };
    const leave = (): void => {
      this.waiters = this.waiters.filter((other) => other !== waiter);
      resolve(undefined);
    };
    signal?.addEventListener('abort', leave, { once: true });
    this.waiters.push(waiter);
    this.wake();
    return promise;
  }

  /** Takes a record off the list; undefined where it is not on it. */
  take(position: number): Held | undefined {
    const held = this.held.get(position);
    if (held === undefined) return undefined;
    this.held.delete(position);
    this.bytes -= held.bytes;
    return held;
  }

  /** There is something to read, or somebody to read it. */
  wake(): void {
    this.woken = true;
    this.running ??= this.run();
  }

  /** Old records at the head go even if nobody reads. */
  dropExpired(): void {
    if (this.settings.maxAgeMs === Number.POSITIVE_INFINITY) return;
    this.sweeping = true;
    this.wake();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const { resolve } of this.waiters.splice(0)) resolve(undefined);
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.woken && !this.closed) {
      this.woken = false;
      try {
        await this.handOut();
      } catch (error) {
        this.waiters.shift()?.reject(error);
      }
    }
    this.running = undefined;
  }

  private async handOut(): Promise<void> {
    const { maxOutstanding, clock, maxAgeMs } = this.settings;
    while (!this.closed && (this.sweeping || (this.waiters.length > 0 && this.held.size < maxOutstanding))) {
      this.peeked ??= await this.reader.next();
      const { peeked } = this;
      if (peeked !== undefined && peeked.record.time + maxAgeMs <= clock.now()) {
        this.peeked = undefined;
        this.expire(peeked);
        continue;
      }
      this.sweeping = false;
      if (peeked === undefined) return;
      const waiter = this.held.size < maxOutstanding ? this.waiters.shift() : undefined;
      if (waiter !== undefined) this.give(waiter, peeked);
    }
  }

  private give(waiter: Waiter, entry: Entry): void {
    const { record, segment } = entry;
    this.peeked = undefined;
    this.lastRead = record.time;
    const bytes = entrySize(entry);
    this.bytes += bytes;
    this.held.set(record.position, { segment, items: record.items, bytes, time: record.time });
    waiter.resolve(record);
  }
}
