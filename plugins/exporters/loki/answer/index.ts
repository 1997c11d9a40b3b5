import { answerError, decodeRpcStatus, PermanentError, RetryableError, type HttpClientResponse } from 'sluice/plugin';
import type { Refusals } from '../refusals.ts';
import { readRefusals } from './loki-text.ts';

/** Longest answer that is read, in bytes: Loki may name each entry that it refused. */
export const longestAnswer = 1024 * 1024;

/** The streams of a request are told apart only where they are sent apart. */
export class StreamRefused extends RetryableError {
  override readonly name = 'RetryableError' as const;
}

/**
 * What an answer of Loki means: undefined where all was taken, the refusals where the rest was. Throws RetryableError or
 * PermanentError otherwise; `StreamRefused` where single streams were refused for now.
 */
export function readAnswer(answer: HttpClientResponse): Refusals | undefined {
  const { status, retryAfterMs } = answer;
  if (status === 200 || status === 202 || status === 204) return undefined;
  const text = textOf(answer);
  const message = `HTTP ${status}: ${text.slice(0, 500)}`;
  // An answer to a blocked tenant: 260 unless it is configured otherwise.
  if (status > 204 && status < 300) throw new PermanentError(message);
  // Between its parts, Loki speaks gRPC, which has a limit of its own.
  if (/(?:received|send) message larger than max/.test(text)) throw new PermanentError(message, { tooLarge: true });
  const retry = { ...(retryAfterMs !== undefined && { retryAfterMs }) };
  if (status === 429 && /per stream rate limit|maximum active stream limit/i.test(text))
    throw new StreamRefused(message, retry);
  const refusals = status === 400 && answer.body.length < longestAnswer ? readRefusals(text) : undefined;
  if (refusals === 'busy') throw new StreamRefused(message, retry);
  if (refusals !== undefined) return refusals;
  throw answerError({ ...answer, headers: new Map(), body: Buffer.from(text) }) ?? new PermanentError(message);
}

/** The text of an answer. In mode otlp it is a Status, whatever the content type says. */
function textOf({ body }: HttpClientResponse): string {
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString();
  if (body[0] !== 0x12 && body[0] !== 0x08) return text.trim();
  return (decodeRpcStatus(body)?.message ?? text).trim();
}
