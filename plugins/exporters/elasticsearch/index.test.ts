import { PermanentError, RetryableError, SpanEvent, splitByCount, type Batch } from 'sluice/plugin';
import { conformance, fakeTransport, logsBatch, metricsBatch, parseConfig, spansBatch } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import elasticsearch from './index.ts';
import { answer, exporter, items, operations, type Request } from './testing.ts';

const time = BigInt(Date.UTC(2026, 2, 4)) * 1_000_000n;
const numbered = (count: number): Batch<'logs'> =>
  logsBatch(Array.from({ length: count }, (_, i) => ({ body: `line ${i}`, timeUnixNano: time + BigInt(i) })));
const bodiesOf = (batch: Batch | undefined): number[] =>
  [
    ...Buffer.from(batch?.bytes ?? [])
      .toString()
      .matchAll(/line (\d)/g),
  ].map(([, number]) => Number(number));
const actions = (request: Request | undefined): Record<string, unknown>[] =>
  operations(request as Request).map(([action]) => Object.values(action)[0] as Record<string, unknown>);
const column = (name: string, request: Request | undefined): unknown[] =>
  actions(request).map((action) => action[name]);

describe('conformance', () => {
  const context = () => ({ transport: fakeTransport({ http: () => answer(200, { errors: false }) }) });
  for (const check of conformance(elasticsearch, { config: { endpoint: 'http://es:9200' }, context }))
    it(check.name, check.run);
});

describe('its options', () => {
  it.each([
    [{}, 'exactly one of endpoint, endpoints and cloudid is required'],
    [{ endpoint: 'http://a', endpoints: ['http://b'] }, 'exactly one of endpoint, endpoints and cloudid is required'],
    [{ endpoint: 'http://a', user: 'u', password: 'p', api_key: 'k' }, 'user and api_key exclude each other'],
    [{ endpoint: 'http://a', user: 'u' }, 'user and password belong together'],
    [{ endpoint: 'http://a', compression: 'zstd' }, 'Invalid option'],
    [{ endpoint: 'http://a', logs_index: 'a{' }, 'expected } for this {'],
  ])('%j: %s', (options, message) => {
    expect(() => parseConfig(elasticsearch, options)).toThrow(message);
  });

  it('are those of files that were written for the Collector', () => {
    parseConfig(elasticsearch, {
      endpoints: ['https://a:9200'],
      logs_dynamic_index: { enabled: true },
      num_workers: 4,
      flush: { bytes: 10485760, interval: '10s' },
      retry: { max_requests: 5, retry_on_status: [429, 500] },
      discover: { on_start: true },
      mapping: { mode: 'ecs' },
      telemetry: { log_request_body: true },
      tls: { insecure_skip_verify: true },
      sending_queue: { enabled: true },
    });
  });
});

describe('a request', () => {
  it('asks to create each document, in lines that end with a newline', async () => {
    const { send, requests } = await exporter({ pipeline: 'p' });
    await send(numbered(2));
    expect(requests).toHaveLength(1);
    expect(requests[0]?.url).toMatch(/^http:\/\/es:9200\/_bulk\?filter_path=.*&pipeline=p$/);
    expect(requests[0]?.headers).toEqual({ 'content-type': 'application/x-ndjson' });
    expect(operations(requests[0] as Request)).toMatchObject([
      [{ create: { _index: 'logs-generic.otel-default' } }, { body: { text: 'line 0' } }],
      [{ create: { _index: 'logs-generic.otel-default' } }, { body: { text: 'line 1' } }],
    ]);
  });

  it.each([
    [{ api_key: 'a2V5' }, 'ApiKey a2V5'],
    [{ user: 'elastic', password: 'pä' }, `Basic ${Buffer.from('elastic:pä').toString('base64')}`],
  ])('carries credentials: %j', async (options, authorization) => {
    const { send, requests } = await exporter(options);
    await send(numbered(1));
    expect(requests[0]?.headers).toMatchObject({ authorization });
  });

  it('replaces documents where it is told to', async () => {
    const { send, requests } = await exporter({ op_type: 'index' });
    await send(numbered(1));
    expect(Object.keys(operations(requests[0] as Request)[0]?.[0] ?? {})).toEqual(['index']);
  });

  it('is not sent where nothing is left to send', async () => {
    const { send, requests } = await exporter({ logs_index: 'logs-{tenant}' });
    expect(await send(numbered(2))).toMatchObject({
      refused: [
        { batch: { count: 2 }, error: { message: 'no index: an attribute of "logs-{tenant}" is missing (2 records)' } },
      ],
    });
    expect(requests).toEqual([]);
  });
});

describe('the index of a document', () => {
  const indices = async (options: object, batch: Batch): Promise<unknown[]> => {
    const { send, requests } = await exporter(options);
    await send(batch);
    return column('_index', requests[0]);
  };
  const line = { body: 'x', timeUnixNano: time };

  it('is a template over attributes and the time of the event', async () => {
    const batch = logsBatch([{ ...line, attributes: { team: 'A Team' } }, line], {
      resource: { 'service.name': 'Shop' },
    });
    expect(await indices({ logs_index: '{service.name}-{team|none}-%Y.%m.%d' }, batch)).toEqual([
      'shop-a_team-2026.03.04',
      'shop-none-2026.03.04',
    ]);
  });

  it('has the date behind it in the format of Logstash', async () => {
    const logstash_format = { enabled: true };
    expect(await indices({ logstash_format, logs_index: 'agents' }, logsBatch([line]))).toEqual(['agents-2026.03.04']);
    expect(await indices({ logstash_format, mapping: { mode: 'none' } }, logsBatch([line]))).toEqual([
      'logs-generic-default-2026.03.04',
    ]);
  });

  it('is a data stream by attributes, of the record before those of the resource', async () => {
    const batch = logsBatch([{ ...line, attributes: { 'data_stream.namespace': 'a' } }, line], {
      resource: { 'data_stream.dataset': 'x', 'data_stream.namespace': 'b' },
    });
    expect(await indices({}, batch)).toEqual(['logs-x.otel-a', 'logs-x.otel-b']);
    expect(await indices({}, spansBatch([{}]))).toEqual(['traces-generic.otel-default']);
    expect(await indices({}, metricsBatch([{ name: 'm', value: 1 }]))).toEqual(['metrics-generic.otel-default']);
  });

  it('is the one that an attribute names, cleaned of all that is no name', async () => {
    const evil = 'a"}}\n{"delete":{"_index":"users","_id":"1"}}\n';
    const { send, requests } = await exporter();
    await send(logsBatch([{ ...line, attributes: { 'elasticsearch.index': evil } }, line]));
    expect(
      Buffer.from(requests[0]?.body ?? [])
        .toString()
        .split('\n'),
    ).toHaveLength(5);
    expect(column('_index', requests[0])).toEqual([
      'a_}}_{_delete__{__index___users____id___1_}}_',
      'logs-generic.otel-default',
    ]);
  });

  it('cannot be made of nothing', async () => {
    const { send } = await exporter({ logs_index: '{x}' });
    expect(
      await send(
        logsBatch([
          { ...line, attributes: { x: '..' } },
          { ...line, attributes: { x: 'ok' } },
        ]),
      ),
    ).toMatchObject({
      refused: [{ batch: { count: 1 }, error: { message: 'no index: ".." is none' } }],
    });
  });
});

describe('the id of a document', () => {
  const idsOf = async (batch: Batch, options: object = {}): Promise<unknown[]> => {
    const { send, requests } = await exporter(options);
    await send(batch);
    return column('_id', requests[0]);
  };

  it('is the same whenever the record is sent, in whatever batch', async () => {
    const batch = numbered(6);
    const ids = await idsOf(batch);
    expect(new Set(ids).size).toBe(6);
    for (const id of ids) expect(id).toMatch(/^[\w-]{22}$/);
    expect(await idsOf(batch)).toEqual(ids);
    expect((await Promise.all(splitByCount(batch, 4).map((part) => idsOf(part)))).flat()).toEqual(ids);
  });

  it('tells records apart by all that they are, and by what stands around them', async () => {
    const [first] = await idsOf(logsBatch([{ body: 'a' }]));
    const others = [
      logsBatch([{ body: 'b' }]),
      logsBatch([{ body: 'a', timeUnixNano: 1n }]),
      logsBatch([{ body: 'a' }], { resource: { k: 'v' } }),
      metricsBatch([{ name: 'a', value: 1 }]),
      metricsBatch([{ name: 'b', value: 1 }]),
      metricsBatch([{ name: 'b', value: 1, unit: 's' }]),
    ];
    const ids = [first, ...(await Promise.all(others.map((batch) => idsOf(batch, { id: 'hash' })))).flat()];
    expect(new Set(ids).size).toBe(7);
  });

  it('is another for each of several equal records of a batch', async () => {
    const ids = await idsOf(logsBatch([{ body: 'a' }, { body: 'a' }, { body: 'b' }, { body: 'a' }]));
    expect(ids).toEqual([ids[0], `${String(ids[0])}-1`, ids[2], `${String(ids[0])}-2`]);
  });

  it('is an attribute where it is told to, and a hash where a record has none', async () => {
    const batch = logsBatch([{ body: 'a', attributes: { 'elasticsearch.document_id': 'mine' } }, { body: 'b' }]);
    expect(await idsOf(batch, { id: 'attribute' })).toEqual(['mine', expect.stringMatching(/^[\w-]{22}$/)]);
    expect((await idsOf(batch, { logs_dynamic_id: { enabled: true } }))[0]).toBe('mine');
  });

  it('is left to the index where it is told to, and for points of time series', async () => {
    expect(await idsOf(numbered(1), { id: 'none' })).toEqual([undefined]);
    const points = metricsBatch([{ name: 'm', value: 1 }]);
    expect(await idsOf(points)).toEqual([undefined]);
    expect(await idsOf(points, { metrics_index: 'm' })).toEqual([expect.any(String)]);
  });

  it('of the event of a span begins with that of the span', async () => {
    const events = [SpanEvent.from({ name: 'e' }), SpanEvent.from({ name: 'f' })];
    const ids = await idsOf(spansBatch([{ events }]));
    expect(ids).toEqual([ids[0], `${String(ids[0])}.1`, `${String(ids[0])}.2`]);
  });
});

describe('what became of each document', () => {
  it('decides what happens to its record: taken, dead letter, or once more', async () => {
    const { send, context } = await exporter({}, () => items(201, 409, 429, 400, 503, 400));
    const sent = await send(numbered(6));
    expect(sent?.refused?.map(({ batch, error }) => [bodiesOf(batch), error.message])).toEqual([
      [[3, 5], '400: type_400: reason 400 (2 records)'],
    ]);
    expect(bodiesOf(sent?.later?.batch)).toEqual([2, 4]);
    expect(sent?.later?.error).toBeInstanceOf(RetryableError);
    expect(sent?.later?.error.message).toBe('2 of 6 records: 429: type_429: reason 429');
    expect(context.measured.get('exporter_elasticsearch_existing_documents')).toBe(1);
  });

  it('is asked once more of those that may go through, with the ids that they had, though others were equal to them', async () => {
    const { send, requests } = await exporter({}, (_, number) =>
      number === 1 ? items(201, 429, 429) : items(201, 409),
    );
    const equal = logsBatch([{ body: 'a' }, { body: 'a' }, { body: 'a' }]);
    const sent = await send(equal);
    expect(await send(sent?.later?.batch as Batch)).toBeUndefined();
    expect(column('_id', requests[1])).toEqual(column('_id', requests[0]).slice(1));
  });

  it('is that of all documents of a span: one that is late brings all of it once more', async () => {
    const events = [SpanEvent.from({ name: 'e' }), SpanEvent.from({ name: 'f' })];
    const { send } = await exporter({}, () => items(201, 400, 429, 400));
    const sent = await send(spansBatch([{ events }, {}]));
    expect(sent?.later?.batch.count).toBe(1);
    expect(sent?.refused).toMatchObject([{ batch: { count: 1 } }]);
  });
});

describe('a request that is refused as a whole', () => {
  const failure = async (given: ReturnType<typeof answer>, options: object = {}): Promise<unknown> =>
    (await exporter(options, () => given)).send(numbered(2)).catch((error: unknown) => error);
  const error = (type: string, reason: string) => ({ error: { type, reason, root_cause: [] }, status: 1 });

  it.each([
    [answer(429, error('es_rejected_execution_exception', 'rejected'), 7000), RetryableError, { retryAfterMs: 7000 }],
    [
      answer(503, error('cluster_block_exception', 'no master')),
      RetryableError,
      { message: 'HTTP 503: cluster_block_exception: no master' },
    ],
    [answer(500, ''), RetryableError, { message: 'HTTP 500' }],
    [answer(413, ''), PermanentError, { tooLarge: true }],
    [answer(400, error('illegal_argument_exception', 'x')), PermanentError, { badData: true }],
    [
      answer(401, error('security_exception', 'unable to authenticate')),
      PermanentError,
      {
        message:
          'HTTP 401: security_exception: unable to authenticate (user and password, api_key, headers or auth are missing or wrong)',
      },
    ],
    [
      answer(404, '<html>not here'),
      PermanentError,
      { message: 'HTTP 404: <html>not here (is this the URL of Elasticsearch or OpenSearch?)' },
    ],
  ] as const)('%#', async (given, type, fields) => {
    const thrown = await failure(given);
    expect(thrown).toBeInstanceOf(type);
    expect(thrown).toMatchObject(fields);
  });

  it('is tried again with further statuses that the configuration names', async () => {
    expect(await failure(answer(403, ''), { retry: { retry_on_status: [403] } })).toBeInstanceOf(RetryableError);
  });
});

describe('several nodes', () => {
  const endpoints = { endpoint: undefined, endpoints: ['http://a:1', 'http://b:2'] };
  const hosts = (requests: readonly Request[]): string[] => requests.map(({ url }) => new URL(url).host);

  it('take turns, and stand in for one that does not answer or cannot', async () => {
    const { send, requests } = await exporter(endpoints, ({ url }) => {
      if (url.startsWith('http://a:1')) throw new RetryableError('connection refused');
      return items(201);
    });
    await send(numbered(1));
    await send(numbered(1));
    await send(numbered(1));
    expect(hosts(requests)).toEqual(['a:1', 'b:2', 'b:2', 'b:2']);
  });

  it('are all asked before data has to wait', async () => {
    const { send, requests } = await exporter(endpoints, () => answer(503, 'starting'));
    await expect(send(numbered(1))).rejects.toThrow('HTTP 503: starting');
    expect(hosts(requests)).toEqual(['a:1', 'b:2']);
  });
});
