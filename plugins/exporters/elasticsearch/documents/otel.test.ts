import { describe, expect, it } from 'vitest';
import { exporter } from '../testing.ts';
import {
  batchOf,
  documents,
  ids,
  int,
  log,
  logs,
  metrics,
  otelResource,
  otelScope,
  span,
  spans,
  stream,
  text,
} from './samples.ts';

describe('documents of the mode otel', () => {
  it('have the fields of a log record under their own names', async () => {
    expect(await documents('otel', logs(log))).toEqual([
      {
        index: 'logs-generic.otel-default',
        document: {
          '@timestamp': '2024-01-15T10:30:00.000000001Z',
          observed_timestamp: '2024-01-15T10:30:00.001000000Z',
          data_stream: stream('logs', 'generic.otel'),
          severity_text: 'INFO',
          severity_number: 9,
          trace_id: ids.traceId,
          span_id: ids.spanId,
          attributes: { 'http.method': 'GET', 'http.status_code': 200, 'event.name': 'user.login' },
          dropped_attributes_count: 2,
          event_name: 'user.login',
          resource: otelResource,
          scope: otelScope,
          body: { text: 'hello\n"you"' },
        },
      },
    ]);
  });

  it.each([
    [{ kvlistValue: { values: [int('a', 1)] } }, { structured: { a: 1 } }],
    [{ arrayValue: { values: [{ kvlistValue: { values: [int('a', 1)] } }] } }, { structured: [{ a: 1 }] }],
    [{ arrayValue: { values: [{ intValue: '1' }] } }, { structured: { value: [1] } }],
    [{ intValue: '5' }, { text: 5 }],
    [{}, undefined],
  ])('have a body of %j as %j', async (body, expected) => {
    const [{ document } = { document: {} as Record<string, unknown> }] = await documents('otel', logs({ body }));
    expect(document['body']).toEqual(expected);
  });

  it('have the time of arrival where a record has none, and nothing where there is nothing', async () => {
    expect(
      (await documents('otel', batchOf('logs', { resourceLogs: [{ scopeLogs: [{ logRecords: [{}] }] }] })))[0],
    ).toEqual({
      index: 'logs-generic.otel-default',
      document: {
        '@timestamp': '2026-01-02T03:04:05.000Z',
        data_stream: stream('logs', 'generic.otel'),
        resource: {},
        scope: {},
      },
    });
  });

  it('do not have what steers them among their attributes, and go where it says', async () => {
    const steered = logs({
      attributes: [text('data_stream.dataset', 'My-App'), text('data_stream.namespace', 'eu'), text('a', 'b')],
    });
    expect(await documents('otel', steered)).toMatchObject([
      {
        index: 'logs-my_app.otel-eu',
        document: { attributes: { a: 'b' }, data_stream: { type: 'logs', dataset: 'my_app.otel', namespace: 'eu' } },
      },
    ]);
  });

  it('are, for a span, one of its own and one for each of its events', async () => {
    const [own, event] = await documents('otel', spans(span));
    expect(own).toEqual({
      index: 'traces-generic.otel-default',
      document: {
        '@timestamp': '2024-01-15T10:30:00.000000000Z',
        data_stream: stream('traces', 'generic.otel'),
        trace_id: ids.traceId,
        span_id: ids.spanId,
        parent_span_id: '0001020304050607',
        name: 'GET /users',
        kind: 'Server',
        duration: 150000000,
        attributes: { 'http.method': 'GET', 'db.system': 'postgresql', 'db.query.text': 'SELECT 1' },
        links: [{ trace_id: '100f0e0d0c0b0a090807060504030201', span_id: '0807060504030201', attributes: { t: 'f' } }],
        status: { message: 'Success', code: 'Ok' },
        resource: { schema_url: 'r', ...otelResource },
        scope: otelScope,
      },
    });
    expect(event).toEqual({
      index: 'logs-generic.otel-default',
      document: {
        '@timestamp': '2024-01-15T10:30:00.050000000Z',
        data_stream: stream('logs', 'generic.otel'),
        trace_id: ids.traceId,
        span_id: ids.spanId,
        event_name: 'query',
        attributes: { rows: 1, 'event.name': 'query' },
        resource: { schema_url: 'r', ...otelResource },
        scope: otelScope,
      },
    });
  });

  it('are one for each data point, numbers and histograms alike', async () => {
    const point = { timeUnixNano: '1705314600000000000', attributes: [text('k', 'v')] };
    const batch = metrics(
      { name: 'g', unit: 's', gauge: { dataPoints: [{ ...point, asDouble: 5 }] } },
      { name: 'c', sum: { dataPoints: [{ ...point, asInt: '7', startTimeUnixNano: '1705314500000000000' }] } },
      {
        name: 'h',
        histogram: {
          dataPoints: [{ ...point, count: '6', bucketCounts: ['1', '2', '0', '3'], explicitBounds: [2, 4, 8] }],
        },
      },
      { name: 'h0', histogram: { dataPoints: [{ ...point, count: '6', sum: 9, bucketCounts: ['6'] }] } },
      {
        name: 'e',
        exponentialHistogram: {
          dataPoints: [
            {
              ...point,
              count: '4',
              scale: 0,
              zeroCount: '1',
              positive: { offset: 1, bucketCounts: ['2'] },
              negative: { offset: 0, bucketCounts: ['1'] },
            },
          ],
        },
      },
      { name: 's', summary: { dataPoints: [{ ...point, count: '4', sum: 2.5 }] } },
    );
    const all = await documents('otel', batch);
    expect(all.map(({ document }) => document['metrics'])).toEqual([
      { g: 5 },
      { c: 7 },
      { h: { counts: [1, 2, 3], values: [1, 3, 8] } },
      { h0: { sum: 9, value_count: 6 } },
      { e: { counts: [1, 1, 2], values: [-1.5, 0, 3] } },
      { s: { sum: 2.5, value_count: 4 } },
    ]);
    expect(all[0]).toEqual({
      index: 'metrics-generic.otel-default',
      document: {
        '@timestamp': '2024-01-15T10:30:00.000000000Z',
        unit: 's',
        data_stream: stream('metrics', 'generic.otel'),
        attributes: { k: 'v' },
        resource: otelResource,
        scope: otelScope,
        metrics: { g: 5 },
        _metric_names_hash: 'af63da4c8601e926',
      },
    });
    expect(all[1]?.document['start_timestamp']).toBe('2024-01-15T10:28:20.000000000Z');
  });

  it('write a whole double with a fraction, so that an index does not take it for an integer', async () => {
    const { send, requests } = await exporter();
    await send(metrics({ name: 'g', gauge: { dataPoints: [{ asDouble: 5 }] } }));
    expect(Buffer.from(requests[0]?.body ?? []).toString()).toContain('"metrics":{"g":5.0}');
  });

  it('are none for points that no index takes; those that were not recorded are counted, the others refused', async () => {
    const { send, context } = await exporter();
    const sent = await send(
      metrics({ name: 'g', gauge: { dataPoints: [{ asDouble: 1, flags: 1 }, { asDouble: 'NaN' }, { asDouble: 1 }] } }),
    );
    expect(context.drops).toEqual([{ count: 1, signal: 'metrics', reason: 'no_recorded_value' }]);
    expect(sent?.refused).toMatchObject([
      { batch: { count: 1 }, error: { message: 'the value of the data point is NaN, which no index takes' } },
    ]);
  });
});
