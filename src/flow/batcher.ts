import { splitByBytes, splitByCount, type Batch, type Signal } from '../wire/index.ts';
import type { Clock, Timer } from './clock.ts';
import { mergeDeliveries, type Delivery } from './delivery.ts';

export type Sizer = 'requests' | 'items' | 'bytes';

export interface BatcherOptions {
  /** Size at which a batch leaves at once. */
  readonly minSize: number;
  /** Largest batch; bigger ones are split. 0 is unbounded. */
  readonly maxSize: number;
  readonly sizer: Sizer;
  /** Longest wait for a batch to fill, in milliseconds. */
  readonly flushMs: number;
  /** Longest wait while a sender waits for its answer, in milliseconds. */
  readonly maxWaitMs: number;
  readonly clock: Clock;
}

/** How long before a sender's deadline its data leaves at the latest, so that there is time to deliver it. */
const deadlineMarginMs = 2000;

export function sizeOf(batch: Batch, sizer: Sizer): number {
  if (sizer === 'items') return batch.count;
  return sizer === 'bytes' ? batch.bytes.length : 1;
}

/** Gathers deliveries of one signal and lets them out merged, when enough has come or the wait is over. */
export class Batcher<S extends Signal = Signal> {
  private readonly options: BatcherOptions;
  private readonly out: (delivery: Delivery<S>) => void;
  private waiting: Delivery<S>[] = [];
  private size = 0;
  private due = Infinity;
  private timer: Timer | undefined;

  constructor(options: BatcherOptions, out: (delivery: Delivery<S>) => void) {
    this.options = options;
    this.out = out;
  }

  /** Whether nothing waits. */
  get empty(): boolean {
    return this.waiting.length === 0;
  }

  add(delivery: Delivery<S>): void {
    this.waiting.push(delivery);
    this.size += sizeOf(delivery.batch, this.options.sizer);
    if (this.size >= this.options.minSize) this.flushFull();
    else this.hasten(this.dueOf(delivery));
  }

  /** Lets everything out that waits. */
  flush(): void {
    const waiting = this.take();
    if (waiting.length > 0) for (const part of this.cut(mergeDeliveries(waiting))) this.out(part);
  }

  /** Ends the waiting without letting anything out: what waits is refused. */
  refuse(error: Error): void {
    for (const delivery of this.take()) delivery.fail(error);
  }

  /** Lets out what is there, but keeps back a rest that is not a full batch by itself. */
  private flushFull(): void {
    const { maxSize, minSize, sizer } = this.options;
    const parts = this.cut(mergeDeliveries(this.take()));
    const last = parts.at(-1);
    if (parts.length > 1 && last !== undefined && maxSize > 0 && sizeOf(last.batch, sizer) < minSize) {
      parts.pop();
      this.waiting.push(last);
      this.size += sizeOf(last.batch, sizer);
      this.hasten(this.dueOf(last));
    }
    for (const part of parts) this.out(part);
  }

  private cut(delivery: Delivery<S>): Delivery<S>[] {
    const { maxSize, sizer } = this.options;
    if (maxSize === 0 || sizer === 'requests' || sizeOf(delivery.batch, sizer) <= maxSize) return [delivery];
    return delivery.split(
      sizer === 'items' ? splitByCount(delivery.batch, maxSize) : splitByBytes(delivery.batch, maxSize),
    );
  }

  private take(): Delivery<S>[] {
    const waiting = this.waiting;
    this.waiting = [];
    this.size = 0;
    this.due = Infinity;
    this.timer?.cancel();
    this.timer = undefined;
    return waiting;
  }

  private dueOf(delivery: Delivery): number {
    const { clock, flushMs, maxWaitMs } = this.options;
    const now = clock.now();
    if (delivery.deadline === undefined) return now + flushMs;
    return Math.min(now + Math.min(flushMs, maxWaitMs), Math.max(now, delivery.deadline - deadlineMarginMs));
  }

  private hasten(due: number): void {
    if (due >= this.due) return;
    this.due = due;
    this.timer?.cancel();
    const { clock } = this.options;
    this.timer = clock.after(Math.max(0, due - clock.now()), () => this.flush());
  }
}
