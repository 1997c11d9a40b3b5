import { combineErrors, PermanentError, pickRecords, RetryableError, type Batch, type Sent } from 'sluice/plugin';
import type { Cut, Outgoing } from './requests.ts';

export type Failure = readonly [Outgoing, RetryableError | PermanentError];

/** What a batch came to whose requests ended in these failures, if any. Throws where it is one request, and that failed. */
export function outcomeOf(batch: Batch, { requests, impossible }: Cut, failures: readonly Failure[]): Sent | undefined {
  const [first] = failures;
  if (first !== undefined && requests.length === 1 && impossible.size === 0) throw first[1];
  if (first === undefined && impossible.size === 0) return undefined;
  const nowhere = [...impossible].map(([reason, indices]) => ({
    batch: picked(batch, indices),
    error: new PermanentError(reason),
  }));
  const refused = failures.flatMap(([{ indices }, error]) =>
    error instanceof PermanentError ? [{ batch: picked(batch, indices), error }] : [],
  );
  const later = failures.filter(([, error]) => error instanceof RetryableError);
  return {
    rejected: 0,
    message: '',
    refused: [...nowhere, ...refused],
    ...(later.length > 0 && {
      later: {
        batch: picked(
          batch,
          later.flatMap(([{ indices }]) => indices),
        ),
        error: combineErrors(later.map(([, error]) => error)) as RetryableError,
      },
    }),
  };
}

function picked(batch: Batch, indices: readonly number[]): Batch {
  const wanted = new Set(indices);
  return pickRecords(batch, (index) => wanted.has(index));
}
