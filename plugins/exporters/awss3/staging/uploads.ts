import { asDeliveryError, Backoff, type Clock, type Timer } from 'sluice/plugin';
import type { ReadyFile } from './ready-file.ts';

export interface UploadsOptions {
  readonly concurrency: number;
  readonly clock: Clock;
  /** Uploads a file and removes it. */
  readonly upload: (file: ReadyFile, signal: AbortSignal) => Promise<void>;
  /** Hears of each failure, with the wait before the next attempt, and of the success after the last of them. */
  readonly failed: (file: ReadyFile, error: Error, waitMs: number) => void;
  readonly recovered: () => void;
}

interface Task {
  readonly file: ReadyFile;
  readonly backoff: Backoff;
  failing: boolean;
  /** In milliseconds since the epoch. */
  notBefore: number;
}

const waits = { initialMs: 1000, maxMs: 30_000, multiplier: 2, randomization: 0.5 };

/** Uploads files, a few at a time, each again and again until it is there. One that fails lets the others go first. */
export class Uploads {
  private readonly options: UploadsOptions;
  private readonly waiting: Task[] = [];
  private readonly active = new Set<Promise<void>>();
  private readonly abort = new AbortController();
  private failing = 0;
  private timer: Timer | undefined;
  private stopped = false;

  constructor(options: UploadsOptions) {
    this.options = options;
  }

  /** Files that wait or are under way. */
  get count(): number {
    return this.waiting.length + this.active.size;
  }

  push(file: ReadyFile): void {
    this.waiting.push({ file, backoff: new Backoff(waits), failing: false, notBefore: 0 });
    this.start();
  }

  /** Resolves when nothing waits, or at the deadline. */
  async idle(deadline: number): Promise<void> {
    while (this.count > 0 && this.options.clock.now() < deadline) await this.change(deadline);
  }

  /** Lets what is under way end until the deadline, and aborts it then. What waits stays on disk. */
  async stop(deadline: number): Promise<void> {
    this.stopped = true;
    this.timer?.cancel();
    while (this.active.size > 0 && this.options.clock.now() < deadline) await this.change(deadline);
    this.abort.abort(new Error('the exporter stops'));
    await Promise.all(this.active);
  }

  private start(): void {
    const { concurrency, clock } = this.options;
    this.timer?.cancel();
    while (!this.stopped && this.active.size < concurrency) {
      const now = clock.now();
      const index = this.waiting.findIndex(({ notBefore }) => notBefore <= now);
      if (index < 0) break;
      const [task] = this.waiting.splice(index, 1) as [Task];
      const run = this.run(task).finally(() => {
        this.active.delete(run);
        this.start();
      });
      this.active.add(run);
    }
    if (this.stopped || this.waiting.length === 0 || this.active.size >= concurrency) return;
    const next = Math.min(...this.waiting.map(({ notBefore }) => notBefore));
    this.timer = clock.after(Math.max(1, next - clock.now()), () => this.start());
  }

  private async run(task: Task): Promise<void> {
    const { clock, upload, failed, recovered } = this.options;
    try {
      await upload(task.file, this.abort.signal);
      if (task.failing && --this.failing === 0) recovered();
    } catch (error) {
      if (!task.failing) this.failing += 1;
      task.failing = true;
      const waitMs = task.backoff.next(asRetryAfter(error));
      task.notBefore = clock.now() + waitMs;
      this.waiting.push(task);
      if (!this.abort.signal.aborted) failed(task.file, asDeliveryError(error), waitMs);
    }
  }

  /** Resolves when one that is under way ends, and now and then. */
  private async change(deadline: number): Promise<void> {
    const { clock } = this.options;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = clock.after(Math.min(50, Math.max(1, deadline - clock.now())), resolve);
    await Promise.race([promise, ...this.active]);
    timer.cancel();
  }
}

function asRetryAfter(error: unknown): number | undefined {
  const { retryAfterMs } = asDeliveryError(error) as { readonly retryAfterMs?: number | undefined };
  return retryAfterMs;
}
