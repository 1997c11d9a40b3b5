import { sizeOf } from '../../flow/batcher.ts';
import { createDelivery, createDuty, dutyOf, type Duty } from '../../flow/delivery.ts';
import { PermanentError, RetryableError, type Delivery } from '../../flow/index.ts';
import type { SendingQueueConfig } from '../../plugin/index.ts';
import { BatcherSet } from './batcher-set.ts';
import { consumersOf } from './consumers.ts';
import { Idle } from './idle.ts';
import type { Outlet } from './outlet.ts';
import { settleRefused } from './refusal.ts';
import { ReleasedDuty } from './released-duty.ts';
import { sendAndSettle, type SenderOptions } from './sender.ts';

export interface QueueOptions extends SenderOptions {
  readonly queue: SendingQueueConfig;
  /** Longest wait for a batch to fill while a sender waits, in milliseconds. */
  readonly maxWaitMs: number;
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
  private readonly batchers: BatcherSet | undefined;
  private waiting: Delivery[] = [];
  private blocked: Delivery[] = [];
  /** In units of the queue's sizer: what waits here or in a batcher. */
  private size = 0;
  private sending = 0;
  private pruning = false;
  private readonly idle: Idle;

  constructor(options: QueueOptions) {
    this.options = options;
    this.idle = new Idle(options.clock);
    const { queue, clock, maxWaitMs } = options;
    this.batchers =
      queue.batch && new BatcherSet({ batch: queue.batch, clock, maxWaitMs }, (merged) => this.line(merged));
  }

  get pending(): number {
    return this.waiting.length + this.blocked.length + this.sending;
  }

  /** What waits, in units of `sizer`. */
  get queued(): number {
    return this.size;
  }

  accept(delivery: Delivery): void {
    if (!this.hasRoom(delivery)) this.prune();
    // Nobody overtakes those that wait for room already.
    if (this.blocked.length === 0 && this.hasRoom(delivery)) this.enqueue(delivery);
    else this.overflow(delivery);
  }

  async stop(deadline: number): Promise<void> {
    this.batchers?.flush();
    if (this.pending > 0) await this.idle.before(deadline);
    this.options.abort();
    for (const delivery of [...this.waiting.splice(0), ...this.blocked.splice(0)])
      delivery.fail(new RetryableError('shutting down', { retryAfterMs: 5000 }));
  }

  private enqueue(delivery: Delivery): void {
    const { queue, component } = this.options;
    const weight = sizeOf(delivery.batch, queue.sizer);
    this.size += weight;
    const duty = new ReleasedDuty(queue.wait_for_result ? dutyOf(delivery) : this.acknowledged(delivery), () => {
      this.size -= weight;
      this.admitBlocked();
    });
    duty.mark(component);
    const own = createDelivery(delivery.batch, duty);
    if (this.batchers === undefined) this.line(own);
    else this.batchers.add(own);
  }

  /** The queue is full: what `block_on_overflow` and `on_full` say. */
  private overflow(delivery: Delivery): void {
    const { queue, counts, component, context, retry } = this.options;
    const { count, signal } = delivery.batch;
    const message = `the queue of ${component} is full`;
    if (queue.block_on_overflow) {
      this.blocked.push(delivery);
      this.schedulePrune();
      return;
    }
    counts.enqueueFailed.value += count;
    if (queue.on_full === 'block') delivery.fail(new RetryableError(message, { retryAfterMs: retry.initial_interval }));
    else if (queue.on_full === 'dead_letter') void settleRefused(this.options, delivery, new PermanentError(message));
    else if (queue.on_full === 'drop_oldest' && this.dropOldest()) this.accept(delivery);
    else {
      context.dropped(count, signal, 'queue_full');
      delivery.ack();
    }
  }

  /** False where all that is left is being sent already. */
  private dropOldest(): boolean {
    const oldest = this.waiting.shift();
    if (oldest === undefined) return false;
    this.options.context.dropped(oldest.batch.count, oldest.batch.signal, 'queue_full_oldest');
    oldest.ack();
    return true;
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

  private line(delivery: Delivery): void {
    this.waiting.push(delivery);
    this.consume();
    if (this.waiting.length > 0) this.schedulePrune();
  }

  private consume(): void {
    while (this.sending < consumersOf(this.options.queue)) {
      const delivery = this.waiting.shift();
      if (delivery === undefined) break;
      this.sending += 1;
      void sendAndSettle(this.options, delivery).finally(() => {
        this.sending -= 1;
        this.consume();
        if (this.pending === 0) this.idle.reached();
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
