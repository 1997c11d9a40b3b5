import type { HttpClientResponse } from '../../plugin/index.ts';
import { decompress, isIdentity } from '../compression/index.ts';
import type { Answer } from './dispatch.ts';
import { parseRetryAfter } from './retry-after.ts';

/** What an answer says. Of its body no more than `limit` bytes are kept after decompression. */
export async function readResponse(answer: Answer, limit: number, now: number): Promise<HttpClientResponse> {
  const headers = headerMap(answer.headers);
  const retryAfterMs = parseRetryAfter(headers.get('retry-after')?.[0], now);
  const encoding = headers.get('content-encoding')?.join(',') ?? '';
  return {
    status: answer.status,
    headers,
    body: isIdentity(encoding) ? answer.body : await decoded(answer.body, encoding, limit),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** No encoding was asked for. One that comes all the same is undone; what is too long or broken is no body at all. */
function decoded(body: Uint8Array, encoding: string, limit: number): Promise<Uint8Array> {
  return decompress(body, encoding.trim().toLowerCase(), limit).catch(() => new Uint8Array(0));
}

function headerMap(headers: Answer['headers']): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, readonly string[]>();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) map.set(name, typeof value === 'string' ? [value] : value);
  }
  return map;
}
