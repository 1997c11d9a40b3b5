import { partialSuccessFromJson, type Signal } from '../../plugin/index.ts';

const timeoutMs = 30_000;
const longestReason = 200;

/** Why a request was not taken; `away` means that the next one would fare no better. */
export interface Failure {
  readonly reason: string;
  readonly away: boolean;
}

export interface Destination {
  /** Without `/v1/…`. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends one request as OTLP/JSON. Undefined means that all of it was taken. */
export async function deliver(to: Destination, signal: Signal, request: string): Promise<Failure | undefined> {
  const url = `${to.endpoint.replace(/\/+$/, '')}/v1/${signal}`;
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...to.headers, 'content-type': 'application/json' },
      body: request,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await answer.text();
    if (!answer.ok)
      return { reason: `HTTP ${answer.status}: ${text.slice(0, longestReason)}`, away: answer.status === 503 };
    return rejectedIn(text);
  } catch (error) {
    const { message, cause } = error as Error;
    return { reason: cause instanceof Error ? `${message}: ${cause.message}` : message, away: true };
  }
}

/** A destination may say OK and take a part only. */
function rejectedIn(text: string): Failure | undefined {
  if (text.trim() === '') return undefined;
  try {
    const { rejected = 0, message = '' } = partialSuccessFromJson(text) ?? {};
    return rejected > 0 ? { reason: `${rejected} records were rejected: ${message}`, away: false } : undefined;
  } catch {
    // Not OTLP's answer, but a good status.
    return undefined;
  }
}
