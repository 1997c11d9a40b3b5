import { RetryableError, type Batch, type ClientAuthenticator, type OutgoingFacts } from '../plugin/index.ts';

interface Request {
  readonly signal: AbortSignal;
  readonly batch?: Pick<Batch, 'meta'>;
}

/** The headers of a request, keys in lower case, with what an authenticator makes of them before `signal` aborts. */
export async function authorized(
  auth: ClientAuthenticator | undefined,
  headers: ReadonlyMap<string, string>,
  { batch, signal }: Request,
): Promise<ReadonlyMap<string, string>> {
  if (auth === undefined) return headers;
  const { headers: brought, identity, tenant } = batch?.meta ?? {};
  const facts: OutgoingFacts = {
    outgoing: headers,
    ...(brought !== undefined && { headers: brought }),
    ...(identity !== undefined && { identity }),
    ...(tenant !== undefined && { tenant }),
  };
  const given = auth.headers(facts);
  const changes = given instanceof Promise ? await beforeAbort(given, signal) : given;
  const changed = new Map(headers);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) changed.delete(name.toLowerCase());
    else changed.set(name.toLowerCase(), value);
  }
  return changed;
}

async function beforeAbort<T>(given: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new RetryableError('no credentials in time'));
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([given, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
