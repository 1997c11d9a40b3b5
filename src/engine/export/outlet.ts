import type { Delivery } from '../../flow/index.ts';

/** The end of a pipeline: takes deliveries and sees to it that each is settled. */
export interface Outlet {
  accept(delivery: Delivery): void;
  /** Data that waits or is being sent, in batches. */
  readonly pending: number;
  /** Takes nothing new; resolves when nothing is pending, or at `deadline` (milliseconds since the epoch), refusing the rest. */
  stop(deadline: number): Promise<void>;
}
