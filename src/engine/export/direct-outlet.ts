import { dutyOf } from '../../flow/delivery.ts';
import type { Delivery } from '../../flow/index.ts';
import type { Outlet } from './outlet.ts';
import { sendAndSettle, type SenderOptions } from './sender.ts';

export interface DirectOptions extends SenderOptions {
  /** Name of the exporter for marks and messages: `exporter/debug`. */
  readonly component: string;
  /** Ends all waiting for further attempts. */
  readonly abort: () => void;
}

/** No queue: every delivery is sent at once, while its sender waits. */
export class DirectOutlet implements Outlet {
  private readonly options: DirectOptions;
  private idle: (() => void) | undefined;
  pending = 0;

  constructor(options: DirectOptions) {
    this.options = options;
  }

  accept(delivery: Delivery): void {
    dutyOf(delivery).mark?.(this.options.component);
    this.pending += 1;
    void sendAndSettle(this.options, delivery).finally(() => {
      this.pending -= 1;
      if (this.pending === 0) this.idle?.();
    });
  }

  async stop(deadline: number): Promise<void> {
    const { clock, abort } = this.options;
    if (this.pending > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.idle = resolve;
      const timer = clock.after(Math.max(0, deadline - clock.now()), resolve);
      await promise;
      timer.cancel();
    }
    abort();
  }
}
