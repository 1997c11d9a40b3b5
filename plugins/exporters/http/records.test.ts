import { Attributes, SpanEvent, SpanLink, Status, type Batch } from 'sluice/plugin';
import { logsBatch, metricsBatch, spansBatch } from 'sluice/testing';
import { batchFromJson } from 'sluice/plugin';
import { describe, expect, it } from 'vitest';
import { exporter, lines, text } from './testing.ts';

const time = BigInt(Date.UTC(2026, 2, 4, 5, 6, 7)) * 1_000_000n + 890123456n;
const objects = async (config: object, batch: Batch): Promise<Record<string, unknown>[]> => {
  const { send, requests } = await exporter(config);
  await send(batch);
  return lines(requests[0]);
};

describe('the object of a log record', () => {
  const record = {
    timeUnixNano: time,
    observedTimeUnixNano: time + 1n,
    severityNumber: 13,
    severityText: 'warning',
    body: 'line\n"one"',
    traceId: '0102030405060708090a0b0c0d0e0f10',
    spanId: '0102030405060708',
    attributes: { file_path: '/a.log', n: 7n, part: 1.5 },
  };
  const batch = logsBatch([record], { resource: { machine_id: 'm1' } });

  it('is flat, with a time as ISO 8601', async () => {
    expect(await objects({}, batch)).toEqual([
      {
        timestamp: '2026-03-04T05:06:07.890123456Z',
        level: 'warning',
        message: 'line\n"one"',
        trace_id: record.traceId,
        span_id: record.spanId,
        file_path: '/a.log',
        n: 7,
        part: 1.5,
        machine_id: 'm1',
      },
    ]);
  });

  it('has the names, the form of time and the further members that the configuration says', async () => {
    const config = {
      fields: {
        timestamp: '@t',
        body: 'msg',
        severity_text: '',
        severity_number: 'severity',
        observed_timestamp: 'seen',
        trace_id: '',
        span_id: '',
        resource: 'from',
      },
      timestamp_format: 'unix_ms',
      static_fields: { dataset: 'workers', version: 2, live: true },
      flatten: false,
    };
    expect(await objects(config, batch)).toEqual([
      {
        '@t': 1772600767890,
        seen: 1772600767890,
        severity: 13,
        msg: 'line\n"one"',
        dataset: 'workers',
        version: 2,
        live: true,
        attributes: { file_path: '/a.log', n: 7, part: 1.5 },
        from: { machine_id: 'm1' },
      },
    ]);
    expect(
      await objects(
        { timestamp_format: 'unix_ns', fields: { body: '' } },
        logsBatch([{ timeUnixNano: 1772600767000000000n }]),
      ),
    ).toEqual([{ timestamp: 1772600767000000000 }]);
  });

  it('has a level by number, the time of arrival, and a body of any kind', async () => {
    const batchOfKinds = logsBatch([
      { severityNumber: 18, body: Attributes.from({ a: 1n }) },
      { body: null, observedTimeUnixNano: time },
    ]);
    expect(await objects({}, batchOfKinds)).toEqual([
      { timestamp: '2026-01-01T00:00:00.000Z', level: 'ERROR', message: { a: 1 } },
      { timestamp: '2026-03-04T05:06:07.890123456Z' },
    ]);
  });

  it('loses no attribute whose name is taken', async () => {
    const shadowed = logsBatch(
      [
        { timeUnixNano: time, body: 'b', attributes: { message: 'm', host: 'record', dataset: 'd', free: 1n } },
        { timeUnixNano: time, attributes: { message: 'm' } },
      ],
      { resource: { host: 'resource', timestamp: 't', region: 'eu' } },
    );
    expect(await objects({ static_fields: { dataset: 'workers' } }, shadowed)).toEqual([
      {
        timestamp: '2026-03-04T05:06:07.890123456Z',
        message: 'b',
        dataset: 'workers',
        'attributes.message': 'm',
        host: 'record',
        'attributes.dataset': 'd',
        free: 1,
        'resource.host': 'resource',
        'resource.timestamp': 't',
        region: 'eu',
      },
      {
        timestamp: '2026-03-04T05:06:07.890123456Z',
        dataset: 'workers',
        message: 'm',
        host: 'resource',
        'resource.timestamp': 't',
        region: 'eu',
      },
    ]);
  });

  it('has any name for an attribute, and the first of two with one name', async () => {
    const { send, requests } = await exporter();
    await send(
      logsBatch([
        {
          attributes: [
            ['__proto__', 'p'],
            ['a', 1n],
            ['a', 2n],
            ['', 'empty'],
          ],
        },
      ]),
    );
    expect(text(requests[0])).toBe('{"timestamp":"2026-01-01T00:00:00.000Z","__proto__":"p","a":1,"":"empty"}\n');
  });
});

it('the object of a span tells all of it', async () => {
  const span = {
    name: 'GET /',
    kind: 2,
    parentSpanId: '0000000000000009',
    traceState: 'a=b',
    startTimeUnixNano: time,
    endTimeUnixNano: time + 1500n,
    status: Status.from({ code: 2, message: 'broke' }),
    events: [SpanEvent.from({ name: 'e', timeUnixNano: time, attributes: Attributes.from({ k: 1n }) })],
    links: [SpanLink.from({ traceId: '00000000000000000000000000000002', spanId: '0000000000000003' })],
    attributes: { k: 'v' },
  };
  expect(
    await objects({}, spansBatch([span, { name: 'bare', startTimeUnixNano: time, endTimeUnixNano: time - 1n }])),
  ).toEqual([
    {
      timestamp: '2026-03-04T05:06:07.890123456Z',
      end_timestamp: '2026-03-04T05:06:07.890124956Z',
      duration_ns: 1500,
      name: 'GET /',
      kind: 'server',
      trace_id: '00000000000000000000000000000001',
      span_id: '0000000000000001',
      parent_span_id: '0000000000000009',
      trace_state: 'a=b',
      status: 'error',
      status_message: 'broke',
      events: [{ name: 'e', timestamp: '2026-03-04T05:06:07.890123456Z', attributes: { k: 1 } }],
      links: [{ trace_id: '00000000000000000000000000000002', span_id: '0000000000000003' }],
      k: 'v',
    },
    {
      timestamp: '2026-03-04T05:06:07.890123456Z',
      end_timestamp: '2026-03-04T05:06:07.890123455Z',
      name: 'bare',
      kind: 'unspecified',
      trace_id: '00000000000000000000000000000001',
      span_id: '0000000000000002',
    },
  ]);
});

describe('the object of a data point', () => {
  const point = { timeUnixNano: String(time) };
  const metrics = (...all: readonly object[]): Batch =>
    batchFromJson('metrics', Buffer.from(JSON.stringify({ resourceMetrics: [{ scopeMetrics: [{ metrics: all }] }] })), {
      receivedAt: 0,
    });

  it('has its metric and its value', async () => {
    const batch = metricsBatch([
      { name: 'm', unit: 's', value: 1.5, timeUnixNano: time, attributes: { k: 'v' } },
      { name: 'c', kind: 'sum', value: 7n, timeUnixNano: time, startTimeUnixNano: time },
    ]);
    expect(await objects({}, batch)).toEqual([
      { timestamp: '2026-03-04T05:06:07.890123456Z', name: 'm', unit: 's', metric_type: 'gauge', value: 1.5, k: 'v' },
      {
        timestamp: '2026-03-04T05:06:07.890123456Z',
        start_timestamp: '2026-03-04T05:06:07.890123456Z',
        name: 'c',
        metric_type: 'sum',
        temporality: 'cumulative',
        monotonic: true,
        value: 7,
      },
    ]);
  });

  it('has an object as its value where it has more than a number', async () => {
    const batch = metrics(
      {
        name: 'h',
        histogram: {
          aggregationTemporality: 1,
          dataPoints: [{ ...point, count: '3', sum: 4, min: 1, max: 2, bucketCounts: ['1', '2'], explicitBounds: [1] }],
        },
      },
      {
        name: 'e',
        exponentialHistogram: {
          dataPoints: [
            { ...point, count: '3', scale: 2, zeroCount: '1', positive: { offset: 1, bucketCounts: ['2'] } },
          ],
        },
      },
      {
        name: 's',
        summary: { dataPoints: [{ ...point, count: '3', sum: 4, quantileValues: [{ quantile: 0.5, value: 1 }] }] },
      },
      { name: 'n', gauge: { dataPoints: [{ ...point, flags: 1 }] } },
    );
    expect(
      (await objects({}, batch)).map(({ metric_type: type, temporality, value }) => [type, temporality, value]),
    ).toEqual([
      ['histogram', 'delta', { count: 3, sum: 4, min: 1, max: 2, bounds: [1], buckets: [1, 2] }],
      [
        'exponential_histogram',
        undefined,
        { count: 3, scale: 2, zero_count: 1, positive: { offset: 1, buckets: [2] } },
      ],
      ['summary', undefined, { count: 3, sum: 4, quantiles: [{ quantile: 0.5, value: 1 }] }],
      ['gauge', undefined, undefined],
    ]);
  });
});
