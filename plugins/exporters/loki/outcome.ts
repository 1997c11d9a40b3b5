import { combineErrors, PermanentError, RetryableError, type Batch, type Sent } from 'sluice/plugin';
import type { PartProgress } from './progress.ts';
import { Refusals, type Reason } from './refusals.ts';

/** A part of a batch with what stood against it in this attempt. */
export interface Attempted {
  readonly count: number;
  readonly progress: PartProgress;
  readonly error: RetryableError | PermanentError | undefined;
  /** Why its records are refused where the error is for good. */
  readonly reason: Reason;
}

/**
 * What the engine is told about a batch: that it has to be tried again, or cut in search of bad records, or what was refused of
 * it. A batch that was refused whole is an error, so that it is kept as a dead letter.
 */
export function outcome(
  batch: Batch,
  parts: readonly Attempted[],
): { readonly sent?: Sent; readonly refused: Refusals } {
  const errors = parts.flatMap(({ error }) => error ?? []);
  const again = errors.filter((error) => error instanceof RetryableError);
  if (again.length > 0) throw combineErrors(again);
  const [only] = parts;
  if (parts.length === 1 && only?.error !== undefined) throw only.error;
  const cut = errors.find((error) => error instanceof PermanentError && (error.tooLarge || error.badData));
  if (cut !== undefined) throw cut;
  const refused = new Refusals();
  for (const { count, error, reason, progress } of parts) {
    if (error !== undefined) refused.add(reason, count, error.message);
    else {
      refused.merge(progress.here?.refused);
      refused.merge(progress.refused);
    }
  }
  const rejected = Math.min(refused.total, batch.count);
  if (rejected === 0) return { refused };
  return { sent: { rejected, message: refused.toString() }, refused };
}
