import { PermanentError, RetryableError } from '../flow/index.ts';
import { decodeRpcStatus } from './otlp/index.ts';
import type { HttpClientResponse } from './transport.ts';

const longestMessage = 500;

export interface AnswerOptions {
  /** Statuses after which the same request may go through later. Left out: 408, 425, 429 and what a server says of itself (5xx). */
  readonly retryable?: ReadonlySet<number>;
}

/** The error that an answer means; undefined for 2xx. Its message is the status and what the server says. */
export function answerError(
  answer: HttpClientResponse,
  { retryable }: AnswerOptions = {},
): RetryableError | PermanentError | undefined {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return undefined;
  const message = `HTTP ${status}${described(answer)}`;
  if (retryable === undefined ? isTemporary(status) : retryable.has(status))
    return new RetryableError(message, retryAfterMs === undefined ? {} : { retryAfterMs });
  return new PermanentError(message, { tooLarge: status === 413, badData: status === 400 || status === 422 });
}

/** 501 and 505 are about the request, all other 5xx about the state of the server. */
function isTemporary(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/** What the server says about an error: a Status, as OTLP wants it, a `message` in JSON, or whatever text it sends. */
function described(answer: HttpClientResponse): string {
  const message = statusMessage(answer).trim().slice(0, longestMessage);
  return message === '' ? '' : `: ${message}`;
}

function statusMessage(answer: HttpClientResponse): string {
  const contentType = answer.headers.get('content-type')?.[0]?.toLowerCase() ?? '';
  if (contentType.includes('protobuf')) return decodeRpcStatus(answer.body)?.message ?? '';
  const body = new TextDecoder().decode(answer.body);
  if (!contentType.startsWith('application/json')) return body;
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}
