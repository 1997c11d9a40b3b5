import type { Delivery, PermanentError } from '../../flow/index.ts';
import type { Context } from '../../plugin/index.ts';
import type { DeadLetterStore } from '../dead-letter/store.ts';
import type { ExporterCounts } from '../telemetry/component-counts.ts';

export interface RefusalOptions {
  readonly context: Context;
  readonly counts: ExporterCounts;
  /** Undefined where no dead-letter folder is configured. */
  readonly deadLetters: DeadLetterStore | undefined;
  /** `exporter/otlp_http`. */
  readonly component: string;
}

/**
 * What becomes of data that its destination refuses for good: it goes to the dead letters and is safe there, or, where
 * there are none, its sender is told. Either way it is counted and named.
 */
export async function settleRefused(options: RefusalOptions, delivery: Delivery, error: PermanentError): Promise<void> {
  const { context, counts, deadLetters, component } = options;
  const { batch } = delivery;
  counts.failed.value += batch.count;
  context.report('recoverable_error', error.message);
  const reason = error.tooLarge ? 'too_large' : 'refused_by_destination';
  if (deadLetters === undefined) {
    context.logger.error({ error: error.message, count: batch.count }, 'the destination refuses the data for good');
    context.dropped(batch.count, batch.signal, reason);
    delivery.fail(error);
    return;
  }
  try {
    await deadLetters.write(batch, component, error.message);
    context.logger.error(
      { error: error.message, count: batch.count },
      'the destination refuses the data for good; it is kept as a dead letter',
    );
    context.dropped(batch.count, batch.signal, 'dead_letter');
    delivery.ack();
  } catch (failure) {
    context.logger.error({ err: failure, count: batch.count }, 'refused data could not be kept as a dead letter');
    delivery.fail(failure);
  }
}
