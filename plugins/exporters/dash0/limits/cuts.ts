import type { Context, Timer } from 'sluice/plugin';

/** Between two lines in the log, at least. */
const quietMs = 10_000;

/** Counts what goes beyond a limit, and names it in the log: at once, then summed up every ten seconds. */
export class Cuts {
  private readonly context: Pick<Context, 'clock' | 'logger'>;
  private readonly counter: ReturnType<Context['metrics']['counter']>;
  private sums = new Map<string, number>();
  private timer: Timer | undefined;

  constructor(context: Pick<Context, 'clock' | 'logger' | 'metrics'>) {
    this.context = context;
    this.counter = context.metrics.counter('exporter_dash0_limited', {
      description: 'Number of things beyond a limit of Dash0: cut, left out or, for times, only noted.',
      unit: '{things}',
    });
  }

  add(limit: string, count: number): void {
    this.counter.add(count, { limit });
    this.sums.set(limit, (this.sums.get(limit) ?? 0) + count);
  }

  /** To be called after everything of a batch was added. */
  say(): void {
    if (this.timer !== undefined || !this.log()) return;
    this.timer = this.context.clock.after(quietMs, () => {
      this.timer = undefined;
      this.say();
    });
  }

  close(): void {
    this.timer?.cancel();
    this.log();
  }

  /** False where there is nothing to say. */
  private log(): boolean {
    if (this.sums.size === 0) return false;
    this.context.logger.warn(Object.fromEntries(this.sums), 'data goes beyond the limits of Dash0');
    this.sums = new Map();
    return true;
  }
}
