import type { HttpClientResponse, Transport } from 'sluice/plugin';
import { fakeTransport, runExporter } from 'sluice/testing';
import elasticsearch from './index.ts';

export type Request = Parameters<ReturnType<Transport['httpClient']>['request']>[0];

export function answer(
  status: number,
  body: unknown = { errors: false, items: [] },
  retryAfterMs?: number,
): HttpClientResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    status,
    headers: new Map([['content-type', ['application/json']]]),
    body: Buffer.from(text),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The answer to a bulk request of `create` operations that ended with these statuses. */
export function items(...statuses: readonly number[]): HttpClientResponse {
  return answer(200, {
    errors: statuses.some((status) => status > 299),
    items: statuses.map((status) => ({
      create: { status, ...(status > 299 && { error: { type: `type_${status}`, reason: `reason ${status}` } }) },
    })),
  });
}

/** An exporter, and the requests that it sends; each is answered by `reply`. */
export async function exporter(
  config: object = {},
  reply: (request: Request, number: number) => HttpClientResponse | Promise<HttpClientResponse> = () => answer(200),
) {
  const requests: Request[] = [];
  const http = (request: Request): HttpClientResponse | Promise<HttpClientResponse> => {
    requests.push(request);
    return reply(request, requests.length);
  };
  const run = await runExporter(
    elasticsearch,
    { endpoint: 'http://es:9200', ...config },
    { transport: fakeTransport({ http }) },
  );
  return { requests, ...run };
}

/** The lines of a bulk request in pairs: what to do, and the document. */
export function operations({ body }: Request): (readonly [Record<string, unknown>, Record<string, unknown>])[] {
  const lines = Buffer.from(body ?? [])
    .toString()
    .split('\n');
  if (lines.pop() !== '' || lines.length % 2 !== 0) throw new Error('a bulk request is pairs of lines');
  const objects = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return objects.flatMap((action, i) => (i % 2 === 0 ? [[action, objects[i + 1] as Record<string, unknown>]] : []));
}
