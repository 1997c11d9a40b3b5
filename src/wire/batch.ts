import type { signalMessages } from './schema.ts';

export type Signal = keyof typeof signalMessages;

export const signals: readonly Signal[] = ['logs', 'traces', 'metrics'];

/** What the transport knew about a request. Nothing in it is part of the telemetry itself. */
export interface Meta {
  /** When the request arrived, in milliseconds since the epoch. */
  readonly receivedAt: number;
  /** The sender's address, `host:port` or a socket path. */
  readonly peer?: string;
  /** Who an authenticator says the sender is. */
  readonly identity?: string;
  /** The tenant, from the authenticator or from configuration; never from a header that a client may choose. */
  readonly tenant?: string;
  /** Request headers or gRPC metadata, keys in lower case; only where the receiver has `include_metadata`. */
  readonly headers?: ReadonlyMap<string, readonly string[]>;
}

/**
 * Telemetry on its way: an encoded `Export{Logs,Trace,Metrics}ServiceRequest` and what is known about it.
 * Immutable: whoever changes it makes a new one, and `bytes` is never written to.
 */
export interface Batch<S extends Signal = Signal> {
  readonly signal: S;
  readonly bytes: Uint8Array;
  /** Log records, spans or data points. */
  readonly count: number;
  readonly meta: Meta;
}

/** The bytes are not a well-formed message. */
export class MalformedError extends Error {
  override readonly name = 'MalformedError';
  /** Where in the input, in bytes. */
  readonly offset: number;

  constructor(what: string, offset: number) {
    super(`${what} at byte ${offset}`);
    this.offset = offset;
  }
}

/** The same batch with other bytes and count. */
export function withBytes<S extends Signal>(batch: Batch<S>, bytes: Uint8Array, count: number): Batch<S> {
  return { signal: batch.signal, bytes, count, meta: batch.meta };
}

/** What several requests have in common: the earliest arrival, and every other fact only where all agree on it. */
export function commonMeta(metas: readonly Meta[]): Meta {
  const [first, ...rest] = metas;
  if (first === undefined) throw new RangeError('commonMeta needs at least one meta');
  let common: Meta = first;
  for (const meta of rest) if (meta !== common) common = agreement(common, meta);
  return common;
}

function agreement(a: Meta, b: Meta): Meta {
  return {
    receivedAt: Math.min(a.receivedAt, b.receivedAt),
    ...(a.peer !== undefined && a.peer === b.peer && { peer: a.peer }),
    ...(a.identity !== undefined && a.identity === b.identity && { identity: a.identity }),
    ...(a.tenant !== undefined && a.tenant === b.tenant && { tenant: a.tenant }),
    ...(a.headers !== undefined && sameHeaders(a.headers, b.headers) && { headers: a.headers }),
  };
}

function sameHeaders(a: NonNullable<Meta['headers']>, b: Meta['headers']): boolean {
  if (a === b) return true;
  if (b?.size !== a.size) return false;
  for (const [key, values] of a) {
    const others = b.get(key);
    if (others?.length !== values.length || others.some((value, i) => value !== values[i])) return false;
  }
  return true;
}
