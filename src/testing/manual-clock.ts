import type { Clock, Timer } from '../flow/index.ts';

interface Pending {
  readonly due: number;
  readonly run: () => void;
}

/** A clock that stands still until `advance` moves it. It starts at a fixed time, so that tests give the same result every day. */
export class ManualClock implements Clock {
  private time: number;
  private readonly timers = new Set<Pending>();

  /** `start` is in milliseconds since the epoch; 2026-01-01T00:00:00Z where it is left out. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.time = start;
  }

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): Timer {
    const timer = { due: this.time + Math.max(0, ms), run };
    this.timers.add(timer);
    return { cancel: () => void this.timers.delete(timer) };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /**
   * Moves on by `ms` milliseconds and runs what falls due on the way, each at its own time and in order. Promises that a
   * timer settles have their say before the next timer runs, and before this resolves.
   */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await turn();
    for (let next = this.next(until); next !== undefined; next = this.next(until)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.run();
      await turn();
    }
    this.time = until;
    await turn();
  }

  /** The timer that is due first, and was set first among those. */
  private next(until: number): Pending | undefined {
    let first: Pending | undefined;
    for (const timer of this.timers)
      if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer;
    return first;
  }
}

/** Lets everything run that waits for no more than settled promises. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
