import { PermanentError, RetryableError, type HttpClientResponse } from 'sluice/plugin';

/** What an index did with one document. */
export type Verdict =
  | { readonly kind: 'taken' }
  | { readonly kind: 'known' }
  | { readonly kind: 'later' | 'refused'; readonly reason: string };

/** Longest answer that is read, in bytes; about 200 for a document that is refused, and 30 for one that is not. */
export const longestAnswer = 16 * 1024 * 1024;

interface Item {
  readonly status?: unknown;
  readonly error?: { readonly type?: unknown; readonly reason?: unknown };
}

const longestReason = 500;
/** That many documents cannot have an answer of the longest size. */
const fewDocuments = 256;
const taken: Verdict = { kind: 'taken' };
const known: Verdict = { kind: 'known' };

/**
 * What became of each document of a bulk request that was answered with 200; undefined where all of them are in. Throws
 * RetryableError where the answer does not say it: nothing is taken for safe that may not be.
 */
export function readItems(
  answer: HttpClientResponse,
  count: number,
  later: ReadonlySet<number>,
): readonly Verdict[] | undefined {
  const { body } = answer;
  // 202 and 204 need no words. A 200 without any is not what a bulk API says.
  if (body.length === 0 && answer.status !== 200) return undefined;
  if (body.length >= longestAnswer) throw tooLong(answer.status, count);
  const text = Buffer.from(body.buffer, body.byteOffset, body.length).toString();
  if (/^\s*\{[^{[]{0,200}"errors"\s*:\s*false/.test(text)) return undefined;
  const { errors, items } = parsed(text, answer.status);
  if (!Array.isArray(items)) {
    if (errors === false) return undefined;
    throw unreadable(answer.status, 'it says nothing about the documents');
  }
  if (items.length !== count) throw unreadable(answer.status, `it is about ${items.length} documents of ${count}`);
  return items.map((item: unknown) => verdict(item, later));
}

function parsed(text: string, status: number): { readonly errors?: unknown; readonly items?: unknown } {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    throw unreadable(status, `it is no JSON: ${JSON.stringify(text.slice(0, 100))}`);
  }
}

/** Fewer documents have a shorter answer, unless it was not about them in the first place. */
function tooLong(status: number, count: number): RetryableError | PermanentError {
  if (count < fewDocuments) return unreadable(status, 'it is too long');
  return new PermanentError('the answer about so many documents is too long', { tooLarge: true });
}

function unreadable(status: number, what: string): RetryableError {
  return new RetryableError(`the answer with status ${status} cannot be understood: ${what}`);
}

/** `{ "create": { "status": 409, "error": { … } } }` */
function verdict(item: unknown, later: ReadonlySet<number>): Verdict {
  const [[operation, result] = []] = Object.entries((item ?? {}) as Record<string, Item | null>);
  const status = Number(result?.status);
  if (status >= 200 && status < 300) return taken;
  if (status === 409 && operation === 'create') return known;
  const reason = `${Number.isNaN(status) ? 'no status' : status}${described(result?.error)}`;
  const again = Number.isNaN(status) || status === 409 || status === 429 || status >= 500 || later.has(status);
  return { kind: again ? 'later' : 'refused', reason };
}

/** `: type: reason` of an error, as far as it says them. */
export function described(error: unknown): string {
  if (typeof error === 'string') return `: ${error.slice(0, longestReason)}`;
  const { type, reason } = (error ?? {}) as NonNullable<Item['error']>;
  return [type, reason]
    .filter((part) => typeof part === 'string')
    .map((part) => `: ${part.slice(0, longestReason)}`)
    .join('');
}
