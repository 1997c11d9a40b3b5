import { readFileSync } from 'node:fs';
import { Attributes, batchFromJson, concat, decode, signals, type Batch, type Signal } from 'sluice/plugin';
import { logsBatch, metricsBatch, spansBatch } from 'sluice/testing';
import { describe, expect, test } from 'vitest';
import { parquetOptions } from '../parquet/index.ts';
import { createFormat, type FormatName } from './index.ts';

/** What an object of these batches has in it. */
async function written(name: FormatName, signal: Signal, batches: readonly Batch[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const format = await createFormat(name, { parquet: parquetOptions.parse({}) });
  const writer = format.open(signal, (chunk) => chunks.push(chunk));
  for (const batch of batches) writer.add(batch);
  writer.end();
  return Buffer.concat(chunks);
}

async function lines(batch: Batch): Promise<unknown[]> {
  const text = (await written('ndjson', batch.signal, [batch])).toString();
  expect(text.endsWith('\n')).toBe(true);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

function fixture(signal: Signal, order: string): Batch {
  const bytes = readFileSync(new URL(`../../../../test/fixtures/${signal}.${order}.pb`, import.meta.url));
  return { signal, bytes, count: 64, meta: { receivedAt: 0 } };
}

describe.each(signals)('%s', (signal) => {
  const batches = ['ascending', 'collector'].map((order) => fixture(signal, order));
  const plain = (batch: Batch): string =>
    JSON.stringify(decode(batch), (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));

  test('several batches are one request of OTLP/JSON', async () => {
    const request = batchFromJson(signal, await written('otlp_json', signal, batches), { receivedAt: 0 });
    expect(plain(request)).toBe(plain(concat(batches)));
  });

  test('several batches are one request of OTLP/protobuf', async () => {
    expect((await written('otlp_proto', signal, batches)).equals(Buffer.from(concat(batches).bytes))).toBe(true);
  });

  test('each record is a line, the same whatever the order of fields', async () => {
    const [one, other] = await Promise.all(batches.map(lines));
    expect(one).toHaveLength(64);
    expect(other).toEqual(one);
  });
});

test.each([
  ['otlp_json', /^\{"resourceLogs":\[\]\}$/],
  ['otlp_proto', /^$/],
  ['body', /^$/],
  ['ndjson', /^$/],
  ['parquet', /^PAR1.*PAR1$/s],
] as const)('an object of %s without batches is nothing, or as good as nothing', async (name, content) => {
  expect((await written(name, 'logs', [])).toString('latin1')).toMatch(content);
});

test('bodies are lines of text', async () => {
  const batch = logsBatch([{ body: 'a' }, {}, { body: 5n }, { body: ['x', 1n] }]);
  expect((await written('body', 'logs', [batch])).toString()).toBe('a\n\n5\n["x",1]\n');
});

const resource = { 'service.name': 'shop', replicas: 3n };

test('a log record is one flat object', async () => {
  const batch = logsBatch(
    [
      {
        timeUnixNano: 1_767_225_600_123_456_789n,
        observedTimeUnixNano: 1_767_225_601_000_000_000n,
        severityNumber: 9,
        severityText: '',
        eventName: 'sale',
        body: 'bought "it"\n',
        traceId: '0102030405060708090a0b0c0d0e0f10',
        spanId: '0102030405060708',
        attributes: { n: 9_007_199_254_740_993n, 'a.b': [true, 1.5], body: 'mine' },
      },
      { body: Attributes.from({ nested: 'value' }), observedTimeUnixNano: 1_767_225_601_000_000_000n },
      {},
    ],
    { resource },
  );
  const text = (await written('ndjson', 'logs', [batch])).toString();
  expect(text).toContain('"n":9007199254740993');
  expect(await lines(batch)).toMatchObject([
    {
      timestamp: '2026-01-01T00:00:00.123456789Z',
      observed_timestamp: '2026-01-01T00:00:01.000000000Z',
      severity: 'INFO',
      severity_number: 9,
      event_name: 'sale',
      body: 'bought "it"\n',
      trace_id: '0102030405060708090a0b0c0d0e0f10',
      span_id: '0102030405060708',
      attributes: { 'a.b': [true, 1.5], body: 'mine' },
      resource: { 'service.name': 'shop', replicas: 3 },
    },
    { timestamp: '2026-01-01T00:00:01.000000000Z', body: { nested: 'value' } },
    // Nobody said when: it is the time of arrival.
    { timestamp: '2026-01-01T00:00:00.000000000Z', body: null, attributes: {} },
  ]);
});

test('a span is one flat object, its events and links lists', async () => {
  const [span] = await lines(fixture('traces', 'ascending'));
  expect(span).toMatchObject({
    timestamp: expect.stringMatching(/Z$/) as string,
    duration_ns: 336122540,
    kind: 'SERVER',
    status: 'OK',
    parent_span_id: '0d86d1e91e001679',
    events: [{ name: 'queue.wait', attributes: { depth: 237, queue: 'jobs-high' } }],
  });
  expect(await lines(spansBatch([{ name: 'x', kind: 3 }]))).toMatchObject([{ name: 'x', kind: 'CLIENT' }]);
});

test('a data point is one flat object with its metric', async () => {
  const points = metricsBatch([
    { name: 'up', unit: '1', value: -5n, attributes: { pod: 'a' } },
    { name: 'load', value: Number.NaN },
    { name: 'requests', value: 1.5, kind: 'sum' },
  ]);
  expect(await lines(points)).toMatchObject([
    { metric: 'up', unit: '1', type: 'gauge', value: -5, attributes: { pod: 'a' } },
    { metric: 'load', value: 'NaN' },
    { metric: 'requests', type: 'sum', temporality: 'cumulative', monotonic: true, value: 1.5 },
  ]);
});

test('distributions keep their buckets, bounds and quantiles', async () => {
  const metric = (name: string, kind: string, point: object): object => ({
    name,
    [kind]: { aggregationTemporality: 1, dataPoints: [{ timeUnixNano: '1767225600000000000', count: '3', ...point }] },
  });
  const request = {
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              metric('h', 'histogram', { sum: 4.5, min: 0.5, bucketCounts: ['1', '2'], explicitBounds: [1] }),
              metric('e', 'exponentialHistogram', {
                scale: -2,
                zeroCount: '1',
                positive: { offset: -3, bucketCounts: ['1', '300'] },
              }),
              metric('s', 'summary', {
                sum: 6,
                quantileValues: [
                  { quantile: 0.5, value: 2 },
                  { quantile: 1, value: 3 },
                ],
              }),
            ],
          },
        ],
      },
    ],
  };
  const batch = batchFromJson('metrics', Buffer.from(JSON.stringify(request)), { receivedAt: 0 });
  expect(await lines(batch)).toMatchObject([
    {
      type: 'histogram',
      temporality: 'delta',
      count: 3,
      sum: 4.5,
      min: 0.5,
      bucket_counts: [1, 2],
      explicit_bounds: [1],
    },
    { type: 'exponential_histogram', scale: -2, zero_count: 1, positive_offset: -3, positive_counts: [1, 300] },
    {
      type: 'summary',
      count: 3,
      sum: 6,
      quantiles: [
        { quantile: 0.5, value: 2 },
        { quantile: 1, value: 3 },
      ],
    },
  ]);
});
