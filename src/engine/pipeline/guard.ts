import { Observable, Subject, type Subscription } from 'rxjs';
import { createDelivery, dutyOf, type Duty } from '../../flow/delivery.ts';
import { Backoff, RetryableError, type Clock, type Delivery } from '../../flow/index.ts';

export interface GuardOptions<T> {
  /** `processor/tail_sampling`. */
  readonly component: string;
  readonly clock: Clock;
  readonly operator: (deliveries: Observable<Delivery>) => Observable<T>;
  readonly onFailure: (error: unknown) => void;
}

const calmMs = 10_000;

/**
 * Runs an operator so that its failure stays its own: what it holds is refused, and it is started anew, at once the first
 * time and after growing waits when it keeps failing. Deliveries that come meanwhile are refused.
 */
export function guard<T>(options: GuardOptions<T>): (source: Observable<Delivery>) => Observable<T> {
  return (source) =>
    new Observable<T>((subscriber) => {
      const run = new GuardedRun(options, subscriber);
      run.start();
      const subscription = source.subscribe({
        next: (delivery) => run.next(delivery),
        error: (error) => subscriber.error(error),
        complete: () => run.finish(),
      });
      return () => {
        subscription.unsubscribe();
        run.stop();
      };
    });
}

interface Downstream<T> {
  next(value: T): void;
  complete(): void;
}

class GuardedRun<T> {
  private readonly options: GuardOptions<T>;
  private readonly downstream: Downstream<T>;
  private readonly held = new Set<HeldDuty>();
  private readonly backoff = new Backoff({ initialMs: 100, maxMs: 10_000, multiplier: 2, randomization: 0 });
  private inlet: Subject<Delivery> | undefined;
  private running: Subscription | undefined;
  private startedAt = 0;
  private finished = false;

  constructor(options: GuardOptions<T>, downstream: Downstream<T>) {
    this.options = options;
    this.downstream = downstream;
  }

  start(): void {
    const inlet = new Subject<Delivery>();
    this.inlet = inlet;
    this.startedAt = this.options.clock.now();
    try {
      this.running = this.options.operator(inlet).subscribe({
        next: (value) => this.downstream.next(value),
        error: (error) => this.failed(error),
        complete: () =>
          this.finished ? this.downstream.complete() : this.failed(new Error('ended before its input did')),
      });
    } catch (error) {
      this.failed(error);
    }
  }

  next(delivery: Delivery): void {
    if (this.inlet === undefined) {
      delivery.fail(new RetryableError(`${this.options.component} is being restarted`));
      return;
    }
    const duty = new HeldDuty(dutyOf(delivery), this.held);
    duty.mark(this.options.component);
    this.inlet.next(createDelivery(delivery.batch, duty));
  }

  finish(): void {
    this.finished = true;
    if (this.inlet === undefined) this.downstream.complete();
    else this.inlet.complete();
  }

  stop(): void {
    this.running?.unsubscribe();
  }

  private failed(error: unknown): void {
    const { clock, component, onFailure } = this.options;
    this.inlet = undefined;
    onFailure(error);
    const reason = error instanceof Error ? error.message : String(error);
    for (const duty of this.held) duty.settle(new RetryableError(`${component} failed: ${reason}`, { cause: error }));
    if (this.finished) {
      this.downstream.complete();
      return;
    }
    if (clock.now() - this.startedAt > calmMs) this.backoff.reset();
    clock.after(this.backoff.next(), () => this.start());
  }
}

/** Stands between a delivery and its duty while the operator, or what comes after it, has it. */
class HeldDuty implements Duty {
  private readonly duty: Duty;
  private readonly held: Set<HeldDuty>;

  constructor(duty: Duty, held: Set<HeldDuty>) {
    this.duty = duty;
    this.held = held;
    held.add(this);
  }

  get deadline(): number | undefined {
    return this.duty.deadline;
  }

  get settled(): boolean {
    return this.duty.settled;
  }

  settle(error?: unknown): void {
    if (this.held.delete(this)) this.duty.settle(error);
  }

  mark(component: string): void {
    this.duty.mark?.(component);
  }
}
