import { asDeliveryError, type Clock, type PermanentError, type RetryableError } from '../../flow/index.ts';
import type { Context, RunningExporter } from '../../plugin/index.ts';
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

/** One attempt to send a batch, with the exporter's timeout. Undefined means that the destination has it. */
export async function attempt(
  options: AttemptOptions,
  batch: Batch,
): Promise<RetryableError | PermanentError | undefined> {
  const { exporter, context, counts, clock, timeoutMs } = options;
  const controller = new AbortController();
  const timer =
    timeoutMs > 0
      ? clock.after(timeoutMs, () => controller.abort(new Error(`no answer within ${timeoutMs} ms`)))
      : undefined;
  try {
    const sent = await exporter.send(batch, { signal: controller.signal });
    const rejected = Math.min(sent?.rejected ?? 0, batch.count);
    counts.sent.value += batch.count - rejected;
    if (sent !== undefined && (rejected > 0 || sent.message !== '')) {
      counts.failed.value += rejected;
      context.logger.warn(
        { rejected, message: sent.message },
        'the destination took the data only in part, or has a warning',
      );
      context.dropped(rejected, batch.signal, 'rejected_by_destination');
    }
    return undefined;
  } catch (error) {
    return asDeliveryError(error);
  } finally {
    timer?.cancel();
  }
}
