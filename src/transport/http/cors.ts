import type { HttpServerConfig } from '../../plugin/index.ts';

/** What browsers always may send; the list of the Collector's CORS library. */
const safeHeaders = ['origin', 'accept', 'content-type', 'x-requested-with'];

export interface Cors {
  /** Headers for an answer to a request from `origin`; undefined where it may not send. */
  forOrigin(origin: string): Readonly<Record<string, string>> | undefined;
  /** Headers for a preflight, beside those of `forOrigin`. */
  preflight(method: string, requestedHeaders: string): Readonly<Record<string, string>>;
}

/** Undefined where no origin is listed: then there is no CORS at all. */
export function createCors(config: HttpServerConfig['cors']): Cors | undefined {
  if (config === undefined || config.allowed_origins.length === 0) return undefined;
  const anyone = config.allowed_origins.includes('*');
  const origins = config.allowed_origins.filter((origin) => origin !== '*').map(wildcard);
  const allowed = new Set([...safeHeaders, ...config.allowed_headers.map((name) => name.toLowerCase())]);
  const exposed = config.exposed_headers.join(', ');
  return {
    forOrigin(origin) {
      const exposing = exposed === '' ? {} : { 'access-control-expose-headers': exposed };
      if (origins.some((pattern) => pattern.test(origin))) {
        return {
          'access-control-allow-origin': origin,
          'access-control-allow-credentials': 'true',
          vary: 'Origin',
          ...exposing,
        };
      }
      // Credentials and `*` must not go together: any page could then send with its visitor's.
      return anyone ? { 'access-control-allow-origin': '*', ...exposing } : undefined;
    },
    preflight(method, requestedHeaders) {
      const requested = requestedHeaders.split(',').map((name) => name.trim().toLowerCase());
      const granted = allowed.has('*') ? requested : requested.filter((name) => allowed.has(name));
      const headers = granted.filter((name) => /^[\w!#$%&'*+.^`|~-]+$/.test(name));
      return {
        'access-control-allow-methods': method,
        ...(headers.length > 0 && { 'access-control-allow-headers': headers.join(', ') }),
        ...(config.max_age > 0 && { 'access-control-max-age': String(config.max_age) }),
      };
    },
  };
}

function wildcard(origin: string): RegExp {
  const literal = origin.split('*').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${literal.join('.*')}$`, 'i');
}
