import { answerError, type HttpClientResponse, type PermanentError, type RetryableError } from 'sluice/plugin';
import { described } from './answer.ts';

const hints: Readonly<Record<number, string>> = {
  401: ' (user and password, api_key, headers or auth are missing or wrong)',
  403: ' (these credentials may not write here)',
  404: ' (is this the URL of Elasticsearch or OpenSearch?)',
};

/** What a bulk request that was refused as a whole means; undefined for one that was not. `later` are statuses to try again. */
export function requestError(
  answer: HttpClientResponse,
  later: ReadonlySet<number>,
): RetryableError | PermanentError | undefined {
  if (answer.status >= 200 && answer.status < 300) return undefined;
  const text = `${message(answer.body)}${hints[answer.status] ?? ''}`.trim();
  const plain = { ...answer, headers: new Map<string, readonly string[]>(), body: Buffer.from(text) };
  return answerError(plain, later.has(answer.status) ? { retryable: later } : {});
}

/** What the server says: its error's type and reason where it speaks as Elasticsearch does, else its text. */
function message(body: Uint8Array): string {
  const text = Buffer.from(body).toString();
  try {
    const { error } = JSON.parse(text) as { error?: unknown };
    const said = described(error).replace(/^: /, '');
    return said === '' ? text : said;
  } catch {
    return text;
  }
}
