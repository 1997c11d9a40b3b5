import type { SendingQueueConfig } from '../../plugin/index.ts';

/** How many batches are sent at the same time. */
export function consumersOf({ ordered, num_consumers = 10 }: SendingQueueConfig): number {
  return ordered ? 1 : num_consumers;
}
