import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { signals, type Batch, type Signal } from '../batch.ts';
import { checkStructure } from '../check.ts';
import { decode } from '../codec/decode.ts';
import { encode } from '../codec/encode.ts';
import { Decoded, LogRecord, Resource, ResourceGroup, Scope, ScopeGroup } from '../codec/records.ts';
import { Attributes, type AnyValue } from '../codec/values.ts';
import { recordsOf, resourcesOf, scopesOf } from '../tree.ts';
import { bytes as arena } from './arena.ts';
import { textOf } from './change.ts';
import { compilePlan } from './plan.ts';
import type { Call, Condition, Step } from './step.ts';

function fixture(signal: Signal, order: string): Batch {
  const bytes = readFileSync(new URL(`../../../test/fixtures/${signal}.${order}.pb`, import.meta.url));
  return { signal, bytes, count: checkStructure(signal, bytes).count, meta: { receivedAt: 0 } };
}

/** A batch of one scope. */
function logs(
  records: readonly [string, AnyValue | undefined][][],
  resource: [string, AnyValue][] = [],
  meta = {},
): Batch {
  const scope = Object.assign(new ScopeGroup<'logs'>(), {
    scope: Scope.from({ name: 'shop' }),
    records: records.map((pairs, i) => LogRecord.from({ severityNumber: i + 1, attributes: Attributes.from(pairs) })),
  });
  const group = Object.assign(new ResourceGroup<'logs'>(), {
    resource: Resource.from({ attributes: Attributes.from(resource) }),
    scopes: [scope],
  });
  return encode(Object.assign(new Decoded('logs'), { resources: [group] }), { receivedAt: 0, ...meta });
}

function attributesOf(batch: Batch | undefined): [string, AnyValue | undefined][][] {
  const tree = decode(batch as Batch<'logs'>);
  return tree.resources.flatMap(({ scopes }) =>
    scopes.flatMap(({ records }) => records.map(({ attributes }) => [...attributes])),
  );
}

/** The bytes of every entry of every scope, tag and length left out. */
function entries(batch: Batch): string[] {
  return [...resourcesOf(batch)]
    .flatMap((resource) => [...scopesOf(batch, resource)])
    .flatMap((scope) => [...recordsOf(batch, scope)])
    .map(({ start, end }) => Buffer.from(batch.bytes.subarray(start, end)).toString('latin1'));
}

const upsert = (key: string, value: AnyValue, when?: Condition): Step => ({
  do: 'upsert',
  on: 'record',
  key,
  from: { value },
  ...(when !== undefined && { when }),
});

describe.each(signals)('a plan on %s', (signal) => {
  test.each(['ascending', 'collector'])('gives back the very batch where no step applies, %s order', (order) => {
    const batch = fixture(signal, order);
    const absent: Condition = { exists: { attribute: 'absent', of: 'record' } };
    const steps: Step[] = [
      upsert('a', 1n, absent),
      { do: 'drop', when: absent },
      { do: 'delete', on: 'resource', key: 'absent' },
    ];
    expect(compilePlan(signal, steps).run(batch).batch).toBe(batch);
  });

  test.each(['ascending', 'collector'])(
    'copies records as they are where only resources and scopes change, %s order',
    (order) => {
      const batch = fixture(signal, order);
      const steps: Step[] = [
        { do: 'upsert', on: 'resource', key: 'cluster', from: { value: 'c'.repeat(300) } },
        { do: 'upsert', on: 'scope', key: 'team', from: { attribute: 'service.name', of: 'resource' } },
      ];
      const result = compilePlan(signal, steps).run(batch).batch as Batch;
      expect(entries(result)).toEqual(entries(batch));
      for (const { resource, scopes } of decode(result).resources) {
        expect(resource?.attributes.get('cluster')).toBe('c'.repeat(300));
        for (const { scope } of scopes)
          expect(scope?.attributes.get('team')).toBe(resource?.attributes.get('service.name'));
      }
    },
  );

  test('drops everything: no batch is left', () => {
    const batch = fixture(signal, 'collector');
    expect(compilePlan(signal, [{ do: 'drop', when: { all: [] } }]).run(batch)).toEqual({ dropped: batch.count });
  });
});

test('records that no step changes are copied byte for byte beside those that change, odd ones too', () => {
  const batch = logs([
    [['a', 1n]],
    [
      ['a', 1n],
      ['a', 2n],
    ],
    [['b', 1n]],
  ]);
  const result = compilePlan('logs', [upsert('x', 'y', { exists: { attribute: 'b', of: 'record' } })]).run(batch)
    .batch as Batch;
  expect(entries(result).slice(0, 2)).toEqual(entries(batch).slice(0, 2));
  expect(attributesOf(result)[2]).toEqual([
    ['b', 1n],
    ['x', 'y'],
  ]);
});

test('a condition on the resource holds for records before it on the wire, as it was at that step', () => {
  const batch = fixture('logs', 'collector');
  const service: Condition = { equals: { attribute: 'service.name', of: 'resource' }, value: 'service-0' };
  const steps: Step[] = [
    upsert('before', 1n, service),
    { do: 'update', on: 'resource', key: 'service.name', from: { value: 'renamed' } },
    upsert('after', 1n, service),
  ];
  const tree = decode(compilePlan('logs', steps).run(batch).batch as Batch<'logs'>);
  const before = decode(batch as Batch<'logs'>);
  for (const [i, { scopes }] of tree.resources.entries()) {
    const first = before.resources[i]?.resource?.attributes.get('service.name') === 'service-0';
    for (const { attributes } of scopes.flatMap(({ records }) => records)) {
      expect(attributes.has('before')).toBe(first);
      expect(attributes.has('after')).toBe(false);
    }
  }
});

test('values come from request metadata, several joined', () => {
  const meta = { headers: new Map([['x-team', ['a', 'b']]]), peer: '10.0.0.1:99' };
  const steps: Step[] = [
    { do: 'insert', on: 'record', key: 'team', from: { header: 'x-team' } },
    { do: 'insert', on: 'record', key: 'from', from: { meta: 'peer_host' } },
    { do: 'insert', on: 'record', key: 'who', from: { meta: 'identity' } },
  ];
  const plan = compilePlan('logs', steps);
  expect(attributesOf(plan.run(logs([[]], [], meta)).batch)).toEqual([
    [
      ['team', 'a;b'],
      ['from', '10.0.0.1'],
    ],
  ]);
  expect(plan.run(logs([[]])).batch?.count).toBe(1);
});

test('metadata too large for the arena is set all the same', () => {
  const meta = { headers: new Map([['x', ['y'.repeat(100_000)]]]) };
  const step: Step = { do: 'insert', on: 'record', key: 'x', from: { header: 'x' } };
  expect(attributesOf(compilePlan('logs', [step]).run(logs([[]], [], meta)).batch)).toEqual([
    [['x', 'y'.repeat(100_000)]],
  ]);
});

test('texts too large for the arena are taken apart all the same', () => {
  const step: Step = { do: 'extract', on: 'record', key: 'k', pattern: /^(?<all>.*)$/ };
  const long = 'z'.repeat(90_000);
  expect(attributesOf(compilePlan('logs', [step]).run(logs([[['k', long]]])).batch)).toEqual([
    [
      ['k', long],
      ['all', long],
    ],
  ]);
});

test('a pattern deletes more keys than a record has slots for', () => {
  const pairs = Array.from({ length: 400 }, (_, i): [string, AnyValue] => [`k${i}`, BigInt(i)]);
  const step: Step = { do: 'delete', on: 'record', pattern: /[02468]$/ };
  const left = pairs.filter((_, i) => i % 2 === 1);
  expect(attributesOf(compilePlan('logs', [step]).run(logs([pairs])).batch)).toEqual([left]);
});

test('more key patterns than a verdict has bits are run on decoded records', () => {
  const steps = Array.from({ length: 40 }, (_, i): Step => ({
    do: 'delete',
    on: 'record',
    pattern: new RegExp(`^k${i}$`),
  }));
  expect(
    attributesOf(
      compilePlan('logs', steps).run(
        logs([
          [
            ['k39', 1n],
            ['k40', 2n],
          ],
        ]),
      ).batch,
    ),
  ).toEqual([[['k40', 2n]]]);
});

test('output many times as large as the input fits, and the memory for it is let go', () => {
  const large = 'v'.repeat(200_000);
  const batch = logs(Array.from({ length: 100 }, (_, i) => [['i', BigInt(i)]]));
  const result = compilePlan('logs', [upsert('large', large)]).run(batch).batch as Batch;
  expect(attributesOf(result)).toEqual(
    Array.from({ length: 100 }, (_, i) => [
      ['i', BigInt(i)],
      ['large', large],
    ]),
  );
  expect(arena.length).toBeLessThanOrEqual(4 * 1024 * 1024);
});

test('the result stays as it is when the next batch runs', () => {
  const plan = compilePlan('logs', [upsert('x', 'y')]);
  const first = plan.run(logs([[['a', 'first']]])).batch as Batch;
  plan.run(logs([[['b', 'other']]]));
  expect(attributesOf(first)).toEqual([
    [
      ['a', 'first'],
      ['x', 'y'],
    ],
  ]);
});

test('a drop sees what steps before it did, and prunes what it empties', () => {
  const steps: Step[] = [
    upsert('x', 5n),
    { do: 'drop', when: { compare: { attribute: 'x', of: 'record' }, is: '>=', value: 5 } },
  ];
  expect(compilePlan('logs', steps).run(logs([[], []]))).toEqual({ dropped: 2 });
});

test('bytes that are no request are refused, not walked past', () => {
  const batch: Batch = { ...logs([]), bytes: Uint8Array.of(0x0a, 0x7f, 0x12, 0x03), count: 1 };
  expect(() => compilePlan('logs', [upsert('a', 1n)]).run(batch)).toThrow('byte');
});

test.each<[string, Step, string]>([
  [
    'a resource on its records',
    { do: 'delete', on: 'resource', key: 'a', when: { exists: { field: 'body' } } },
    'depend on the record',
  ],
  [
    'a scope on an attribute of records',
    { do: 'insert', on: 'scope', key: 'a', from: { attribute: 'b', of: 'record' } },
    'depend on the record',
  ],
  [
    'one decision on two targets',
    { do: 'if', on: 'record', when: { all: [] }, steps: [{ do: 'delete', on: 'scope', key: 'a' }] },
    'a change of the scope among changes of the record',
  ],
])('%s cannot depend', (_, step, message) => {
  expect(() => compilePlan('logs', [step])).toThrow(message);
});

describe('code of a step', () => {
  const call = (step: Partial<Call>): Call => ({ do: 'call', on: 'record', call: () => true, ...step });

  test('reads and changes what the step names, and sees what earlier steps did', () => {
    const batch = logs([[['a', 1n]], [['a', 2n]]]);
    const steps: Step[] = [
      { do: 'convert', on: 'record', key: 'a', to: 'string' },
      call({
        keys: ['a', 'b'],
        fields: ['severity_number', 'body'],
        call: (log) => {
          log.set('b', `${textOf(log.get('a'))} of ${log.field('severity_number')}`);
          log.setField('body', 'new');
          return log.get('a') !== '2';
        },
      }),
    ];
    const { batch: result, dropped } = compilePlan('logs', steps).run(batch);
    expect(dropped).toBe(1);
    const [record] = decode(result as Batch<'logs'>).resources[0]?.scopes[0]?.records ?? [];
    expect([...(record?.attributes ?? [])]).toEqual([
      ['a', '1'],
      ['b', '1 of 1'],
    ]);
    expect(record?.body).toBe('new');
  });

  test('that changes nothing gives back the very batch', () => {
    const batch = fixture('traces', 'ascending');
    const seen = new Set<string>();
    const step = call({ all: true, call: (span) => span.each((key) => void seen.add(key)) });
    expect(compilePlan('traces', [step]).run(batch).batch).toBe(batch);
    expect(seen.size).toBeGreaterThan(0);
  });

  test.each<[string, Partial<Call>]>([
    ['attribute', { call: (log) => void log.get('a') }],
    ['field', { call: (log) => void log.field('body') }],
    ['condition', { call: (log) => log.holds(0) }],
    ['attributes', { call: (log) => log.each(() => {}) }],
  ])('that looks at an %s which the step does not name is refused', (_name, step) => {
    const plan = compilePlan('logs', [call(step)]);
    expect(() => plan.run(logs([[['a', 1n]]]))).toThrow(RangeError);
    // Keys that occur twice are for the codec.
    expect(() =>
      compilePlan('logs', [{ do: 'upsert', on: 'record', key: 'a', from: { value: 'x' } }, call(step)]).run(
        logs([
          [
            ['a', 1n],
            ['a', 2n],
          ],
        ]),
      ),
    ).toThrow(RangeError);
  });

  test.each<[Signal, Partial<Call>, string]>([
    ['metrics', { fields: ['name'] }, 'the record of metrics has no field name'],
    ['logs', { fields: ['trace_state'] }, 'the record of logs has no field trace_state'],
    ['traces', { on: 'scope', fields: ['name'] }, 'the scope of traces has no field name'],
  ])('on %s with %j is no plan', (signal, step, message) => {
    expect(() => compilePlan(signal, [call(step)])).toThrow(message);
  });
});
