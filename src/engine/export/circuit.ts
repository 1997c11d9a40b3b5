import { Backoff, type Clock, type Delivery, type RetryableError, type Timer } from '../../flow/index.ts';
import type { CircuitBreakerConfig, Context, RetryConfig } from '../../plugin/index.ts';

export interface CircuitOptions {
  readonly breaker: CircuitBreakerConfig;
  readonly retry: RetryConfig;
  readonly clock: Clock;
  readonly context: Context;
}

/** `open`: the destination fails, and is only tried now and then. `half_open`: such a try is under way. */
export type CircuitState = 'closed' | 'half_open' | 'open';

interface Waiter {
  readonly delivery: Delivery;
  /** Whether an attempt at that time, in milliseconds since the epoch, would still be of use. */
  readonly inTime: (at: number) => boolean;
}

/**
 * What is known of a destination from its last answers. As long as it fails, all that is to be sent to it waits here
 * together, and one delivery at a time is the probe: a dead destination is not tried by every consumer for itself.
 */
export class Circuit {
  private readonly options: CircuitOptions;
  private readonly threshold: number;
  private readonly probes: Backoff;
  /** In a row. */
  private failures = 0;
  private readonly waiting = new Map<Waiter, (refused: RetryableError | undefined) => void>();
  private probeAt = 0;
  private timer: Timer | undefined;
  private openedAt = 0;
  private failure: RetryableError | undefined;
  state: CircuitState = 'closed';

  constructor(options: CircuitOptions) {
    this.options = options;
    const { breaker, retry } = options;
    // Whoever does not try again has nothing to wait for.
    this.threshold = breaker.enabled && retry.enabled ? breaker.failures : Number.POSITIVE_INFINITY;
    const intervalMs = Math.min(breaker.probe_interval, retry.max_interval);
    const randomization = retry.randomization_factor;
    this.probes = new Backoff({ initialMs: intervalMs, maxMs: intervalMs, multiplier: 1, randomization });
  }

  get closed(): boolean {
    return this.state === 'closed';
  }

  /** Until the next probe, in milliseconds. */
  get waitMs(): number {
    return Math.max(0, this.probeAt - this.options.clock.now());
  }

  /**
   * Waits until an attempt may be made, whose end is then told to `answered` or `failed`. Gives what the destination said
   * last where the next probe comes too late for the delivery, where it is settled meanwhile, and when `signal` aborts.
   */
  async turn(waiter: Waiter, signal: AbortSignal): Promise<RetryableError | undefined> {
    if (this.closed) return undefined;
    if (signal.aborted) return this.failure;
    if (this.state === 'open') {
      if (!waiter.inTime(Math.max(this.probeAt, this.options.clock.now()))) return this.failure;
      if (this.timer === undefined) {
        this.state = 'half_open';
        return undefined;
      }
    }
    const { promise, resolve } = Promise.withResolvers<RetryableError | undefined>();
    const leave = (): void => this.refuse(waiter);
    this.waiting.set(waiter, resolve);
    signal.addEventListener('abort', leave, { once: true });
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  /** The destination answered, be it that it refuses the data. */
  answered(): void {
    this.failures = 0;
    if (this.closed) return;
    this.state = 'closed';
    this.timer?.cancel();
    this.timer = undefined;
    this.probeAt = 0;
    const seconds = Math.round((this.options.clock.now() - this.openedAt) / 1000);
    this.options.context.logger.info({ seconds }, 'the destination answers again; the circuit is closed');
    for (const waiter of this.waiting.keys()) this.admit(waiter);
  }

  /** The destination is away, or takes nothing now. */
  failed(error: RetryableError): void {
    this.failures += 1;
    this.failure = error;
    if (this.state === 'open') {
      // Of attempts that began before. No probe comes sooner than any of them asked for.
      this.open(error.retryAfterMs ?? 0);
      return;
    }
    if (this.closed && this.failures < this.threshold) return;
    const waitMs = this.probes.next(error.retryAfterMs);
    if (this.closed) {
      this.openedAt = this.options.clock.now();
      this.options.context.logger.warn(
        { error: error.message, failures: this.failures, waitMs: Math.round(waitMs) },
        'the destination fails; the circuit is open, and only a probe is sent now and then',
      );
    }
    this.state = 'open';
    this.open(waitMs);
  }

  private open(waitMs: number): void {
    const { clock } = this.options;
    this.probeAt = Math.max(this.probeAt, clock.now() + waitMs);
    this.timer?.cancel();
    this.timer = clock.after(this.waitMs, () => this.probe());
    for (const waiter of this.waiting.keys()) if (!waiter.inTime(this.probeAt)) this.refuse(waiter);
  }

  /** Lets go whoever waits longest. Where nobody waits, whoever comes next is the probe. */
  private probe(): void {
    this.timer = undefined;
    for (const waiter of this.waiting.keys()) {
      if (waiter.delivery.settled) this.refuse(waiter);
      else {
        this.state = 'half_open';
        this.admit(waiter);
        return;
      }
    }
  }

  private admit(waiter: Waiter): void {
    this.waiting.get(waiter)?.(undefined);
    this.waiting.delete(waiter);
  }

  private refuse(waiter: Waiter): void {
    this.waiting.get(waiter)?.(this.failure);
    this.waiting.delete(waiter);
  }
}
