import { concat, encodeRpcStatus, type Batch, type HttpClientResponse, type Transport } from 'sluice/plugin';
import { conformance, fakeTransport, logsBatch, parseConfig, runExporter } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import loki from './index.ts';
import { decodePush, unsnappy } from './testing.ts';

type Request = Parameters<ReturnType<Transport['httpClient']>['request']>[0];

function answer(status: number, body: string | Uint8Array = '', retryAfterMs?: number): HttpClientResponse {
  return {
    status,
    headers: new Map(),
    body: typeof body === 'string' ? Buffer.from(body) : body,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

type Answers = HttpClientResponse | ((request: Request) => HttpClientResponse);

async function exporter(config: object = {}, answers: Answers = answer(204)) {
  const requests: Request[] = [];
  const http = (request: Request): HttpClientResponse => {
    requests.push(request);
    return typeof answers === 'function' ? answers(request) : answers;
  };
  const run = await runExporter(
    loki,
    { endpoint: 'http://loki:3100', ...config },
    { transport: fakeTransport({ http }) },
  );
  return { requests, ...run };
}

const service = (name: string, ...bodies: readonly string[]): Batch =>
  logsBatch(
    bodies.map((body, i) => ({ timeUnixNano: BigInt(i + 1), body })),
    { resource: { 'service.name': name } },
  );
const sentStreams = ({ body }: Request): string[] =>
  decodePush(unsnappy(body as Uint8Array)).map(({ labels, entries }) => `${labels} ${entries.length}`);
const tooOld = (count: number): string =>
  `${count} errors like: entry for stream '{service_name="a"}' has timestamp too old: 2026-01-01T00:00:00Z, oldest acceptable timestamp is: 2026-02-01T00:00:00Z`;
const ofStream = (text: string): string =>
  `entry with timestamp 1970-01-01 00:00:00 +0000 UTC ignored, reason: '${text}',\nuser 'fake', total ignored: 1 out of 2 for stream: {service_name="a"}`;

describe('conformance', () => {
  const conditions = {
    config: { endpoint: 'http://loki:3100' },
    context: () => ({ transport: fakeTransport({ http: () => answer(204) }) }),
  };
  for (const check of conformance(loki, conditions)) it(check.name, check.run);
});

describe('where it sends', () => {
  it.each([
    [{ endpoint: 'http://loki:3100' }, 'http://loki:3100/loki/api/v1/push'],
    [{ endpoint: 'https://logs.example.com/tenant/' }, 'https://logs.example.com/tenant/loki/api/v1/push'],
    [{ endpoint: 'http://loki:3100/loki/api/v1/push' }, 'http://loki:3100/loki/api/v1/push'],
    [{ endpoint: 'loki:3100', mode: 'otlp' }, 'https://loki:3100/otlp/v1/logs'],
    [{ endpoint: 'loki:3100', tls: { insecure: true } }, 'http://loki:3100/loki/api/v1/push'],
    [{ endpoint: 'unix:///run/loki.sock' }, 'unix:///run/loki.sock:/loki/api/v1/push'],
  ])('%j', async (config, url) => {
    const { send, requests } = await exporter(config);
    await send(service('a', 'x'));
    expect(requests[0]?.url).toBe(url);
  });

  it('is checked at the start', async () => {
    await expect(exporter({ endpoint: 'ftp://me:secret@loki' })).rejects.toThrow(
      /^endpoint: expected https(?!.*secret)/,
    );
  });
});

describe('what it sends', () => {
  it('is protobuf in Snappy', async () => {
    const { send, requests } = await exporter();
    await send(service('a', 'x', 'y'));
    expect(requests[0]?.headers).toEqual({ 'content-type': 'application/x-protobuf' });
    expect(sentStreams(requests[0] as Request)).toEqual(['{service_name="a"} 2']);
  });

  it('is JSON on demand', async () => {
    const { send, requests } = await exporter({ encoding: 'json' });
    await send(
      logsBatch([{ timeUnixNano: 1n, body: 'a "b"\n', attributes: { x: 'y' } }, { timeUnixNano: 2n ** 60n }], {
        resource: { 'service.name': 'é' },
      }),
    );
    expect(requests[0]?.headers).toEqual({ 'content-type': 'application/json' });
    expect(JSON.parse(Buffer.from(requests[0]?.body ?? []).toString())).toEqual({
      streams: [
        {
          stream: { service_name: 'é' },
          values: [
            ['1', 'a "b"\n', { x: 'y' }],
            [String(2n ** 60n), ''],
          ],
        },
      ],
    });
  });

  it('is the batch as it is in mode otlp', async () => {
    const { send, requests } = await exporter({ mode: 'otlp' });
    const batch = service('a', 'x');
    await send(batch);
    expect(requests[0]?.body).toBe(batch.bytes);
  });

  it('has a header for each tenant', async () => {
    const { send, requests } = await exporter({ tenant: { from_attribute: 'service.name' } });
    await send(concat([service('a', 'x'), service('b', 'y')]));
    expect(requests.map(({ headers }) => headers?.['x-scope-orgid'])).toEqual(['a', 'b']);
  });
});

describe('options that do not go together are refused', () => {
  it.each([
    [{ mode: 'otlp', labels: { severity: true } }, 'is of mode push'],
    [{ mode: 'otlp', format: 'json' }, 'is of mode push'],
    [{ tenant: { value: 'a' }, headers: { 'X-Scope-OrgID': 'b' } }, 'takes the place of the header'],
    [{ compression: 'zstd' }, 'Invalid option'],
    [{ labels: { static: { 'not-a-name': 'x' } } }, 'expected a label name'],
    [{ labels: { templates: { a: '{open' } } }, 'at character 1'],
  ])('%j', (options, message) => {
    expect(() => parseConfig(loki, { endpoint: 'http://loki', ...options })).toThrow(message);
  });
});

describe('what an answer means', () => {
  const failure = async (given: HttpClientResponse, config: object = {}): Promise<unknown> =>
    (await exporter(config, given)).send(service('a', 'x', 'y')).catch((error: unknown) => error);

  it.each([200, 204])('%i: all of it was taken', async (status) => {
    expect(await (await exporter({}, answer(status))).send(service('a', 'x'))).toBeUndefined();
  });

  it('260: the tenant is blocked, and nothing was taken', async () => {
    expect(await failure(answer(260, 'ingestion blocked'))).toMatchObject({ delivery: 'permanent', badData: false });
  });

  it.each([429, 500, 502, 503, 504])('%i: later again, when Loki says', async (status) => {
    expect(await failure(answer(status, 'Ingestion rate limit exceeded', 7000))).toMatchObject({
      delivery: 'retryable',
      message: `HTTP ${status}: Ingestion rate limit exceeded`,
      retryAfterMs: 7000,
    });
  });

  it.each([401, 403, 404])('%i: never', async (status) => {
    expect(await failure(answer(status, 'no org id'))).toMatchObject({ delivery: 'permanent', badData: false });
  });

  it('413, and a push over the limit of gRPC within Loki: halves may go through', async () => {
    const grpc = 'rpc error: code = ResourceExhausted desc = grpc: received message larger than max (5 vs. 4)';
    for (const given of [answer(413), answer(500, grpc)])
      expect(await failure(given)).toMatchObject({ delivery: 'permanent', tooLarge: true });
  });

  it('fault 24, 400 with a list: the others were taken, these are counted by reason', async () => {
    const { send, requests, context } = await exporter({}, answer(400, tooOld(1)));
    expect(await send(service('a', 'x', 'y'))).toMatchObject({
      rejected: 1,
      message: expect.stringMatching(/^1 too old/),
    });
    expect(requests).toHaveLength(1);
    expect(context.measured.get('exporter_loki_refused_records')).toBe(1);
  });

  it('fault 24, 400 with all of it: refused for good, and no search for bad records', async () => {
    const error = await failure(answer(400, tooOld(2)));
    expect(error).toMatchObject({
      delivery: 'permanent',
      badData: false,
      message: expect.stringMatching(/^2 too old/),
    });
  });

  it('fault 24, 400 that says nothing about entries: the engine looks for them', async () => {
    expect(await failure(answer(400, "couldn't parse labels"))).toMatchObject({ delivery: 'permanent', badData: true });
  });

  it('400 out of order is told from too old', async () => {
    const { send } = await exporter({}, answer(400, ofStream('entry too far behind, entry timestamp is: x')));
    expect(await send(service('a', 'x', 'y'))).toMatchObject({
      rejected: 1,
      message: expect.stringMatching(/^1 out of order/),
    });
  });

  it('a Status in mode otlp says the same', async () => {
    const { send } = await exporter({ mode: 'otlp' }, answer(400, encodeRpcStatus({ code: 0, message: tooOld(1) })));
    expect(await send(service('a', 'x', 'y'))).toMatchObject({ rejected: 1 });
  });

  it('no answer of a server makes it do anything but settle', async () => {
    for (const text of ['', '\u0000\u0001', '{"a":', 'x'.repeat(2_000_000), '"'.repeat(50_000), '12\u0012'])
      expect(await failure(answer(400, text))).toMatchObject({ delivery: 'permanent' });
  });
});

describe('what was taken is not sent again for ever', () => {
  const batch = concat([service('a', 'x', 'y'), service('b', 'z')]);
  const limit = `Maximum active stream limit exceeded when trying to create stream {service_name="a"}, …`;

  it('fault 24, 429 for one stream: the next attempt sends streams apart, and each that was taken once more at most', async () => {
    let relaxed = false;
    const { send, requests } = await exporter({ split_streams: 'never' }, (request) => {
      const blocked = !relaxed && sentStreams(request).some((stream) => stream.startsWith('{service_name="a"}'));
      return blocked ? answer(429, limit) : answer(204);
    });
    for (let i = 0; i < 4; i++) await expect(send(batch)).rejects.toMatchObject({ delivery: 'retryable' });
    relaxed = true;
    expect(await send(batch)).toBeUndefined();
    expect(requests.map((request) => sentStreams(request).join(' + '))).toEqual([
      '{service_name="a"} 2 + {service_name="b"} 1',
      '{service_name="a"} 2',
      '{service_name="b"} 1',
      '{service_name="a"} 2',
      '{service_name="a"} 2',
      '{service_name="a"} 2',
    ]);
  });

  it('a tenant that is blocked does not have the others sent again', async () => {
    let blocked = true;
    const { send, requests } = await exporter({ tenant: { from_attribute: 'service.name' } }, ({ headers }) =>
      blocked && headers?.['x-scope-orgid'] === 'a' ? answer(429, 'rate limit') : answer(204),
    );
    for (let i = 0; i < 3; i++) await expect(send(batch)).rejects.toMatchObject({ delivery: 'retryable' });
    blocked = false;
    await send(batch);
    expect(requests.map(({ headers }) => headers?.['x-scope-orgid'])).toEqual(['a', 'b', 'a', 'a', 'a']);
  });

  it('a tenant that Loki cannot have is refused, and the others are not', async () => {
    const { send, requests, context } = await exporter({ tenant: { from_attribute: 'service.name' } });
    expect(await send(concat([service('../x', 'x'), service('b', 'z', 'zz')]))).toEqual({
      rejected: 1,
      message: '1 without a tenant: no tenant for Loki: attribute service.name gives "../x"',
    });
    expect(requests).toHaveLength(1);
    expect(context.measured.get('exporter_loki_refused_records')).toBe(1);
  });

  it('streams go apart until Loki has had them, and then together', async () => {
    const { send, requests } = await exporter();
    await send(batch);
    await send({ ...batch });
    expect(requests.map((request) => sentStreams(request).join(' + '))).toEqual([
      '{service_name="a"} 2',
      '{service_name="b"} 1',
      '{service_name="a"} 2 + {service_name="b"} 1',
    ]);
  });

  it('what was refused here is counted once, when the rest is delivered', async () => {
    let down = true;
    const long = service('a', 'x'.repeat(100), 'y');
    const limits = { max_line_size: 50, on_long_line: 'drop' };
    const { send, context } = await exporter({ limits }, () => answer(down ? 503 : 204));
    await expect(send(long)).rejects.toMatchObject({ delivery: 'retryable' });
    down = false;
    expect(await send(long)).toEqual({ rejected: 1, message: '1 with a line that is too long' });
    expect(context.measured.get('exporter_loki_refused_records')).toBe(1);
  });
});

describe('fault 58, a million values of a label', () => {
  it('make no more streams than the guard allows; the rest is counted, and named once a minute', async () => {
    const { send, requests, context } = await exporter({
      labels: { record: ['user'] },
      cardinality: { max_values: 100 },
    });
    for (let i = 0; i < 10; i++) {
      const records = Array.from({ length: 1000 }, (_unused, k) => ({ attributes: { user: `u${i * 1000 + k}` } }));
      await send(logsBatch(records, { resource: { 'service.name': 'a' } }));
    }
    const streams = new Set(
      requests.flatMap((request) => decodePush(unsnappy(request.body as Uint8Array)).map(({ labels }) => labels)),
    );
    expect(streams.size).toBe(101);
    expect(context.measured.get('exporter_loki_demoted_labels')).toBe(9900);
    expect(context.measured.get('exporter_loki_streams')).toBe(101);
    expect(context.logs.filter(({ level }) => level === 'warn')).toMatchObject([
      { fields: { label: 'user', reason: 'too_many_values', count: 900 } },
    ]);
    await context.clock.advance(60_000);
    await send(logsBatch([{ attributes: { user: 'x' } }], { resource: { 'service.name': 'a' } }));
    expect(context.logs.at(-1)).toMatchObject({ fields: { count: 9001 } });
  });
});
