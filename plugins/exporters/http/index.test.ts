import { PermanentError, RetryableError, type Batch } from 'sluice/plugin';
import { conformance, fakeTransport, logsBatch, parseConfig } from 'sluice/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import http from './index.ts';
import { answer, exporter, lines, text, type Request } from './testing.ts';

const batch = logsBatch([{ body: 'a' }, { body: 'b' }, { body: 'c' }]);
const of = (key: string, ...values: readonly string[]): Batch =>
  logsBatch(values.map((value, i) => ({ body: `line ${i}`, attributes: { [key]: value } })));
const urls = (requests: readonly Request[]): string[] => requests.map(({ url }) => url);
const bodies = (given: Batch | undefined): number[] =>
  [
    ...Buffer.from(given?.bytes ?? [])
      .toString()
      .matchAll(/line (\d)/g),
  ].map(([, number]) => Number(number));

describe('conformance', () => {
  const context = () => ({ transport: fakeTransport({ http: () => answer(200) }) });
  for (const check of conformance(http, { config: { endpoint: 'http://a:1/in' }, context })) it(check.name, check.run);
});

describe('a request', () => {
  it('holds an object a line', async () => {
    const { send, requests } = await exporter({ fields: { timestamp: '' } });
    expect(await send(batch)).toBeUndefined();
    expect(requests[0]).toMatchObject({
      url: 'http://a:1/in',
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      batch,
    });
    expect(text(requests[0])).toBe('{"message":"a"}\n{"message":"b"}\n{"message":"c"}\n');
  });

  it('or a list of objects', async () => {
    const { send, requests } = await exporter({ format: 'json_array', method: 'PUT', fields: { timestamp: '' } });
    await send(batch);
    expect(requests[0]).toMatchObject({ method: 'PUT', headers: { 'content-type': 'application/json' } });
    expect(text(requests[0])).toBe('[{"message":"a"},{"message":"b"},{"message":"c"}]');
  });

  it('says what it holds as it is told to', async () => {
    const { send, requests } = await exporter({ content_type: 'application/json; charset=utf-8' });
    await send(batch);
    expect(requests[0]?.headers).toEqual({ 'content-type': 'application/json; charset=utf-8' });
  });

  it('of too many bytes is sent in halves', async () => {
    const { send, requests } = await exporter({ max_request_bytes: 40, fields: { timestamp: '' } });
    await expect(send(batch)).rejects.toMatchObject({ delivery: 'permanent', tooLarge: true });
    expect(requests).toEqual([]);
    expect(await send(logsBatch([{ body: 'a' }, { body: 'b' }]))).toBeUndefined();
  });
});

describe('where a record goes', () => {
  it('is a template, and a batch is cut by it', async () => {
    const { send, requests } = await exporter({
      endpoint: 'http://a:1/{app}/%Y/in?tenant={app|x}',
      header_templates: { 'X-App': '{app}' },
      fields: { timestamp: '' },
    });
    await send(of('app', 'shop', 'cart', 'shop'));
    expect(urls(requests)).toEqual(['http://a:1/shop/2026/in?tenant=shop', 'http://a:1/cart/2026/in?tenant=cart']);
    expect(requests.map((request) => lines(request).map(({ message }) => message))).toEqual([
      ['line 0', 'line 2'],
      ['line 1'],
    ]);
    expect(requests.map(({ headers }) => headers?.['x-app'])).toEqual(['shop', 'cart']);
  });

  it('is cut in lists as well', async () => {
    const { send, requests } = await exporter({
      endpoint: 'http://a:1/{app}',
      format: 'json_array',
      fields: { timestamp: '' },
    });
    await send(of('app', 'x', 'y', 'x'));
    expect(requests.map(text)).toEqual([
      '[{"message":"line 0","app":"x"},{"message":"line 2","app":"x"}]',
      '[{"message":"line 1","app":"y"}]',
    ]);
  });

  it.each([
    'a/../../admin',
    'x?y=1',
    'x#y',
    'a\r\nHost: evil',
    '@evil.com/',
    '//evil.com',
    '\\evil',
    '%2e%2e',
    '.a..',
    'ä 💡',
  ])('is no more than a part of the path, whatever an attribute says: %j', async (value) => {
    const { send, requests } = await exporter({ endpoint: 'http://a:1/in/{app}/end' });
    await send(of('app', value));
    const url = new URL(requests[0]?.url ?? '');
    expect(url.host).toBe('a:1');
    expect(url.search + url.hash).toBe('');
    expect(url.pathname.split('/')).toHaveLength(4);
    expect(decodeURIComponent(url.pathname.split('/')[2] ?? '')).toBe(value);
  });

  it('never leaves its host and its place in the path', async () => {
    const { send, requests } = await exporter({ endpoint: 'http://a:1/in/{app}{more|}/end?q={more|}' });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), async (app, more) => {
        requests.length = 0;
        await send(logsBatch([{ attributes: { app, more } }]));
        for (const { url } of requests) {
          const { host, pathname, hash, searchParams } = new URL(url);
          expect([host, pathname.split('/').length, hash, [...searchParams.keys()]]).toEqual(['a:1', 4, '', ['q']]);
          expect(pathname).toMatch(/^\/in\/[^/]+\/end$/);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ['..', 'no URL: "http://a:1/in/.." leaves its path'],
    ['.', 'no URL: "http://a:1/in/." leaves its path'],
    ['', 'no URL: an attribute of "http://a:1/in/{app}" is missing'],
  ])('cannot be made of %j: that record is refused, the others are sent', async (value, reason) => {
    const { send, requests } = await exporter({ endpoint: 'http://a:1/in/{app}' });
    const sent = await send(of('app', value, 'ok'));
    expect(sent?.refused?.map(({ batch: part, error }) => [bodies(part), error.message])).toEqual([[[0], reason]]);
    expect(urls(requests)).toEqual(['http://a:1/in/ok']);
  });

  it('is refused where a header could not hold it', async () => {
    const { send, requests } = await exporter({ header_templates: { 'x-app': '{app}' } });
    const sent = await send(of('app', 'a\r\nEvil: 1', 'ok', 'ä💡'));
    expect(sent?.refused).toMatchObject([
      { batch: { count: 2 }, error: { message: 'no header x-app: its value holds characters that headers cannot' } },
    ]);
    expect(requests).toHaveLength(1);
  });

  it.each([
    [{ endpoint: 'http://{host}/in' }, 'endpoint: expected https://host/path'],
    [{ endpoint: 'http://a{x}/in' }, 'endpoint: expected https://host/path'],
    [{ endpoint: 'ftp://me:secret@a/in' }, /^endpoint: expected https(?!.*secret)/],
    [{ endpoint: 'a:1/in' }, 'endpoint: expected https://host/path'],
    [{ header_templates: { 'a b': 'x' } }, 'header_templates: "a b" is no name of a header'],
    [{ static_fields: { level: 'x' } }, 'static_fields: "level" is the name of the field severity_text'],
  ])('is checked at the start: %j', async (config, message) => {
    await expect(exporter(config)).rejects.toThrow(message);
  });

  it('is checked by the schema, too', () => {
    expect(() => parseConfig(http, { endpoint: 'http://a/{x' })).toThrow('expected } for this {');
  });
});

describe('what an answer means', () => {
  const failure = async (status: number, config: object = {}): Promise<unknown> =>
    (await exporter(config, () => answer(status, 'because', 7000))).send(batch).catch((error: unknown) => error);

  it.each([429, 500, 502, 503, 504, 408])('%i: try again, when the server says', async (status) => {
    expect(await failure(status)).toMatchObject({
      name: 'RetryableError',
      message: `HTTP ${status}: because`,
      retryAfterMs: 7000,
    });
  });

  it.each([301, 400, 401, 403, 404, 413, 422])('%i: never again', async (status) => {
    expect(await failure(status)).toMatchObject({
      name: 'PermanentError',
      message: `HTTP ${status}: because`,
      tooLarge: status === 413,
      badData: status === 400 || status === 422,
    });
  });

  it('is what the configuration says', async () => {
    expect(await failure(409, { success: [200, 409] })).toBeUndefined();
    expect(await failure(204, { success: [200] })).toBeInstanceOf(PermanentError);
    expect(await failure(404, { retry_on_status: [404] })).toBeInstanceOf(RetryableError);
  });

  it('is what it means for the records of its request alone', async () => {
    const statuses: Readonly<Record<string, number>> = { a: 200, b: 400, c: 503, d: 429 };
    const { send } = await exporter({ endpoint: 'http://a:1/{app}' }, ({ url }) =>
      answer(statuses[url.slice(-1)] as number, '', 1000),
    );
    const sent = await send(of('app', 'a', 'b', 'c', 'd', 'b'));
    expect(sent?.refused?.map(({ batch: part, error }) => [bodies(part), error.message, error.badData])).toEqual([
      [[1, 4], 'HTTP 400', true],
    ]);
    expect(bodies(sent?.later?.batch)).toEqual([2, 3]);
    expect(sent?.later?.error).toMatchObject({ message: 'HTTP 503; HTTP 429', retryAfterMs: 1000 });
  });
});
