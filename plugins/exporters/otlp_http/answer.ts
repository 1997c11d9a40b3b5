import {
  decodeRpcStatus,
  partialSuccess,
  partialSuccessFromJson,
  PermanentError,
  RetryableError,
  type HttpClientResponse,
  type Sent,
} from 'sluice/plugin';

/** Statuses that OTLP lets a client send again. All others are for good. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

const longestMessage = 500;

/**
 * What an answer means: all taken, taken in part, or one of the two errors. `unreadable` hears of a good status with a
 * body that says nothing: the data is there, and to send it again would double it.
 */
export function readAnswer(answer: HttpClientResponse, unreadable: (reason: string) => void): Sent | undefined {
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return readSuccess(answer, unreadable);
  const message = `HTTP ${status}${described(answer)}`;
  if (retryable.has(status)) throw new RetryableError(message, retryAfterMs === undefined ? {} : { retryAfterMs });
  throw new PermanentError(message, { tooLarge: status === 413, badData: status === 400 });
}

function readSuccess(answer: HttpClientResponse, unreadable: (reason: string) => void): Sent | undefined {
  if (answer.body.length === 0) return undefined;
  try {
    return isJson(answer) ? partialSuccessFromJson(text(answer.body)) : partialSuccess(answer.body);
  } catch (error) {
    unreadable((error as Error).message);
    return undefined;
  }
}

/** What the server says about an error: a Status, as OTLP wants it, or whatever text it sends. */
function described(answer: HttpClientResponse): string {
  const message = statusMessage(answer).trim().slice(0, longestMessage);
  return message === '' ? '' : `: ${message}`;
}

function statusMessage(answer: HttpClientResponse): string {
  if (contentType(answer).includes('protobuf')) return decodeRpcStatus(answer.body)?.message ?? '';
  const body = text(answer.body);
  if (!isJson(answer)) return body;
  try {
    const { message } = JSON.parse(body) as { message?: unknown };
    return typeof message === 'string' ? message : body;
  } catch {
    return body;
  }
}

function isJson(answer: HttpClientResponse): boolean {
  return contentType(answer).startsWith('application/json');
}

function contentType({ headers }: HttpClientResponse): string {
  return headers.get('content-type')?.[0]?.toLowerCase() ?? '';
}

function text(body: Uint8Array): string {
  return new TextDecoder().decode(body);
}
