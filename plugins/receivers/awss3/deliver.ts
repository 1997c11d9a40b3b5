import { asDeliveryError, Backoff, PermanentError, sleep, type Batch, type ReceiverContext } from 'sluice/plugin';

export type Outcome = 'delivered' | 'refused' | 'stopped';

const backoff = { initialMs: 500, maxMs: 30_000, multiplier: 2, randomization: 0.3 };

/**
 * Hands a batch to the pipelines until they have it, however long that takes. It gives up where the receiver has to stop.
 * What they refuse for good is counted and named.
 */
export async function deliver(batch: Batch, key: string, context: ReceiverContext): Promise<Outcome> {
  const waits = new Backoff(backoff);
  for (;;) {
    try {
      await context.emit(batch, { deadline: Infinity });
      return 'delivered';
    } catch (thrown) {
      const error = asDeliveryError(thrown);
      if (error instanceof PermanentError) {
        context.logger.error({ key, records: batch.count, err: error }, 'refused for good');
        context.dropped(batch.count, batch.signal, 'refused');
        return 'refused';
      }
      if (context.signal.aborted) return 'stopped';
      context.logger.warn({ key, err: error }, 'not taken yet, trying again');
      await sleep(context.clock, waits.next(error.retryAfterMs), context.signal);
      if (context.signal.aborted) return 'stopped';
    }
  }
}
