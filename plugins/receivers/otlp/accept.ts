import { asDeliveryError, MalformedError, PermanentError, type Batch, type ReceiverContext } from 'sluice/plugin';

/** Why a request was not taken. `retryAfterMs` where it may be sent again. */
export interface Refusal {
  readonly message: string;
  readonly retryAfterMs?: number;
}

/** What a sender is told to wait where nobody downstream said how long. */
const usualWait = 1000;

/** Takes one request. */
export type Accept = (read: () => Batch, deadline?: number) => Promise<Refusal | undefined>;

/** The way of every request, whatever brought it: read, hand on, wait for the outcome. Undefined means it is safe. */
export function accepting(context: ReceiverContext): Accept {
  const malformed = context.metrics.counter('receiver_malformed_requests', {
    description: 'Requests that were refused because they are no well-formed OTLP.',
    unit: '{requests}',
  });
  return async (read, deadline) => {
    try {
      const batch = read();
      // There is nothing in it to wait for.
      if (batch.count > 0) await context.emit(batch, deadline === undefined ? {} : { deadline });
      return undefined;
    } catch (thrown) {
      if (thrown instanceof MalformedError) {
        malformed.add(1);
        context.logger.debug({ error: thrown.message }, 'malformed request refused');
        return { message: thrown.message };
      }
      const error = asDeliveryError(thrown);
      if (error instanceof PermanentError) return { message: error.message };
      return { message: error.message, retryAfterMs: error.retryAfterMs ?? usualWait };
    }
  };
}
