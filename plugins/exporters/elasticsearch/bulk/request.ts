import type { Batch } from 'sluice/plugin';

/** A bulk request, and which record each of its items is about. */
export interface BulkRequest {
  readonly body: Uint8Array;
  /** The place in the batch of each item's record, in the order of the items. */
  readonly items: readonly number[];
  /** Records that are not in the request, by the reason why they never can be. */
  readonly impossible: ReadonlyMap<string, readonly number[]>;
  /** Points that only say that there is nothing to say, which no index has a form for. */
  readonly empty: number;
  /** The batch whose records the places are of. */
  readonly batch: Batch;
  /** Ids by the place of the record, where two records of the batch are equal. */
  readonly ids: readonly string[] | undefined;
}

/** Adds a record to those of a reason. */
export function note(reasons: Map<string, number[]>, reason: string, index: number): void {
  const indices = reasons.get(reason);
  if (indices === undefined) reasons.set(reason, [index]);
  else indices.push(index);
}
