import { createDelivery, createDuty, type Delivery, type Outcome } from '../flow/delivery.ts';
import type { Batch, Signal } from '../wire/index.ts';

export interface TestDelivery<S extends Signal = Signal> {
  readonly delivery: Delivery<S>;
  /** How it was settled. It never rejects, and stays pending for as long as nobody settles the delivery. */
  readonly outcome: Promise<Outcome>;
}

/** A delivery as a pipeline would hand it over. `deadline`, in milliseconds since the epoch, says that a sender waits for it. */
export function testDelivery<S extends Signal>(
  batch: Batch<S>,
  options: { readonly deadline?: number } = {},
): TestDelivery<S> {
  const duty = createDuty(options.deadline);
  return { delivery: createDelivery(batch, duty), outcome: duty.outcome };
}
