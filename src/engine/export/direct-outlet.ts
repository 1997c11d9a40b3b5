import { dutyOf } from '../../flow/delivery.ts';
import type { Delivery } from '../../flow/index.ts';
import { Idle } from './idle.ts';
import type { Outlet } from './outlet.ts';
import { sendAndSettle, type SenderOptions } from './sender.ts';

export interface DirectOptions extends SenderOptions {
  /** Ends all waiting for further attempts. */
  readonly abort: () => void;
}

/** No queue: every delivery is sent at once, while its sender waits. */
export class DirectOutlet implements Outlet {
  private readonly options: DirectOptions;
  private readonly idle: Idle;
  pending = 0;

  constructor(options: DirectOptions) {
    this.options = options;
    this.idle = new Idle(options.clock);
  }

  accept(delivery: Delivery): void {
    dutyOf(delivery).mark?.(this.options.component);
    this.pending += 1;
    void sendAndSettle(this.options, delivery).finally(() => {
      this.pending -= 1;
      if (this.pending === 0) this.idle.reached();
    });
  }

  async stop(deadline: number): Promise<void> {
    if (this.pending > 0) await this.idle.before(deadline);
    this.options.abort();
  }
}
