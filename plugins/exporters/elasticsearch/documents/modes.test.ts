import { describe, expect, it } from 'vitest';
import { documents, ids, int, log, logs, metrics, refusals, span, spans, stream, text } from './samples.ts';

describe('documents of the mode ecs', () => {
  it('have what the schema knows in its place, and all else under its own name', async () => {
    expect(await documents('ecs', logs(log))).toEqual([
      {
        index: 'logs-generic-default',
        document: {
          '@timestamp': '2024-01-15T10:30:00.000000001Z',
          data_stream: stream('logs', 'generic'),
          trace: { id: ids.traceId },
          span: { id: ids.spanId },
          event: { severity: 9, action: 'user.login' },
          log: { level: 'INFO' },
          message: 'hello\n"you"',
          http: { method: 'GET', status_code: 200 },
          scope: { attribute: 'x' },
          service: {
            name: 'shop',
            node: { name: 'i-1' },
            environment: 'production',
            language: { name: 'go', version: '1.21.0' },
          },
          host: { hostname: 'h1', name: 'h1', architecture: 'amd64', os: { platform: 'darwin', type: 'macos' } },
          agent: { name: 'opentelemetry/go', version: '1.21.0' },
        },
      },
    ]);
  });

  it('tell of spans and points', async () => {
    const [only] = await documents('ecs', spans(span));
    expect(only?.document).toMatchObject({
      trace: { id: ids.traceId },
      parent: { id: '0001020304050607' },
      event: { outcome: 'success', duration: 150000000 },
      span: {
        id: ids.spanId,
        name: 'GET /users',
        kind: 'SERVER',
        db: { type: 'postgresql', statement: 'SELECT 1' },
        links: [{ trace: { id: '100f0e0d0c0b0a090807060504030201' }, span: { id: '0807060504030201' } }],
      },
    });
    const [point] = await documents(
      'ecs',
      metrics({
        name: 'http.duration',
        gauge: { dataPoints: [{ asDouble: 0.5, attributes: [text('http.method', 'GET')] }] },
      }),
    );
    expect(point?.document['http']).toEqual({ duration: 0.5, method: 'GET' });
  });
});

describe('documents of the modes none and raw', () => {
  it('have the fields of OTLP, with a prefix before each attribute or without', async () => {
    const [none] = await documents('none', logs(log));
    expect(none).toMatchObject({
      index: 'logs-generic-default',
      document: {
        '@timestamp': '2024-01-15T10:30:00.000000001Z',
        Body: 'hello\n"you"',
        SeverityText: 'INFO',
        SeverityNumber: 9,
        TraceId: ids.traceId,
        SpanId: ids.spanId,
        TraceFlags: 1,
        'Attributes.http.method': 'GET',
        'Attributes.data_stream.dataset': 'generic',
        'Resource.service.name': 'shop',
        'Scope.name': 'github.com/example',
        'Scope.scope.attribute': 'x',
      },
    });
    const [raw] = await documents('raw', spans(span));
    expect(raw?.document).toMatchObject({
      Name: 'GET /users',
      Kind: 'SPAN_KIND_SERVER',
      Duration: 150000,
      EndTimestamp: '2024-01-15T10:30:00.150000000Z',
      ParentSpanId: '0001020304050607',
      TraceStatus: 1,
      TraceStatusDescription: 'Success',
      'http.method': 'GET',
      'query.rows': 1,
      'query.time': '2024-01-15T10:30:00.050000000Z',
      Link: '[{"attribute":{"t":"f"},"spanID":"0807060504030201","traceID":"100f0e0d0c0b0a090807060504030201"}]',
    });
  });

  it('have no field that is a value and an object', async () => {
    const attributes = [
      text('a.b', 'y'),
      text('a', 'x'),
      { key: 'm', value: { kvlistValue: { values: [int('k', 1)] } } },
      text('m.n', 'z'),
    ];
    const [raw] = await documents('raw', logs({ attributes }));
    expect(raw?.document).toMatchObject({ 'a.b': 'y', 'a.value': 'x', m: { k: 1 }, 'm.n': 'z' });
    expect(raw?.document).not.toHaveProperty(['a']);
  });

  it('are none for metrics', async () => {
    expect(await refusals('none', metrics({ name: 'g', gauge: { dataPoints: [{ asInt: '1' }] } }))).toEqual([
      'mapping mode none has no documents for metrics',
    ]);
  });
});

describe('documents of the mode bodymap', () => {
  it('are the body of a log record, and nothing else', async () => {
    const body = { kvlistValue: { values: [text('@timestamp', 'now'), int('n', 1)] } };
    expect(await documents('bodymap', logs({ ...log, body }))).toEqual([
      { index: 'logs-generic-default', document: { '@timestamp': 'now', n: 1 } },
    ]);
  });

  it('are none where the body is no map', async () => {
    expect(await refusals('bodymap', logs(log))).toEqual([
      'mapping mode bodymap has documents for log records with a map as their body only',
    ]);
  });
});
