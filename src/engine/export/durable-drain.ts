import { performance } from 'node:perf_hooks';
import { createDelivery, type Duty } from '../../flow/delivery.ts';
import { RetryableError, sleep, type Delivery } from '../../flow/index.ts';
import type { SendingQueueConfig } from '../../plugin/index.ts';
import type { Queue, QueueRecord } from '../durable/index.ts';
import { BatcherSet } from './batcher-set.ts';
import { consumersOf } from './consumers.ts';
import { DrainPace } from './drain-pace.ts';
import { readHeader } from './durable-header.ts';
import { sendAndSettle, type SenderOptions } from './sender.ts';

export interface DurableDrainOptions extends SenderOptions {
  readonly queue: SendingQueueConfig;
  readonly storage: Queue;
}

/**
 * Most that is read from disk and not yet settled, in bytes: a backlog stays on disk, however long it is. No more batches wait
 * to be sent than are being sent.
 */
const outstandingBytes = 32 * 1024 * 1024;
/** Most of it that waits for a free consumer: more would not be sent sooner, and there is one queue for each signal. */
const readyBytes = 2 * 1024 * 1024;

/** Brings records from disk to the destination, and lets go of each when it is settled. */
export class DurableDrain {
  private readonly options: DurableDrainOptions;
  private readonly batchers: BatcherSet | undefined;
  private readonly consumers: number;
  private readonly pace: DrainPace;
  private readonly ready: Delivery[] = [];
  private readonly reading: Promise<void>;
  private readonly stopReading = new AbortController();
  private outstanding = 0;
  private waiting = 0;
  private settled: (() => void) | undefined;
  private stopping = false;
  /** Batches that are being sent. */
  sending = 0;

  constructor(options: DurableDrainOptions) {
    this.options = options;
    this.consumers = consumersOf(options.queue);
    const { queue, storage, clock } = options;
    const { batch } = queue;
    this.pace = new DrainPace({
      now: () => clock.now(),
      busyMs: () => performance.eventLoopUtilization().active,
      arrived: () => storage.appendedBytes,
      backlog: () => storage.unreadBytes,
    });
    // Nobody waits here: every sender has its OK, so a batch may fill for as long as it was told to.
    this.batchers =
      batch && new BatcherSet({ batch, clock, maxWaitMs: batch.flush_timeout }, (merged) => this.line(merged));
    this.reading = this.read();
  }

  /** Reads no more, and lets what is being sent end until `deadline`. The rest stays on disk for the next start. */
  async stop(deadline: number): Promise<void> {
    const { clock } = this.options;
    this.stopping = true;
    this.stopReading.abort();
    this.settled?.();
    while (this.sending > 0 && clock.now() < deadline) {
      await new Promise<void>((resolve) => {
        this.settled = resolve;
        clock.after(Math.min(50, deadline - clock.now()), resolve);
      });
    }
    await this.reading;
  }

  private async read(): Promise<void> {
    const { storage, context, clock } = this.options;
    const { signal } = this.stopReading;
    while (!signal.aborted) {
      const enough = this.waiting >= readyBytes || this.ready.length >= this.consumers;
      if (enough || this.outstanding >= outstandingBytes) {
        await new Promise<void>((resolve) => (this.settled = resolve));
        continue;
      }
      const restMs = this.pace.restMs();
      if (restMs > 0) {
        await sleep(clock, restMs, signal);
        continue;
      }
      try {
        const record = await storage.read(signal);
        if (record === undefined) return;
        this.pace.took(record.bytes.length);
        this.take(record);
      } catch (error) {
        context.report('recoverable_error', (error as Error).message);
        context.logger.error({ err: error }, 'the queue cannot be read; will try again');
        await new Promise<void>((resolve) => void clock.after(1000, resolve));
      }
    }
  }

  private take(record: QueueRecord): void {
    this.outstanding += record.bytes.length;
    const duty = new RecordDuty((error) => {
      this.outstanding -= record.bytes.length;
      this.settled?.();
      void this.recordSettled(record, error);
    });
    const delivery = createDelivery({ ...readHeader(record.header), bytes: record.bytes, count: record.items }, duty);
    if (this.batchers === undefined) this.line(delivery);
    else this.batchers.add(delivery);
  }

  /** Left on disk where the service stops. Where its attempts are over, it is kept as a dead letter or counted as dropped. */
  private async recordSettled(record: QueueRecord, error: unknown): Promise<void> {
    const { storage, context, deadLetters, component } = this.options;
    if (error instanceof RetryableError) {
      if (this.stopping) return;
      const { signal, meta } = readHeader(record.header);
      try {
        await deadLetters?.write({ signal, meta, bytes: record.bytes, count: record.items }, component, error.message);
      } catch (failure) {
        context.logger.error(
          { err: failure },
          'given-up data could not be kept as a dead letter; it is tried again after the next start',
        );
        return;
      }
      context.dropped(record.items, signal, deadLetters === undefined ? 'retries_exhausted' : 'dead_letter');
    }
    storage.ack(record.position);
  }

  private line(delivery: Delivery): void {
    this.ready.push(delivery);
    this.waiting += delivery.batch.bytes.length;
    this.consume();
  }

  private consume(): void {
    while (this.sending < this.consumers && !this.stopping) {
      const delivery = this.ready.shift();
      if (delivery === undefined) return;
      this.waiting -= delivery.batch.bytes.length;
      this.sending += 1;
      // There is room for another.
      this.settled?.();
      void sendAndSettle(this.options, delivery).finally(() => {
        this.sending -= 1;
        this.consume();
        this.settled?.();
      });
    }
  }
}

/** The duty of a record that nobody waits for. */
class RecordDuty implements Duty {
  readonly deadline = undefined;
  private readonly onSettled: (error: unknown) => void;
  settled = false;

  constructor(onSettled: (error: unknown) => void) {
    this.onSettled = onSettled;
  }

  settle(error?: unknown): void {
    if (this.settled) return;
    this.settled = true;
    this.onSettled(error);
  }
}
