import { RetryableError, type HttpClientResponse } from 'sluice/plugin';
import { fitsHeader } from '../credentials/header-value.ts';

export interface Token {
  /** `Bearer …`, as it stands in the Authorization header. */
  readonly authorization: string;
  /** Milliseconds; undefined where the server does not say. */
  readonly lifetimeMs?: number;
}

/** Reads what a token endpoint answered. Throws RetryableError, with what the server says and without anything secret. */
export function readToken({ status, body, retryAfterMs }: HttpClientResponse): Token {
  const fields = fieldsOf(body);
  const { access_token: token, token_type: type, expires_in: expires } = fields;
  if (status < 200 || status >= 300) {
    const said = [fields['error'], fields['error_description']].filter((text) => typeof text === 'string');
    const message = [`HTTP ${status}`, ...said].join(': ').slice(0, 500);
    throw new RetryableError(message, retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (typeof token !== 'string' || token === '' || !fitsHeader(token))
    throw new RetryableError('the answer has no access_token');
  const seconds = Number(expires ?? 0);
  return {
    authorization: `${schemeOf(type)} ${token}`,
    ...(Number.isFinite(seconds) && seconds > 0 && { lifetimeMs: seconds * 1000 }),
  };
}

function fieldsOf(body: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Servers write `bearer` as they like; others are picky about what they get back. */
function schemeOf(type: unknown): string {
  return typeof type !== 'string' || !/^[A-Za-z0-9_-]+$/.test(type) || /^bearer$/i.test(type) ? 'Bearer' : type;
}
