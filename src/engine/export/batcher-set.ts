import { Batcher } from '../../flow/batcher.ts';
import type { Clock, Delivery } from '../../flow/index.ts';
import type { SendingQueueConfig } from '../../plugin/index.ts';

export interface BatcherSetOptions {
  readonly batch: NonNullable<SendingQueueConfig['batch']>;
  readonly clock: Clock;
  /** Longest wait while a sender waits for its answer, in milliseconds. */
  readonly maxWaitMs: number;
}

/** `sending_queue.batch`: one batcher for each combination of the metadata that must be the same within a batch. */
export class BatcherSet {
  private readonly options: BatcherSetOptions;
  private readonly out: (delivery: Delivery) => void;
  private readonly batchers = new Map<string, Batcher>();

  constructor(options: BatcherSetOptions, out: (delivery: Delivery) => void) {
    this.options = options;
    this.out = out;
  }

  add(delivery: Delivery): void {
    const key = this.keyOf(delivery);
    let batcher = this.batchers.get(key);
    if (batcher === undefined) this.batchers.set(key, (batcher = this.batcher(key)));
    batcher.add(delivery);
  }

  flush(): void {
    for (const batcher of this.batchers.values()) batcher.flush();
  }

  private keyOf({ batch }: Delivery): string {
    const keys = this.options.batch.partition.metadata_keys;
    return keys.length === 0
      ? ''
      : JSON.stringify(keys.map((name) => batch.meta.headers?.get(name.toLowerCase()) ?? null));
  }

  private batcher(key: string): Batcher {
    const { batch, clock, maxWaitMs } = this.options;
    const { min_size, max_size, sizer, flush_timeout } = batch;
    const limits = { minSize: min_size, maxSize: max_size, sizer, flushMs: flush_timeout, maxWaitMs, clock };
    const batcher: Batcher = new Batcher(limits, (merged) => {
      if (batcher.empty) this.batchers.delete(key);
      this.out(merged);
    });
    return batcher;
  }
}
