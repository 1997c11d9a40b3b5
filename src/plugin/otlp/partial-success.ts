import type { Sent } from '../define.ts';
import { fieldsOf } from './message.ts';

/**
 * The partial success in an encoded `Export{Logs,Trace,Metrics}ServiceResponse`; undefined where all was taken without
 * a word. Throws where the bytes are no such message.
 */
export function partialSuccess(response: Uint8Array): Sent | undefined {
  let rejected = 0;
  let message = '';
  for (const { number, value } of fieldsOf(response)) {
    if (number !== 1 || typeof value === 'bigint') continue;
    for (const part of fieldsOf(value)) {
      if (part.number === 1 && typeof part.value === 'bigint') rejected = Number(BigInt.asIntN(64, part.value));
      else if (part.number === 2 && typeof part.value !== 'bigint') message = new TextDecoder().decode(part.value);
    }
  }
  return sent(rejected, message);
}

const rejectedKeys = ['rejectedLogRecords', 'rejectedSpans', 'rejectedDataPoints'];

/** The same of an answer in OTLP/JSON. */
export function partialSuccessFromJson(response: string): Sent | undefined {
  const { partialSuccess: partial } = JSON.parse(response) as { partialSuccess?: Record<string, unknown> | null };
  if (partial === undefined || partial === null) return undefined;
  const rejected = rejectedKeys.reduce((sum, key) => sum + Number(partial[key] ?? 0), 0);
  const message = partial['errorMessage'];
  return sent(Number.isFinite(rejected) ? rejected : 0, typeof message === 'string' ? message : '');
}

function sent(rejected: number, message: string): Sent | undefined {
  return rejected <= 0 && message === '' ? undefined : { rejected: Math.max(0, rejected), message };
}
