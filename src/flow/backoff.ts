export interface BackoffOptions {
  /** First wait, in milliseconds. */
  readonly initialMs: number;
  /** Longest wait, in milliseconds. */
  readonly maxMs: number;
  readonly multiplier: number;
  /** How far a wait may stray from its middle, as a part of it: 0.5 means from half to one and a half. */
  readonly randomization: number;
}

/** Waits that grow. `random` gives numbers from 0 to 1 and is there for tests. */
export class Backoff {
  private readonly options: BackoffOptions;
  private readonly random: () => number;
  private attempts = 0;

  constructor(options: BackoffOptions, random: () => number = Math.random) {
    this.options = options;
    this.random = random;
  }

  /** The next wait in milliseconds; never shorter than what the other side asked for. */
  next(atLeastMs = 0): number {
    const { initialMs, maxMs, multiplier, randomization } = this.options;
    const middle = Math.min(maxMs, initialMs * multiplier ** this.attempts);
    this.attempts += 1;
    const spread = middle * randomization;
    return Math.max(atLeastMs, middle - spread + this.random() * 2 * spread);
  }

  reset(): void {
    this.attempts = 0;
  }
}
