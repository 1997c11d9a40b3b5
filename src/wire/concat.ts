import { countExternal } from './external-memory.ts';
import { commonMeta, type Batch, type Signal } from './batch.ts';

/** Several batches of one signal as one. Requests are lists of resources, so this is concatenation and nothing else. */
export function concat<S extends Signal>(batches: readonly Batch<S>[]): Batch<S> {
  const [first] = batches;
  if (first === undefined) throw new RangeError('concat needs at least one batch');
  if (batches.length === 1) return first;
  let count = 0;
  for (const batch of batches) {
    if (batch.signal !== first.signal) throw new TypeError(`concat of ${first.signal} and ${batch.signal}`);
    count += batch.count;
  }
  const bytes = Buffer.concat(batches.map((batch) => batch.bytes));
  countExternal(bytes.length);
  return {
    signal: first.signal,
    bytes,
    count,
    meta: commonMeta(batches.map((batch) => batch.meta)),
  };
}
