import type { Clock } from '../../flow/index.ts';

/** Lets a stop wait for the last of what is under way. */
export class Idle {
  private readonly clock: Clock;
  private wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Nothing is under way any more. */
  reached(): void {
    this.wake?.();
  }

  /** Resolves when that is so, or at `deadline`, in milliseconds since the epoch. */
  async before(deadline: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    const timer = this.clock.after(Math.max(0, deadline - this.clock.now()), resolve);
    await promise;
    timer.cancel();
  }
}
