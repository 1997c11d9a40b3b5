import type { Dispatcher } from 'undici';
import type { HttpClientResponse } from '../../plugin/index.ts';
import { decompress, isIdentity } from '../compression/index.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Reads an answer. Of its body no more than `limit` bytes are read or kept, before and after decompression. */
export async function readResponse(
  response: Dispatcher.ResponseData,
  limit: number,
  now: number,
): Promise<HttpClientResponse> {
  const headers = headerMap(response.headers);
  const read = await readAtMost(response.body, limit);
  const retryAfterMs = parseRetryAfter(headers.get('retry-after')?.[0], now);
  return {
    status: response.statusCode,
    headers,
    body: await decoded(read, headers.get('content-encoding')?.join(',') ?? '', limit),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

async function readAtMost(body: AsyncIterable<Buffer>, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, limit - length));
    length += chunk.length;
    // Leaving the loop closes the connection: the rest is not worth its time.
    if (length >= limit) break;
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

/** No encoding was asked for. One that comes all the same is undone; what is too long or broken is no body at all. */
async function decoded(body: Uint8Array, encoding: string, limit: number): Promise<Uint8Array> {
  if (isIdentity(encoding)) return body;
  return decompress(body, encoding.trim().toLowerCase(), limit).catch(() => new Uint8Array(0));
}

function headerMap(headers: Dispatcher.ResponseData['headers']): ReadonlyMap<string, readonly string[]> {
  const map = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) map.set(name.toLowerCase(), [value].flat());
  return map;
}
