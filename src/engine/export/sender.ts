import { stillAwaited } from '../../flow/delivery.ts';
import { asDeliveryError, Backoff, PermanentError, RetryableError, sleep, type Delivery } from '../../flow/index.ts';
import type { RetryConfig, Sent } from '../../plugin/index.ts';
import { splitByCount } from '../../wire/index.ts';
import { attempt, type AttemptOptions } from './attempt.ts';
import type { Circuit } from './circuit.ts';
import { settleRefused, type RefusalOptions } from './refusal.ts';

export interface SenderOptions extends AttemptOptions, RefusalOptions {
  readonly retry: RetryConfig;
  readonly circuit: Circuit;
  /** Aborts when the exporter stops; whoever waits for another attempt then gives up. */
  readonly signal: AbortSignal;
}

/** How many more requests the search for bad records in one batch may cost. */
const searchBudget = 64;

/**
 * Sends a delivery and settles it: tries again what may go through later, halves what is too large or holds bad records,
 * and tells the sender in time when it has to keep the data.
 */
export async function sendAndSettle(options: SenderOptions, delivery: Delivery): Promise<void> {
  await send(options, delivery, { left: searchBudget });
}

/** Gives what its sender was told where the delivery was given up. */
async function send(
  options: SenderOptions,
  given: Delivery,
  search: { left: number },
): Promise<RetryableError | undefined> {
  const { context, clock, circuit, retry, counts, signal } = options;
  let delivery = given;
  const startedAt = clock.now();
  const backoff = backoffOf(retry);
  const inTime = (at: number): boolean => givenUp(options, delivery, startedAt, at) === undefined;
  for (;;) {
    if (delivery.settled) {
      // Its sender was told to bring it again; this only closes the books.
      delivery.ack();
      return undefined;
    }
    const untried = circuit.closed ? undefined : await circuit.turn({ delivery, inTime }, signal);
    if (untried !== undefined && delivery.settled) continue;
    delivery = stillAwaited(delivery);
    const result = untried === undefined ? await attempt(options, delivery.batch) : { error: untried };
    if ('sent' in result || result.error instanceof PermanentError) circuit.answered();
    else if (untried === undefined) circuit.failed(result.error);
    const left = 'sent' in result ? await settleTaken(options, delivery, result.sent, search) : { ...result, delivery };
    if (left === undefined) return undefined;
    const { error } = left;
    delivery = left.delivery;
    if (error instanceof PermanentError) return sendParts(options, delivery, error, search);
    context.report('recoverable_error', circuit.closed ? error.message : `circuit open: ${error.message}`);
    const waitMs = circuit.closed ? backoff.next(error.retryAfterMs) : circuit.waitMs;
    const reason = givenUp(options, delivery, startedAt, clock.now() + waitMs);
    if (reason !== undefined) {
      counts.failed.value += delivery.batch.count;
      // What is not tried has been said when the circuit opened.
      const level = untried === undefined ? 'warn' : 'debug';
      context.logger[level]({ error: error.message, count: delivery.batch.count, reason }, 'not delivered');
      const told = new RetryableError(error.message, { retryAfterMs: waitMs, cause: error });
      delivery.fail(told);
      return told;
    }
    if (!circuit.closed) continue;
    context.logger.info({ error: error.message, waitMs: Math.round(waitMs) }, 'sending failed; will try again');
    await sleep(clock, waitMs, signal);
  }
}

interface Left {
  readonly delivery: Delivery;
  readonly error: RetryableError | PermanentError;
}

/** Settles all of a batch but what its destination may take later; undefined where that is nothing. */
async function settleTaken(
  options: SenderOptions,
  delivery: Delivery,
  sent: Sent | undefined,
  search: { left: number },
): Promise<Left | undefined> {
  const refused = (sent?.refused ?? []).filter(({ batch }) => batch.count > 0);
  const later = sent?.later?.batch.count === 0 ? undefined : sent?.later;
  if (refused.length === 0 && later === undefined) options.context.report('ok');
  const parts = delivery.split([...refused, ...(later === undefined ? [] : [later])].map(({ batch }) => batch));
  for (const [i, { error }] of refused.entries()) await sendParts(options, parts[i] as Delivery, error, search);
  return later && { delivery: parts.at(-1) as Delivery, error: asDeliveryError(later.error) };
}

/** Refused as a whole: halves may go through, until a single record is left, or the search has cost enough. */
async function sendParts(
  options: SenderOptions,
  delivery: Delivery,
  error: PermanentError,
  search: { left: number },
): Promise<RetryableError | undefined> {
  const { batch } = delivery;
  const worthwhile = error.tooLarge || (error.badData && search.left > 0);
  if (batch.count < 2 || !worthwhile) {
    await settleRefused(options, delivery, error);
    return undefined;
  }
  if (!error.tooLarge) search.left -= 2;
  options.context.logger.info(
    { count: batch.count, bytes: batch.bytes.length, error: error.message },
    'refused as a whole; sending halves',
  );
  let told: RetryableError | undefined;
  for (const half of delivery.split(splitByCount(batch, Math.ceil(batch.count / 2)))) {
    // All of it comes again: what follows would arrive out of order, and twice.
    if (told === undefined) told = await send(options, half, search);
    else half.fail(told);
  }
  return told;
}

function backoffOf(retry: RetryConfig): Backoff {
  return new Backoff({
    initialMs: retry.initial_interval,
    maxMs: retry.max_interval,
    multiplier: retry.multiplier,
    randomization: retry.randomization_factor,
  });
}

/** Why no attempt is made at that time, in milliseconds since the epoch; undefined when one is. */
function givenUp(
  { retry, signal }: SenderOptions,
  delivery: Delivery,
  startedAt: number,
  at: number,
): string | undefined {
  if (!retry.enabled) return 'retry_on_failure is off';
  if (signal.aborted) return 'shutting down';
  if (delivery.deadline !== undefined && at >= delivery.deadline) return 'its sender waits no longer';
  if (retry.max_elapsed_time > 0 && at - startedAt > retry.max_elapsed_time) return 'max_elapsed_time is over';
  return undefined;
}
