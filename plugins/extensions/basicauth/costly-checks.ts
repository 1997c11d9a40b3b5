import { Worker } from 'node:worker_threads';
import type { Answer, Question } from './password-thread.ts';

/** Most checks that wait. More are for senders that try again, or that guess. */
const mostWaiting = 64;

/** Checks of slow hashes, one at a time and off the loop. The thread begins with the first check. */
export class CostlyChecks {
  private readonly waiting = new Map<number, PromiseWithResolvers<boolean>>();
  private worker: Promise<Worker> | undefined;
  private lastId = 0;
  private stopped = false;

  /** Rejects where too many checks wait already. */
  async matches(password: string, entry: string): Promise<boolean> {
    if (this.stopped) throw new Error('the extension has stopped');
    if (this.waiting.size >= mostWaiting) throw new Error('too many passwords are being checked');
    const id = ++this.lastId;
    const outcome = Promise.withResolvers<boolean>();
    this.waiting.set(id, outcome);
    this.worker ??= this.open();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have no origins
    const ask = (worker: Worker): void => worker.postMessage({ id, password, entry } satisfies Question);
    void this.worker.then(ask, (error: unknown) => this.lost(error));
    return outcome.promise;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    const { worker } = this;
    this.lost(new Error('the extension has stopped'));
    await (await worker)?.terminate();
  }

  private async open(): Promise<Worker> {
    const { role, url } = await import('./password-thread.ts');
    const worker = new Worker(new URL(url), { workerData: role });
    worker.unref();
    worker.on('message', ({ id, matches }: Answer) => {
      this.waiting.get(id)?.resolve(matches);
      this.waiting.delete(id);
    });
    worker.on('error', (error) => this.lost(error));
    return worker;
  }

  /** Whoever waits hears of it; the next check begins a new thread. */
  private lost(error: unknown): void {
    this.worker = undefined;
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
