import { asDeliveryError, RetryableError, type Clock, type Outcome } from '../../flow/index.ts';
import type { Duty } from '../../flow/delivery.ts';

/** A duty that stands in the ledger until it is settled. */
export interface LedgerDuty extends Duty {
  readonly outcome: Promise<Outcome>;
  /** Which component had it last, and since when: `processor/batch`. */
  at: string;
  since: number;
}

export interface LedgerOptions {
  readonly clock: Clock;
  /** How long a processor or connector may hold data before it is taken for lost, in milliseconds. */
  readonly settleDeadlineMs: number;
  /** Told of data that a component did not pass on in time. */
  readonly onOverdue: (component: string, heldMs: number) => void;
}

const sweepMs = 250;

/**
 * All data on its way. Its sweep answers senders whose time is up, and finds data that a component
 * took and never settled: that is refused too, so that its sender still has it.
 */
export class Ledger {
  private readonly options: LedgerOptions;
  private readonly open = new Set<LedgerDuty>();
  private sweeping = false;

  constructor(options: LedgerOptions) {
    this.options = options;
  }

  get size(): number {
    return this.open.size;
  }

  /** `deadline` in milliseconds since the epoch; undefined where nobody waits for the answer. */
  enter(deadline: number | undefined, at: string): LedgerDuty {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const { open, options } = this;
    const duty: LedgerDuty = {
      deadline,
      settled: false,
      outcome: promise,
      at,
      since: this.options.clock.now(),
      settle(error) {
        if (!open.delete(duty)) return;
        (duty as { settled: boolean }).settled = true;
        resolve(error === undefined ? { ok: true } : { ok: false, error: asDeliveryError(error) });
      },
      mark(component) {
        duty.at = component;
        duty.since = options.clock.now();
      },
    };
    open.add(duty);
    this.scheduleSweep();
    return duty;
  }

  /** Resolves when nothing is on its way, or when `deadline` has come. */
  async drained(deadline: number): Promise<boolean> {
    const { clock } = this.options;
    while (this.open.size > 0 && clock.now() < deadline) {
      const { promise, resolve } = Promise.withResolvers<void>();
      clock.after(10, resolve);
      await promise;
    }
    return this.open.size === 0;
  }

  /** Refuses all that is still on its way. */
  refuseAll(reason: string): void {
    for (const duty of this.open) duty.settle(new RetryableError(reason));
  }

  private scheduleSweep(): void {
    if (this.sweeping) return;
    this.sweeping = true;
    this.options.clock.after(sweepMs, () => {
      this.sweeping = false;
      this.sweep();
      if (this.open.size > 0) this.scheduleSweep();
    });
  }

  private sweep(): void {
    const now = this.options.clock.now();
    for (const duty of this.open) {
      const held = now - duty.since;
      if (held > this.options.settleDeadlineMs && /^(processor|connector)\//.test(duty.at)) {
        this.options.onOverdue(duty.at, held);
        duty.settle(new RetryableError(`${duty.at} did not pass the data on within ${Math.round(held / 1000)} s`));
      } else if (duty.deadline !== undefined && now >= duty.deadline) {
        duty.settle(new RetryableError(`not delivered in time; it was at ${duty.at}`, { retryAfterMs: 1000 }));
      }
    }
  }
}
