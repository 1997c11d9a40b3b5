/** A backlog below this is drained as fast as it goes, in bytes. */
const backlogBytes = 16 * 1024 * 1024;
/** How long is looked at, in milliseconds. */
const windowMs = 50;
/** Above this part of its time the process is taken to be busy. */
const busyShare = 0.8;
/** A busy process drains so many times what arrives: what is left behind gets less, and what arrives gets most of what it would alone. */
const drainShare = 1.05;
/** A busy process drains less by so much from one window to the next, and one that is not, more. */
const slower = 0.7;
const faster = 1.5;
const leastBytes = 1024 * 1024;

export interface PaceOptions {
  /** In milliseconds. */
  readonly now: () => number;
  /** For how long the process has been busy until now, in milliseconds. */
  readonly busyMs: () => number;
  /** Bytes that have arrived until now. */
  readonly arrived: () => number;
  /** Bytes that are still to be drained. */
  readonly backlog: () => number;
}

/**
 * Lets what arrives go first while a backlog drains: where the process has no time left for both, the drain slows down to a
 * little more than what arrives. With nothing arriving, or time to spare, it goes on as fast as it can.
 */
export class DrainPace {
  private readonly options: PaceOptions;
  private since: number;
  private busyBefore: number;
  private arrivedBefore: number;
  private taken = 0;
  private budget = Infinity;

  constructor(options: PaceOptions) {
    this.options = options;
    this.since = options.now();
    this.busyBefore = options.busyMs();
    this.arrivedBefore = options.arrived();
  }

  /** Takes note of bytes that were read. */
  took(bytes: number): void {
    this.taken += bytes;
  }

  /** How long the next read should wait, in milliseconds; 0 where it need not. */
  restMs(): number {
    const { now, backlog } = this.options;
    const elapsed = now() - this.since;
    if (elapsed >= windowMs) this.turn(elapsed);
    if (this.taken < this.budget || backlog() < backlogBytes) return 0;
    return Math.max(1, this.since + windowMs - now());
  }

  private turn(elapsed: number): void {
    const { now, busyMs, arrived } = this.options;
    const busy = busyMs() - this.busyBefore >= busyShare * elapsed;
    const came = arrived() - this.arrivedBefore;
    // As if the window had been no longer than it should.
    const scale = windowMs / elapsed;
    this.budget =
      busy && came > 0
        ? Math.max(leastBytes, drainShare * came * scale, slower * Math.min(this.taken, this.budget) * scale)
        : Math.max(leastBytes, faster * this.budget);
    this.since = now();
    this.busyBefore = busyMs();
    this.arrivedBefore = arrived();
    this.taken = 0;
  }
}
