import { Backoff, sleep, type ReceiverContext } from 'sluice/plugin';

const backoff = { initialMs: 500, maxMs: 60_000, multiplier: 2, randomization: 0.3 };

/** Why an object that was listed cannot be had now, and will not be; undefined where the next attempt may succeed. */
export function goneBecause(error: unknown): string | undefined {
  const { name } = error as { readonly name?: string };
  if (name === 'NoSuchKey') return 'it is not there any more';
  if (name === 'PreconditionFailed') return 'it was replaced after it was listed';
  if (name === 'InvalidObjectState') return 'it is archived, and has to be restored first';
  return undefined;
}

/**
 * Tries again, with growing waits, until it succeeds or the receiver stops; the health of the component says what is wrong
 * meanwhile. `final` errors are thrown, and so is everything once the receiver stops.
 */
export async function patiently<T>(
  what: string,
  context: ReceiverContext,
  final: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  const waits = new Backoff(backoff);
  for (let failed = false; ; failed = true) {
    try {
      const result = await attempt();
      if (failed) context.report('ok');
      return result;
    } catch (error) {
      if (context.signal.aborted || final(error)) throw error;
      const message = `cannot ${what}: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
      context.logger.warn({ err: error }, `${message}; trying again`);
      context.report('recoverable_error', message);
      await sleep(context.clock, waits.next(), context.signal);
      context.signal.throwIfAborted();
    }
  }
}
