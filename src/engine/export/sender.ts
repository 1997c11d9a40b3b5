import { Backoff, PermanentError, RetryableError, sleep, type Delivery } from '../../flow/index.ts';
import type { RetryConfig } from '../../plugin/index.ts';
import { splitByCount } from '../../wire/index.ts';
import { attempt, type AttemptOptions } from './attempt.ts';

export interface SenderOptions extends AttemptOptions {
  readonly retry: RetryConfig;
  /** Aborts when the exporter stops; whoever waits for another attempt then gives up. */
  readonly signal: AbortSignal;
}

/**
 * Sends a delivery and settles it: tries again what may go through later, halves what is too large, and tells the sender
 * in time when it has to keep the data.
 */
export async function sendAndSettle(options: SenderOptions, delivery: Delivery): Promise<void> {
  const { context, clock, retry, counts, signal } = options;
  const startedAt = clock.now();
  const backoff = backoffOf(retry);
  for (;;) {
    if (delivery.settled) {
      // Its sender was told to bring it again; this only closes the books.
      delivery.ack();
      return;
    }
    const error = await attempt(options, delivery.batch);
    if (error === undefined) {
      context.report('ok');
      delivery.ack();
      return;
    }
    if (error instanceof PermanentError) {
      if (error.tooLarge && delivery.batch.count > 1) {
        await sendHalves(options, delivery);
        return;
      }
      counts.failed.value += delivery.batch.count;
      context.logger.error({ err: error, count: delivery.batch.count }, 'the destination refuses the data for good');
      context.dropped(
        delivery.batch.count,
        delivery.batch.signal,
        error.tooLarge ? 'too_large' : 'refused_by_destination',
      );
      delivery.fail(error);
      return;
    }
    context.report('recoverable_error', error.message);
    const waitMs = backoff.next(error.retryAfterMs);
    const reason = givenUp(options, delivery, startedAt, waitMs);
    if (reason !== undefined) {
      counts.failed.value += delivery.batch.count;
      context.logger.warn(
        { err: error, count: delivery.batch.count, reason },
        'not delivered; the sender is told to try again',
      );
      delivery.fail(new RetryableError(error.message, { retryAfterMs: waitMs, cause: error }));
      return;
    }
    context.logger.info({ error: error.message, waitMs: Math.round(waitMs) }, 'sending failed; will try again');
    await sleep(clock, waitMs, signal);
  }
}

export function backoffOf(retry: RetryConfig): Backoff {
  return new Backoff({
    initialMs: retry.initial_interval,
    maxMs: retry.max_interval,
    multiplier: retry.multiplier,
    randomization: retry.randomization_factor,
  });
}

/** Why no further attempt is made; undefined when one is. */
function givenUp(
  { retry, clock, signal }: SenderOptions,
  delivery: Delivery,
  startedAt: number,
  waitMs: number,
): string | undefined {
  if (!retry.enabled) return 'retry_on_failure is off';
  if (signal.aborted) return 'shutting down';
  const next = clock.now() + waitMs;
  if (delivery.deadline !== undefined && next >= delivery.deadline) return 'the sender waits no longer';
  if (retry.max_elapsed_time > 0 && next - startedAt > retry.max_elapsed_time) return 'max_elapsed_time is over';
  return undefined;
}

async function sendHalves(options: SenderOptions, delivery: Delivery): Promise<void> {
  const { batch } = delivery;
  options.context.logger.info(
    { count: batch.count, bytes: batch.bytes.length },
    'too large for the destination; sending halves',
  );
  const halves = delivery.split(splitByCount(batch, Math.ceil(batch.count / 2)));
  for (const half of halves) await sendAndSettle(options, half);
}
