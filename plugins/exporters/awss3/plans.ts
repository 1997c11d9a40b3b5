import type { Batch } from 'sluice/plugin';
import type { Placed, Placement } from './placement.ts';

/** Records of a batch with their key, and whether they are where they should be. */
export interface Planned extends Omit<Placed, 'newKey'> {
  readonly key: string;
  done: boolean;
}

/** Where the records of batches go. A batch that is sent again goes to the same places, and not to those that have it. */
export class Plans {
  private readonly placement: Placement;
  private readonly plans = new WeakMap<Batch, Planned[]>();

  constructor(placement: Placement) {
    this.placement = placement;
  }

  /** What is left to do for a batch. Throws PermanentError, before anything is written, where some records have no place. */
  of(batch: Batch, now: number): Planned[] {
    let plan = this.plans.get(batch);
    if (plan === undefined) {
      plan = this.placement.place(batch).map(({ newKey, ...placed }) => ({ ...placed, key: newKey(now), done: false }));
      this.plans.set(batch, plan);
    }
    return plan.filter(({ done }) => !done);
  }
}
