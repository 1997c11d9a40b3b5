import { PermanentError, type Authenticated, type RequestFacts, type ServerAuthenticator } from '../plugin/index.ts';
import type { Logger } from '../plugin/index.ts';

/** `who`: goes on, as that. Otherwise: why not. */
export type Admission =
  | { readonly who: Authenticated }
  | { readonly refused: 'unauthenticated' | 'forbidden' | 'unavailable'; readonly message: string };

/**
 * Asks an authenticator, and never lets a request through that it did not admit. A PermanentError from it means that
 * the sender is known but may not send; anything else that it throws means that it cannot tell now.
 */
export async function authenticate(auth: ServerAuthenticator, facts: RequestFacts, logger: Logger): Promise<Admission> {
  try {
    const who = await auth.authenticate(facts);
    return who === undefined ? { refused: 'unauthenticated', message: 'missing or invalid credentials' } : { who };
  } catch (error) {
    if (error instanceof PermanentError) return { refused: 'forbidden', message: error.message };
    logger.error({ error: String(error), peer: facts.peer }, 'authenticator failed');
    return { refused: 'unavailable', message: 'authentication is not available' };
  }
}

/** The subject of a peer's certificate as one line, `CN=sender,O=Acme`; undefined without one. */
export function subjectOf(certificate: { readonly subject?: object } | undefined): string | undefined {
  const { subject } = certificate ?? {};
  if (subject === undefined) return undefined;
  return Object.entries(subject)
    .map(([key, value]) => `${key}=${[value].flat().join('+')}`)
    .join(',');
}
