import { Batcher, sizeOf } from '../../flow/batcher.ts';
import { createDelivery, createDuty, dutyOf, type Duty } from '../../flow/delivery.ts';
import { RetryableError, type Delivery } from '../../flow/index.ts';
import type { SendingQueueConfig } from '../../plugin/index.ts';
import type { Outlet } from './outlet.ts';
import { sendAndSettle, type SenderOptions } from './sender.ts';

export interface QueueOptions extends SenderOptions {
  readonly queue: SendingQueueConfig;
  /** Longest wait for a batch to fill while a sender waits, in milliseconds. */
  readonly maxWaitMs: number;
  /** Name of the exporter for marks and messages: `exporter/otlp_http`. */
  readonly component: string;
  /** Ends all waiting for further attempts. */
  readonly abort: () => void;
}

const pruneMs = 250;

/**
 * `sending_queue` in memory. Data in it is not safe yet: its sender has no OK until it is delivered, and what a sender no
 * longer waits for leaves the queue, since the sender will bring it again.
 */
export class MemoryQueue implements Outlet {
  private readonly options: QueueOptions;
  private readonly batchers = new Map<string, Batcher>();
  private waiting: Delivery[] = [];
  private blocked: Delivery[] = [];
  /** In units of the queue's sizer: what waits here or in a batcher. */
  private size = 0;
  private sending = 0;
  private pruning = false;
  private idle: (() => void) | undefined;

  constructor(options: QueueOptions) {
    this.options = options;
  }

  get pending(): number {
    return this.waiting.length + this.blocked.length + this.sending;
  }

  /** What waits, in units of `sizer`. */
  get queued(): number {
    return this.size;
  }

  accept(delivery: Delivery): void {
    const { queue, counts, component } = this.options;
    if (!this.hasRoom(delivery)) {
      this.prune();
      if (!this.hasRoom(delivery)) {
        if (queue.block_on_overflow) {
          this.blocked.push(delivery);
          this.schedulePrune();
        } else {
          counts.enqueueFailed.value += delivery.batch.count;
          delivery.fail(
            new RetryableError(`the queue of ${component} is full`, {
              retryAfterMs: this.options.retry.initial_interval,
            }),
          );
        }
        return;
      }
    }
    this.enqueue(delivery);
  }

  async stop(deadline: number): Promise<void> {
    const { clock, abort } = this.options;
    for (const batcher of this.batchers.values()) batcher.flush();
    if (this.pending > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.idle = resolve;
      const timer = clock.after(Math.max(0, deadline - clock.now()), resolve);
      await promise;
      timer.cancel();
    }
    abort();
    for (const delivery of [...this.waiting.splice(0), ...this.blocked.splice(0)])
      delivery.fail(new RetryableError('shutting down', { retryAfterMs: 5000 }));
  }

  private enqueue(delivery: Delivery): void {
    const { queue, component } = this.options;
    const weight = sizeOf(delivery.batch, queue.sizer);
    this.size += weight;
    const duty = new QueuedDuty(queue.wait_for_result ? dutyOf(delivery) : this.acknowledged(delivery), () => {
      this.size -= weight;
      this.admitBlocked();
    });
    duty.mark(component);
    const own = createDelivery(delivery.batch, duty);
    if (queue.batch === undefined) this.line(own);
    else this.batcherOf(own, queue.batch).add(own);
  }

  /** `wait_for_result: false`: the sender has its OK now, and what happens later is only counted. */
  private acknowledged(delivery: Delivery): Duty {
    const { context } = this.options;
    const { count, signal } = delivery.batch;
    const duty = createDuty();
    void duty.outcome.then((outcome) => {
      if (!outcome.ok && outcome.error instanceof RetryableError) context.dropped(count, signal, 'given_up_after_ok');
    });
    delivery.ack();
    return duty;
  }

  private batcherOf(delivery: Delivery, batch: NonNullable<SendingQueueConfig['batch']>): Batcher {
    const { headers } = delivery.batch.meta;
    const key = JSON.stringify(batch.partition.metadata_keys.map((name) => headers?.get(name.toLowerCase()) ?? null));
    let batcher = this.batchers.get(key);
    if (batcher === undefined) {
      const { clock, maxWaitMs } = this.options;
      const { min_size, max_size, sizer, flush_timeout } = batch;
      batcher = new Batcher(
        { minSize: min_size, maxSize: max_size, sizer, flushMs: flush_timeout, maxWaitMs, clock },
        (merged) => {
          this.batchers.delete(key);
          this.line(merged);
        },
      );
      this.batchers.set(key, batcher);
    }
    return batcher;
  }

  private line(delivery: Delivery): void {
    this.waiting.push(delivery);
    this.consume();
    if (this.waiting.length > 0) this.schedulePrune();
  }

  private consume(): void {
    while (this.sending < this.options.queue.num_consumers) {
      const delivery = this.waiting.shift();
      if (delivery === undefined) break;
      this.sending += 1;
      void sendAndSettle(this.options, delivery).finally(() => {
        this.sending -= 1;
        this.consume();
        if (this.pending === 0) this.idle?.();
      });
    }
  }

  private hasRoom(delivery: Delivery): boolean {
    const { queue_size, sizer } = this.options.queue;
    return this.size === 0 || this.size + sizeOf(delivery.batch, sizer) <= queue_size;
  }

  private admitBlocked(): void {
    for (
      let next = this.blocked[0];
      next !== undefined && (next.settled || this.hasRoom(next));
      next = this.blocked[0]
    ) {
      this.blocked.shift();
      if (!next.settled) this.enqueue(next);
    }
  }

  private schedulePrune(): void {
    if (this.pruning) return;
    this.pruning = true;
    this.options.clock.after(pruneMs, () => {
      this.pruning = false;
      this.prune();
      if (this.waiting.length + this.blocked.length > 0) this.schedulePrune();
    });
  }

  /** Lets go of what nobody waits for any more. Its senders were told to bring it again. */
  private prune(): void {
    const gone = this.waiting.filter((delivery) => delivery.settled);
    if (gone.length > 0) {
      this.waiting = this.waiting.filter((delivery) => !delivery.settled);
      for (const delivery of gone) delivery.ack();
    }
    this.blocked = this.blocked.filter((delivery) => !delivery.settled);
  }
}

/** A duty that gives its place in the queue back when it is settled. */
class QueuedDuty implements Duty {
  private readonly duty: Duty;
  private release: (() => void) | undefined;

  constructor(duty: Duty, release: () => void) {
    this.duty = duty;
    this.release = release;
  }

  get deadline(): number | undefined {
    return this.duty.deadline;
  }

  get settled(): boolean {
    return this.duty.settled;
  }

  settle(error?: unknown): void {
    const { release } = this;
    this.release = undefined;
    this.duty.settle(error);
    release?.();
  }

  mark(component: string): void {
    this.duty.mark?.(component);
  }
}
