import { answerError, partialSuccess, partialSuccessFromJson, type HttpClientResponse, type Sent } from 'sluice/plugin';

/** Statuses that OTLP lets a client send again. All others are for good. */
const retryable: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * What an answer means: all taken, taken in part, or one of the two errors. `unreadable` hears of a good status with a
 * body that says nothing: the data is there, and to send it again would double it.
 */
export function readAnswer(answer: HttpClientResponse, unreadable: (reason: string) => void): Sent | undefined {
  const error = answerError(answer, { retryable });
  if (error !== undefined) throw error;
  const { body, headers } = answer;
  if (body.length === 0) return undefined;
  try {
    const isJson = headers.get('content-type')?.[0]?.toLowerCase().startsWith('application/json') === true;
    return isJson ? partialSuccessFromJson(new TextDecoder().decode(body)) : partialSuccess(body);
  } catch (error) {
    unreadable((error as Error).message);
    return undefined;
  }
}
