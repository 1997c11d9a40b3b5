import { asDeliveryError, type Clock, type PermanentError, type RetryableError } from '../../flow/index.ts';
import type { Context, RunningExporter, Sent } from '../../plugin/index.ts';
import type { Batch } from '../../wire/index.ts';
import type { ExporterCounts } from '../telemetry/component-counts.ts';

export interface AttemptOptions {
  readonly exporter: RunningExporter;
  readonly context: Context;
  readonly counts: ExporterCounts;
  readonly clock: Clock;
  /** Longest time for one attempt, in milliseconds; 0 is unbounded. */
  readonly timeoutMs: number;
}

/** What one attempt came to: the destination has the batch but for what `sent` names, or it has nothing of it. */
export type Attempt = { readonly sent: Sent | undefined } | { readonly error: RetryableError | PermanentError };

/** One attempt to send a batch, with the exporter's timeout. */
export async function attempt(options: AttemptOptions, batch: Batch): Promise<Attempt> {
  const { exporter, clock, timeoutMs } = options;
  const controller = new AbortController();
  const timer =
    timeoutMs > 0
      ? clock.after(timeoutMs, () => controller.abort(new Error(`no answer within ${timeoutMs} ms`)))
      : undefined;
  try {
    const sent = (await exporter.send(batch, { signal: controller.signal })) ?? undefined;
    account(options, batch, sent);
    return { sent };
  } catch (error) {
    return { error: asDeliveryError(error) };
  } finally {
    timer?.cancel();
  }
}

/** Counts what went through and what was rejected without a name. What `sent` names is counted where it is settled. */
function account({ counts, context }: AttemptOptions, batch: Batch, sent: Sent | undefined): void {
  const named = [...(sent?.refused ?? []), ...(sent?.later === undefined ? [] : [sent.later])];
  const taken = named.reduce((count, part) => count - part.batch.count, batch.count);
  const rejected = Math.min(sent?.rejected ?? 0, taken);
  counts.sent.value += taken - rejected;
  if (sent === undefined || (rejected === 0 && sent.message === '')) return;
  counts.failed.value += rejected;
  context.logger.warn(
    { rejected, message: sent.message },
    'the destination took the data only in part, or has a warning',
  );
  context.dropped(rejected, batch.signal, 'rejected_by_destination');
}
