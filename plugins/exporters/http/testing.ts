import type { HttpClientResponse, Transport } from 'sluice/plugin';
import { fakeTransport, runExporter } from 'sluice/testing';
import http from './index.ts';

export type Request = Parameters<ReturnType<Transport['httpClient']>['request']>[0];

export function answer(status: number, body = '', retryAfterMs?: number): HttpClientResponse {
  return {
    status,
    headers: new Map(),
    body: Buffer.from(body),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** An exporter, and the requests that it sends; each is answered by `reply`. */
export async function exporter(
  config: object = {},
  reply: (request: Request) => HttpClientResponse = () => answer(200),
) {
  const requests: Request[] = [];
  const transport = fakeTransport({
    http(request) {
      requests.push(request);
      return reply(request);
    },
  });
  return { requests, ...(await runExporter(http, { endpoint: 'http://a:1/in', ...config }, { transport })) };
}

export function text(request: Request | undefined): string {
  return Buffer.from(request?.body ?? []).toString();
}

/** The objects of a request in lines. */
export function lines(request: Request | undefined): Record<string, unknown>[] {
  return text(request)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
