import { dutyOf } from '../../flow/delivery.ts';
import type { Delivery } from '../../flow/index.ts';
import { DurableDrain, type DurableDrainOptions } from './durable-drain.ts';
import { storeAndSettle } from './durable-intake.ts';
import type { Outlet } from './outlet.ts';

export interface DurableQueueOptions extends DurableDrainOptions {
  /** Ends all waiting for further attempts. */
  readonly abort: () => void;
}

/**
 * `sending_queue` on disk: a sender has its OK as soon as its data is safe there, and the data leaves the disk only when its
 * destination has it, or it was kept as a dead letter.
 */
export class DurableQueue implements Outlet {
  private readonly options: DurableQueueOptions;
  private readonly drain: DurableDrain;
  private storing = 0;
  private stored: (() => void) | undefined;

  constructor(options: DurableQueueOptions) {
    this.options = options;
    this.drain = new DurableDrain(options);
  }

  get pending(): number {
    return this.storing + this.drain.sending;
  }

  accept(delivery: Delivery): void {
    dutyOf(delivery).mark?.(this.options.component);
    this.storing += 1;
    void storeAndSettle(this.options, delivery).finally(() => {
      this.storing -= 1;
      if (this.storing === 0) this.stored?.();
    });
  }

  async stop(deadline: number): Promise<void> {
    const { abort, storage } = this.options;
    if (this.storing > 0) await new Promise<void>((resolve) => (this.stored = resolve));
    // What retries would not end before the deadline: it is safe where it is.
    const stopped = this.drain.stop(deadline);
    abort();
    await stopped;
    await storage.close();
  }
}
