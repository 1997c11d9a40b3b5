import { decode, type AnyValue, type Batch, type Span } from 'sluice/plugin';
import { conformance, logsBatch, metricsBatch, runProcessor, spansBatch } from 'sluice/testing';
import { describe, expect, test } from 'vitest';
import definition from './index.ts';

describe('conformance', () => {
  const config = { logs: { log_record: ['severity_number < 9'] } };
  for (const check of conformance(definition, { config })) test(check.name, check.run);
});

const logs = logsBatch(
  [
    { body: 'started', severityNumber: 9, attributes: { 'http.route': '/health' } },
    { body: 'failed', severityNumber: 17, attributes: { 'http.route': '/api', codes: [1n, 2n] } },
    { body: 'noise', severityNumber: 5 },
  ],
  { resource: { 'service.name': 'shop' } },
);

async function kept(config: object, input: Batch = logs): Promise<unknown[]> {
  const { batches } = await runProcessor(definition, config, [input]);
  return batches.flatMap((batch) =>
    decode(batch).resources.flatMap(({ scopes }) =>
      scopes.flatMap(({ records }) =>
        (records as readonly { body?: AnyValue; name?: string }[]).map(({ body, name }) => body ?? name),
      ),
    ),
  );
}

describe('log conditions', () => {
  test.each<[string[], string[]]>([
    [[], ['started', 'failed', 'noise']],
    [['severity_number < SEVERITY_NUMBER_INFO'], ['started', 'failed']],
    [['attributes["http.route"] == "/health"', 'body == "noise"'], ['failed']],
    [['attributes["http.route"] == nil'], ['started', 'failed']],
    [['not IsMatch(body, "e")'], ['started', 'failed', 'noise'].filter((body) => body.includes('e'))],
    [['attributes["codes"][1] == 2'], ['started', 'noise']],
    [['resource.attributes["service.name"] == "shop"'], []],
  ])('%j leaves %j', async (log_record, expected) => {
    expect(await kept({ logs: { log_record } })).toEqual(expected);
  });

  test('conditions that say their context find it by themselves', async () => {
    expect(await kept({ log_conditions: ['log.severity_number >= 9', 'resource.attributes["a"] == 1'] })).toEqual([
      'noise',
    ]);
    expect(await kept({ log_conditions: [{ conditions: ['resource.attributes["service.name"] == "shop"'] }] })).toEqual(
      [],
    );
  });
});

describe('spans and their events', () => {
  const spans = spansBatch([
    { name: 'GET /', kind: 2, events: [] },
    { name: 'work', kind: 1, parentSpanId: '0102030405060708' },
  ]);

  test('a span goes where one of its conditions holds', async () => {
    expect(await kept({ traces: { span: ['kind == SPAN_KIND_SERVER'] } }, spans)).toEqual(['work']);
    expect(await kept({ traces: { span: ['IsRootSpan()'] } }, spans)).toEqual(['work']);
  });

  test('an event goes, and its span stays', async () => {
    const [first] = decode(spansBatch([{ name: 'a' }])).resources.flatMap(({ scopes }) =>
      scopes.flatMap(({ records }) => records),
    );
    expect(first?.events).toEqual([]);
    const { SpanEvent } = await import('sluice/plugin');
    const events = ['keep', 'drop', 'keep too'].map((name) => SpanEvent.from({ name }));
    const config = { traces: { spanevent: ['name == "drop" and span.name == "a"'] } };
    const { batches } = await runProcessor(definition, config, [spansBatch([{ name: 'a', events }])]);
    const [span] = decode(batches[0] as Batch<'traces'>).resources.flatMap(({ scopes }) =>
      scopes.flatMap(({ records }) => records),
    );
    expect((span as Span).events.map(({ name }) => name)).toEqual(['keep', 'keep too']);
  });
});

describe('metrics', () => {
  const metrics = metricsBatch([
    { name: 'requests', value: 1n, kind: 'sum', attributes: { path: '/' } },
    { name: 'queue', value: 2.5 },
  ]);

  test.each<[object, string[]]>([
    [{ metric: ['name == "queue"'] }, ['requests']],
    [{ metric: ['type == METRIC_DATA_TYPE_SUM'] }, ['queue']],
    [{ metric: ['HasAttrKeyOnDatapoint("path")'] }, ['queue']],
    [{ datapoint: ['attributes["path"] == "/"'] }, ['queue']],
    [{ datapoint: ['value_double > 2.0 and metric.name != "x"'] }, ['requests']],
    [{ include: { match_type: 'strict', metric_names: ['queue'] } }, ['queue']],
    [{ exclude: { match_type: 'regexp', metric_names: ['^q'] } }, ['requests']],
  ])('%j leaves %j', async (config, expected) => {
    expect(await kept({ metrics: config }, metrics)).toEqual(expected);
  });
});

describe('the form from before OTTL', () => {
  test.each<[object, string[]]>([
    [{ include: { match_type: 'strict', severity_number: { min: 'info' } } }, ['started', 'failed']],
    [{ exclude: { match_type: 'regexp', bodies: ['^n'] } }, ['started', 'failed']],
    [{ include: { match_type: 'strict', record_attributes: [{ key: 'http.route', value: '/api' }] } }, ['failed']],
    [{ exclude: { match_type: 'strict', resource_attributes: [{ key: 'service.name', value: 'shop' }] } }, []],
  ])('%j leaves %j', async (config, expected) => {
    expect(await kept({ logs: config })).toEqual(expected);
  });
});

describe('a condition that cannot be decided', () => {
  const logs = { log_record: ['body["a"] == 1', 'severity_number == 5'] };

  test('is passed over with a line in the log', async () => {
    const { context, batches } = await runProcessor(definition, { logs }, [
      logsBatch([{ body: 'x' }, { body: 'y', severityNumber: 5 }]),
    ]);
    expect(batches[0]?.count).toBe(1);
    const warnings = context.logs.filter(({ level }) => level === 'warn');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ fields: { condition: 'body["a"] == 1', error: 'string has no keys' } });
  });

  test('is passed over in silence', async () => {
    const { context } = await runProcessor(definition, { logs, error_mode: 'silent' }, [logsBatch([{ body: 'x' }])]);
    expect(context.logs).toEqual([]);
  });

  test('refuses the request', async () => {
    const { outcomes } = await runProcessor(definition, { logs, error_mode: 'propagate' }, [
      logsBatch([{ body: 'x' }]),
    ]);
    expect(outcomes).toEqual([
      expect.objectContaining({ error: expect.objectContaining({ delivery: 'permanent' }) as unknown }),
    ]);
  });
});

test('what a plan can say is steps, and the rest is a function over records', () => {
  const form = (log_record: string[]): string => {
    const config = definition.config.parse({ logs: { log_record } }) as never;
    const logger = { debug() {}, info() {}, warn() {}, error() {} };
    const work = (definition as { edit(config: never, context: object): unknown }).edit(config, {
      signal: 'logs',
      logger,
    });
    return Array.isArray(work) ? 'steps' : typeof work;
  };
  expect(form(['severity_number < 9 and attributes["a"] != "b"'])).toBe('steps');
  expect(form(['severity_number < 9', 'Len(attributes) > 3'])).toBe('function');
});

describe('configuration', () => {
  test.each<[object, string, string]>([
    [{ logs: { log_record: ['severity < 9'] } }, 'logs.log_record.0', 'a log has no field severity'],
    [{ traces: { span: ['name == "a" and'] } }, 'traces.span.0', 'expected a value, found nothing more'],
    [{ traces: { span: ['IsMtch(name, "a")'] } }, 'traces.span.0', 'did you mean IsMatch?'],
    [{ traces: { span: ['IsMatch(name, "(?=a)")'] } }, 'traces.span.0', 'look-around'],
    [
      { metrics: { include: { match_type: 'expr', expressions: ['true'] } } },
      'metrics.include.match_type',
      'write OTTL',
    ],
    [
      { logs: { log_record: ['true'], exclude: { match_type: 'strict', bodies: ['a'] } } },
      'logs',
      'do not go together',
    ],
    [{ trace_conditions: ['log.body == "a"'] }, 'trace_conditions.0', 'found one on log'],
    [{ profile_conditions: ['true'] }, '', 'profile_conditions'],
  ])('%j is refused with its place', (config, path, message) => {
    const issues = (definition.config.safeParse(config).error?.issues ?? []).map((issue) => [
      issue.path.join('.'),
      JSON.stringify(issue),
    ]);
    expect(issues).toContainEqual([path, expect.stringContaining(message)]);
  });
});
