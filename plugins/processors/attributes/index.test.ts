import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  Attributes,
  checkStructure,
  decode,
  type AnyValue,
  type Batch,
  type LogRecord,
  type Span,
} from 'sluice/plugin';
import { conformance, logsBatch, metricsBatch, runProcessor, spansBatch } from 'sluice/testing';
import { describe, expect, test } from 'vitest';
import definition from './index.ts';

describe('conformance', () => {
  const config = { actions: [{ key: 'a', value: 1, action: 'upsert' }] };
  for (const check of conformance(definition, { config })) test(check.name, check.run);
});

type Action = Record<string, unknown>;

/** The attributes of one log record after some actions. */
async function after(
  actions: readonly Action[],
  attributes: [string, AnyValue][],
  meta = {},
): Promise<[string, AnyValue | undefined][]> {
  const input = logsBatch([{ body: 'x', attributes }], { meta });
  const { batches } = await runProcessor(definition, { actions }, [input]);
  const [record] = decode(batches[0] as Batch<'logs'>).resources.flatMap(({ scopes }) =>
    scopes.flatMap((scope) => scope.records),
  );
  return [...(record as LogRecord).attributes];
}

describe('actions', () => {
  test('insert sets what is absent, update what is present, upsert both', async () => {
    const actions = ['insert', 'update', 'upsert'].flatMap((action) => [
      { key: 'there', value: action, action },
      { key: `${action} only`, value: action, action },
    ]);
    expect(await after(actions, [['there', 'before']])).toEqual([
      ['there', 'upsert'],
      ['insert only', 'insert'],
      ['upsert only', 'upsert'],
    ]);
  });

  test('values keep their kind: whole numbers become ints, other numbers doubles', async () => {
    const values = ['text', true, 42, 2.5, ['a', 1], { k: 'v' }];
    const actions = values.map((value, i) => ({ key: String(i), value, action: 'INSERT' }));
    const result = await after(actions, []);
    expect(result.slice(0, 5).map(([, value]) => value)).toEqual(['text', true, 42n, 2.5, ['a', 1n]]);
    expect(result[5]?.[1]).toEqual(Attributes.from({ k: 'v' }));
  });

  test('values come from other attributes, which earlier actions may have set', async () => {
    const actions = [
      { key: 'b', from_attribute: 'a', action: 'insert' },
      { key: 'c', from_attribute: 'b', action: 'upsert' },
      { key: 'd', from_attribute: 'nowhere', action: 'upsert' },
    ];
    expect(await after(actions, [['a', 7n]])).toEqual([
      ['a', 7n],
      ['b', 7n],
      ['c', 7n],
    ]);
  });

  test('values come from what the request brought along', async () => {
    const meta = {
      peer: '10.1.2.3:4711',
      identity: 'ann',
      tenant: 'acme',
      headers: new Map([['x-scope', ['a', 'b']]]),
    };
    const actions = ['metadata.X-Scope', 'client.address', 'auth.subject', 'auth.tenant', 'metadata.absent'].map(
      (from_context) => ({
        key: from_context,
        from_context,
        action: 'insert',
      }),
    );
    expect(await after(actions, [], meta)).toEqual([
      ['metadata.X-Scope', 'a;b'],
      ['client.address', '10.1.2.3'],
      ['auth.subject', 'ann'],
      ['auth.tenant', 'acme'],
    ]);
  });

  test('delete takes a key, a pattern on keys, or both', async () => {
    const attributes: [string, AnyValue][] = [
      ['a', 1n],
      ['http.route', '/'],
      ['http.method', 'GET'],
      ['b', 2n],
    ];
    expect(await after([{ key: 'a', pattern: '^http\\.', action: 'delete' }], attributes)).toEqual([['b', 2n]]);
  });

  test('hash is SHA-256 of the bytes the Collector takes', async () => {
    const sha = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
    const int = Buffer.from('0700000000000000', 'hex');
    const double = Buffer.alloc(8);
    double.writeDoubleLE(2.5);
    const attributes: [string, AnyValue][] = [
      ['s', 'größe'],
      ['e', ''],
      ['b', true],
      ['i', 7n],
      ['d', 2.5],
      ['l', ['x']],
    ];
    expect(await after([{ pattern: '.', action: 'hash' }], attributes)).toEqual([
      ['s', sha('größe')],
      ['e', sha('')],
      ['b', sha(Buffer.of(1))],
      ['i', sha(int)],
      ['d', sha(double)],
      ['l', ''],
    ]);
  });

  test('extract makes attributes of named groups, and empty ones of groups that took no part', async () => {
    const action = {
      key: 'url',
      pattern: '^/api/(?P<version>v\\d+)/(?P<kind>\\w+)(?:/(?P<id>\\d+))?$',
      action: 'extract',
    };
    expect(
      await after(
        [action],
        [
          ['url', '/api/v2/orders'],
          ['kind', 'old'],
        ],
      ),
    ).toEqual([
      ['url', '/api/v2/orders'],
      ['kind', 'orders'],
      ['version', 'v2'],
      ['id', ''],
    ]);
    expect(await after([action], [['url', 5n]])).toEqual([['url', 5n]]);
  });

  test.each<[string, AnyValue, AnyValue]>([
    ['int', '12', 12n],
    ['int', '12.5', '12.5'],
    ['int', 12.9, 12n],
    ['int', true, 1n],
    ['int', '9223372036854775808', '9223372036854775808'],
    ['double', '12.5', 12.5],
    ['double', 3n, 3],
    ['double', 'x', 'x'],
    ['string', 2.5, '2.5'],
    ['string', false, 'false'],
    ['string', ['a<', 1n], '["a\\u003c",1]'],
  ])('convert to %s makes %o into %o', async (converted_type, before, expected) => {
    expect(await after([{ key: 'k', action: 'convert', converted_type }], [['k', before]])).toEqual([['k', expected]]);
  });
});

describe('include and exclude', () => {
  const mark = [{ key: 'marked', value: true, action: 'insert' }];

  async function marked(input: Batch, options: object): Promise<boolean[]> {
    const { batches } = await runProcessor(definition, { actions: mark, ...options }, [input]);
    const records = decode(batches[0] as Batch<'traces'>).resources.flatMap(({ scopes }) =>
      scopes.flatMap((scope) => scope.records),
    );
    return records.map(({ attributes }: LogRecord | Span) => attributes.has('marked'));
  }

  const spans = spansBatch(
    [
      { name: 'GET /a', kind: 2, attributes: { env: 'prod' } },
      { name: 'GET /b', kind: 3, attributes: { env: 'test', retry: 2n } },
      { name: 'PUT /b', kind: 3, attributes: {} },
    ],
    { resource: { 'service.name': 'shop' } },
  );

  test.each<[object, boolean[]]>([
    [{ match_type: 'strict', span_names: ['GET /a', 'PUT /b'] }, [true, false, true]],
    [{ match_type: 'regexp', span_names: ['^GET', '/nope'] }, [true, true, false]],
    [{ match_type: 'strict', span_kinds: ['SPAN_KIND_CLIENT'] }, [false, true, true]],
    [{ match_type: 'regexp', span_kinds: ['SERVER|PRODUCER'] }, [true, false, false]],
    [{ match_type: 'strict', services: ['shop'], attributes: [{ key: 'env' }] }, [true, true, false]],
    [{ match_type: 'strict', services: ['other'] }, [false, false, false]],
    [
      {
        match_type: 'strict',
        attributes: [
          { key: 'env', value: 'test' },
          { key: 'retry', value: 2 },
        ],
      },
      [false, true, false],
    ],
    [{ match_type: 'regexp', resources: [{ key: 'service.name', value: '^sh' }] }, [true, true, true]],
    [{ match_type: 'strict', libraries: [{ name: '' }] }, [true, true, true]],
    [{ match_type: 'strict', libraries: [{ name: '', version: '1' }] }, [false, false, false]],
    [{ match_type: 'strict', metric_names: ['GET /a'] }, [false, false, false]],
  ])('%j picks its spans', async (include, expected) => {
    expect(await marked(spans, { include })).toEqual(expected);
    expect(await marked(spans, { exclude: include })).toEqual(expected.map((each) => !each));
  });

  const logs = logsBatch([
    { body: 'started', severityNumber: 9, severityText: 'INFO' },
    { body: 'failed', severityNumber: 17, severityText: 'ERROR' },
    { body: 5n },
  ]);

  test.each<[object, boolean[]]>([
    [{ match_type: 'strict', log_bodies: ['failed'] }, [false, true, false]],
    [{ match_type: 'regexp', log_severity_texts: ['^(INFO|WARN)$'] }, [true, false, false]],
    [{ match_type: 'strict', log_severity_number: { min: 13 } }, [false, true, false]],
    [{ match_type: 'strict', log_severity_number: { min: 13, match_undefined: true } }, [false, true, true]],
  ])('%j picks its log records', async (include, expected) => {
    expect(await marked(logs, { include })).toEqual(expected);
  });

  test('metric names pick the points of a metric', async () => {
    const input = metricsBatch([
      { name: 'requests', value: 1n },
      { name: 'errors', value: 2n },
    ]);
    const include = { match_type: 'strict', metric_names: ['errors'] };
    const { batches } = await runProcessor(definition, { actions: mark, include }, [input]);
    const metrics = decode(batches[0] as Batch<'metrics'>).resources.flatMap(({ scopes }) =>
      scopes.flatMap((scope) => scope.records),
    );
    expect(metrics.map(({ gauge }) => gauge?.dataPoints[0]?.attributes.has('marked'))).toEqual([false, true]);
  });

  test('the choice is made once: an action that undoes it does not stop those after it', async () => {
    const actions = [{ key: 'env', action: 'delete' }, ...mark];
    expect(await marked(spans, { actions, include: { match_type: 'strict', attributes: [{ key: 'env' }] } })).toEqual([
      true,
      true,
      false,
    ]);
  });
});

test.each(['ascending', 'collector'])(
  'a request in %s order comes out with the same records and the changes',
  async (order) => {
    const bytes = readFileSync(new URL(`../../../test/fixtures/traces.${order}.pb`, import.meta.url));
    const input: Batch<'traces'> = {
      signal: 'traces',
      bytes,
      count: checkStructure('traces', bytes).count,
      meta: { receivedAt: 0 },
    };
    const actions = [
      { key: 'env', value: 'prod', action: 'upsert' },
      { key: 'http.route', action: 'delete' },
    ];
    const { batches } = await runProcessor(definition, { actions }, [input]);
    const expected = decode(input);
    for (const span of expected.resources.flatMap(({ scopes }) => scopes.flatMap(({ records }) => records))) {
      span.attributes.set('env', 'prod').delete('http.route');
    }
    expect(decode(batches[0] as Batch<'traces'>)).toEqual(expected);
  },
);

describe('configuration', () => {
  function issues(config: object): [string, string][] {
    const result = definition.config.safeParse(config);
    return (result.error?.issues ?? []).map(({ path, message }) => [path.join('.'), message]);
  }

  test.each<[Action, string, string]>([
    [{ key: 'a', action: 'inject' }, 'actions.0.action', 'Invalid option'],
    [{ action: 'insert', value: 1 }, 'actions.0.key', 'insert needs a key'],
    [{ action: 'delete' }, 'actions.0.key', 'delete needs a key or a pattern'],
    [{ key: 'a', action: 'upsert' }, 'actions.0.action', 'needs one of value, from_attribute and from_context'],
    [{ key: 'a', action: 'upsert', value: 1, from_attribute: 'b' }, 'actions.0.from_attribute', 'only one of'],
    [{ key: 'a', action: 'upsert', value: 1, pattern: 'b' }, 'actions.0.pattern', 'upsert does not take pattern'],
    [{ key: 'a', action: 'hash', value: 1 }, 'actions.0.value', 'hash does not take value'],
    [{ key: 'a', action: 'extract' }, 'actions.0.pattern', 'extract needs a pattern'],
    [{ key: 'a', action: 'extract', pattern: 'a+' }, 'actions.0.pattern', 'named groups'],
    [{ key: 'a', action: 'extract', pattern: '(?P<x>a)(b)' }, 'actions.0.pattern', '1 of the 2 groups have no name'],
    [{ key: 'a', action: 'extract', pattern: '(?P<x>a)(?=b)' }, 'actions.0.pattern', 'look-around'],
    [{ key: 'a', action: 'convert' }, 'actions.0.converted_type', 'int, double or string'],
    [{ key: 'a', action: 'convert', converted_type: 'bool' }, 'actions.0.converted_type', 'Invalid option'],
    [{ key: 'a', action: 'insert', from_context: 'auth.membership' }, 'actions.0.from_context', 'not known'],
    [{ key: 'a', action: 'insert', valeu: 1 }, 'actions.0', 'valeu'],
  ])('%j is refused with its place', (action, path, message) => {
    expect(issues({ actions: [action] })).toContainEqual([path, expect.stringContaining(message)]);
  });

  test.each<[object, string, string]>([
    [{ match_type: 'strict' }, 'include', 'nothing to match'],
    [{ match_type: 'glob', services: ['a'] }, 'include.match_type', 'Invalid option'],
    [{ match_type: 'regexp', services: ['ok', '(?=a)'] }, 'include.services.1', 'look-around'],
    [
      { match_type: 'regexp', attributes: [{ key: 'a', value: 5 }] },
      'include.attributes.0.value',
      'a pattern is a text',
    ],
    [{ match_type: 'strict', span_kinds: ['server'] }, 'include.span_kinds.0', 'server is no span kind'],
  ])('include %j is refused with its place', (include, path, message) => {
    expect(issues({ actions: [{ key: 'a', action: 'delete' }], include })).toContainEqual([
      path,
      expect.stringContaining(message),
    ]);
  });

  test('at least one action is needed', () => {
    expect(issues({ actions: [] })).toContainEqual(['actions', expect.stringContaining('Too small')]);
  });
});
