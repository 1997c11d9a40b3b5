import { createDelivery } from '../../flow/delivery.ts';
import { RetryableError, type Clock, type Delivery } from '../../flow/index.ts';
import type { Batch } from '../../wire/index.ts';
import type { ByteWindow } from '../delivery/window.ts';
import type { Ledger } from '../delivery/ledger.ts';

export interface IntakeOptions {
  readonly clock: Clock;
  readonly window: ByteWindow;
  readonly ledger: Ledger;
  /** How long a sender is kept waiting before it is told to try again, in milliseconds. */
  readonly answerWithinMs: number;
}

export type Accept = (delivery: Delivery) => void;

const shuttingDown = (): RetryableError => new RetryableError('shutting down', { retryAfterMs: 5000 });

/** Where data enters: it waits for room, then for the outcome. Everything behind it is thereby bounded. */
export class Intake {
  private readonly options: IntakeOptions;
  private readonly waiting = new Set<AbortController>();
  private closed = false;

  constructor(options: IntakeOptions) {
    this.options = options;
  }

  /** From now on, senders are told to come back later; those that wait for room are told at once. */
  close(): void {
    this.closed = true;
    for (const controller of this.waiting) controller.abort();
  }

  /**
   * Resolves when all targets have the batch. `deadline` as for `emit`: Infinity where nobody waits.
   * `from` is the component that brings it, as `receiver/otlp`.
   */
  async bring(batch: Batch, targets: readonly Accept[], from: string, deadline?: number): Promise<void> {
    const { window, ledger } = this.options;
    if (this.closed) throw shuttingDown();
    if (batch.count === 0 || targets.length === 0) return;
    const until = this.answerBy(deadline);
    const size = batch.bytes.length;
    if (!window.tryEnter(size) && !(await this.waitForRoom(size, until))) {
      throw this.closed ? shuttingDown() : new RetryableError('busy: no room for more data', { retryAfterMs: 1000 });
    }
    try {
      // It may have had its room in the same moment.
      if (this.closed) throw shuttingDown();
      const duty = ledger.enter(until, from);
      const delivery = createDelivery(batch, duty);
      passTo(targets, delivery);
      const outcome = await duty.outcome;
      if (!outcome.ok) throw outcome.error;
    } finally {
      window.leave(size);
    }
  }

  /** Some way before the sender's own deadline, so that the answer reaches it. */
  private answerBy(deadline: number | undefined): number | undefined {
    if (deadline === Infinity) return undefined;
    const now = this.options.clock.now();
    const bound = now + this.options.answerWithinMs;
    if (deadline === undefined) return bound;
    return Math.min(bound, deadline - Math.min(500, (deadline - now) / 10));
  }

  private async waitForRoom(size: number, until: number | undefined): Promise<boolean> {
    const { clock, window } = this.options;
    const controller = new AbortController();
    const timer = until === undefined ? undefined : clock.after(until - clock.now(), () => controller.abort());
    this.waiting.add(controller);
    try {
      return await window.enter(size, controller.signal);
    } finally {
      this.waiting.delete(controller);
      timer?.cancel();
    }
  }
}

/** Hands a delivery to all targets; each has its own part of the duty. */
export function passTo(targets: readonly Accept[], delivery: Delivery): void {
  const parts = delivery.split(targets.map(() => delivery.batch));
  for (const [i, part] of parts.entries()) targets[i]?.(part);
}
