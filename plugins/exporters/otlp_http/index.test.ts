import {
  PermanentError,
  RetryableError,
  encodeRpcStatus,
  wireToJson,
  type HttpClientResponse,
  type Transport,
} from 'sluice/plugin';
import { fakeTransport, logsBatch, parseConfig, runExporter, spansBatch } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import otlpHttp from './index.ts';

type Request = Parameters<ReturnType<Transport['httpClient']>['request']>[0];

const batch = logsBatch([{ body: 'a' }]);

function answer(
  status: number,
  body: string | Uint8Array = '',
  headers: Readonly<Record<string, string>> = {},
  retryAfterMs?: number,
): HttpClientResponse {
  return {
    status,
    headers: new Map(Object.entries(headers).map(([key, value]) => [key, [value]])),
    body: typeof body === 'string' ? Buffer.from(body) : body,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

async function exporter(config: unknown, given: HttpClientResponse = answer(200)) {
  const requests: Request[] = [];
  const http = (request: Request): HttpClientResponse => {
    requests.push(request);
    return given;
  };
  return { requests, ...(await runExporter(otlpHttp, config, { transport: fakeTransport({ http }) })) };
}

const failure = async (given: HttpClientResponse): Promise<unknown> => {
  const { send } = await exporter({ endpoint: 'http://a:1' }, given);
  return send(batch).catch((error: unknown) => error);
};

describe('where it sends', () => {
  it.each([
    [{ endpoint: 'https://ingress.eu-west-1.aws.dash0.com' }, 'https://ingress.eu-west-1.aws.dash0.com/v1/logs'],
    [{ endpoint: 'http://a:4318/' }, 'http://a:4318/v1/logs'],
    [{ endpoint: 'http://a:4318/otlp' }, 'http://a:4318/otlp/v1/logs'],
    [{ endpoint: 'a:4318' }, 'https://a:4318/v1/logs'],
    [{ endpoint: 'a:4318', tls: { insecure: true } }, 'http://a:4318/v1/logs'],
    [{ endpoint: 'http://a:1', logs_endpoint: 'http://b:2/in' }, 'http://b:2/in'],
    [{ endpoint: 'unix:///run/a.sock' }, 'unix:///run/a.sock:/v1/logs'],
  ])('%j', async (config, url) => {
    const { send, requests } = await exporter(config);
    await send(batch);
    expect(requests[0]?.url).toBe(url);
  });

  it('is required', () => {
    expect(() => parseConfig(otlpHttp, {})).toThrow('endpoint, or the endpoint of a signal, is required');
  });

  it('is checked at the start, and shown without credentials', async () => {
    await expect(exporter({ endpoint: 'ftp://me:secret@a' })).rejects.toThrow(/^endpoint: expected https(?!.*secret)/);
    await expect(exporter({ logs_endpoint: 'http://a b' })).rejects.toThrow('logs_endpoint: expected');
  });

  it('has nothing for a signal without an endpoint', async () => {
    const { send } = await exporter({ logs_endpoint: 'http://a:1/in' });
    await expect(send(spansBatch([{}]))).rejects.toThrow('no endpoint for traces');
  });
});

describe('what it sends', () => {
  it('is the batch as it is', async () => {
    const { send, requests } = await exporter({ endpoint: 'http://a:1' });
    await send(batch);
    expect(requests[0]).toMatchObject({ headers: { 'content-type': 'application/x-protobuf' }, batch });
    expect(requests[0]?.body).toBe(batch.bytes);
  });

  it('is JSON with encoding: json', async () => {
    const { send, requests } = await exporter({ endpoint: 'http://a:1', encoding: 'json' });
    await send(batch);
    expect(requests[0]?.headers).toEqual({ 'content-type': 'application/json' });
    expect(requests[0]?.body).toEqual(wireToJson('logs', batch.bytes));
  });
});

describe('what an answer means', () => {
  it.each([429, 502, 503, 504])('%i: try again, when the server says', async (status) => {
    const error = await failure(answer(status, 'busy', {}, 7000));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({ message: `HTTP ${status}: busy`, retryAfterMs: 7000 });
  });

  it.each([301, 400, 401, 403, 404, 405, 408, 415, 422, 500, 501, 505])('%i: never again', async (status) => {
    const error = await failure(answer(status));
    expect(error).toBeInstanceOf(PermanentError);
    expect(error).toMatchObject({ message: `HTTP ${status}`, tooLarge: false });
  });

  it('413: too large', async () => {
    expect(await failure(answer(413))).toMatchObject({ delivery: 'permanent', tooLarge: true });
  });

  it('carries the message of the server, whatever its form', async () => {
    const status = encodeRpcStatus({ code: 3, message: 'bad token' });
    const forms = [
      answer(400, status, { 'content-type': 'application/x-protobuf' }),
      answer(400, '{"code":3,"message":"bad token"}', { 'content-type': 'application/json' }),
      answer(400, 'bad token\n', { 'content-type': 'text/plain' }),
    ];
    for (const form of forms) expect(await failure(form)).toMatchObject({ message: 'HTTP 400: bad token' });
    expect((await failure(answer(400, 'x'.repeat(9000)))) as Error).toMatchObject({
      message: `HTTP 400: ${'x'.repeat(500)}`,
    });
  });

  it('partial success: so many refused, in protobuf and in JSON', async () => {
    const binary = Uint8Array.of(0x0a, 7, 0x08, 3, 0x12, 3, 0x6f, 0x6c, 0x64);
    const text = '{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"old"}}';
    for (const given of [answer(200, binary), answer(200, text, { 'content-type': 'application/json' })]) {
      expect(await (await exporter({ endpoint: 'http://a:1' }, given)).send(batch)).toEqual({
        rejected: 3,
        message: 'old',
      });
    }
  });

  it.each([
    answer(200),
    answer(202, '{}', { 'content-type': 'application/json' }),
    answer(200, Uint8Array.of(0x0a, 0)),
  ])('success without a word, %#', async (given) => {
    expect(await (await exporter({ endpoint: 'http://a:1' }, given)).send(batch)).toBeUndefined();
  });

  it('a good status with an unreadable body: delivered, with a warning', async () => {
    const { send, context } = await exporter({ endpoint: 'http://a:1' }, answer(200, '<html>'));
    expect(await send(batch)).toBeUndefined();
    expect(context.logs).toMatchObject([{ level: 'warn', message: 'delivered, but the answer cannot be read' }]);
  });
});
