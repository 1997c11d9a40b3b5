import { PermanentError, pickRecords, RetryableError, type Sent } from 'sluice/plugin';
import type { Verdict } from './answer.ts';
import type { BulkBuilder } from './builder.ts';
import { note, type BulkRequest } from './request.ts';

/**
 * What a batch came to: undefined where all of it is in. A record with several documents is taken when all of them are, and comes
 * again when one of them may still be.
 */
export function outcomeOf(
  builder: BulkBuilder,
  request: BulkRequest,
  verdicts: readonly Verdict[] | undefined,
): Sent | undefined {
  const { later, refused } = sorted(request, verdicts);
  if (later.size === 0 && refused.size === 0) return undefined;
  const [firstReason] = later.values();
  return {
    rejected: 0,
    message: '',
    refused: [...refused].map(([, { reason, indices }]) => ({
      batch: pickRecords(request.batch, (index) => indices.has(index)),
      error: new PermanentError(indices.size > 1 ? `${reason} (${indices.size} records)` : reason),
    })),
    ...(later.size > 0 && {
      later: {
        batch: builder.part(request, new Set(later.keys())),
        error: new RetryableError(`${later.size} of ${request.batch.count} records: ${firstReason}`),
      },
    }),
  };
}

interface Group {
  /** That of the first record. */
  readonly reason: string;
  readonly indices: Set<number>;
}

interface Sorted {
  /** Records that may go through later, each with the reason. */
  readonly later: ReadonlyMap<number, string>;
  /** Records that never will, by the kind of reason: `400: mapper_parsing_exception`. */
  readonly refused: ReadonlyMap<string, Group>;
}

function sorted({ items, impossible }: BulkRequest, verdicts: readonly Verdict[] = []): Sorted {
  const later = new Map<number, string>();
  const reasons = new Map<string, number[]>();
  for (const [i, verdict] of verdicts.entries()) {
    const record = items[i] as number;
    if (verdict.kind === 'later' && !later.has(record)) later.set(record, verdict.reason);
    else if (verdict.kind === 'refused') note(reasons, verdict.reason, record);
  }
  const refused = new Map<string, Group>();
  const seen = new Set(later.keys());
  for (const [reason, indices] of [...impossible, ...reasons]) {
    const kind = reason.split(': ', 2).join(': ');
    const group = refused.get(kind) ?? { reason, indices: new Set<number>() };
    refused.set(kind, group);
    for (const index of indices) if (!seen.has(index)) group.indices.add(index);
    for (const index of indices) seen.add(index);
  }
  return { later, refused: new Map([...refused].filter(([, { indices }]) => indices.size > 0)) };
}
