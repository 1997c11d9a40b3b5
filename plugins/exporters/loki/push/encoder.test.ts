import fc from 'fast-check';
import { Attributes, type AnyValue, type Batch } from 'sluice/plugin';
import { logsBatch, ManualClock } from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { config, pushOptions } from '../config.ts';
import { Guard } from '../labels/guard.ts';
import { decodePush, type DecodedEntry } from '../testing.ts';
import { PushEncoder, type Push } from './encoder.ts';

function encoderOf(options: object = {}) {
  const clock = new ManualClock();
  const push = pushOptions(config.parse({ endpoint: 'http://loki:3100', ...options }));
  return new PushEncoder(push, new Guard({ ...push.cardinality, ...push.labels }, clock), clock);
}

const encode = (batch: Batch, options?: object): Push => encoderOf(options).encode(batch);
const plainOf = (push: Push): Uint8Array => push.plain(push.streams);
const streamsOf = (batch: Batch, options?: object) => decodePush(plainOf(encode(batch, options)));
const entriesOf = (batch: Batch, options?: object): DecodedEntry[] =>
  streamsOf(batch, options).flatMap(({ entries }) => entries);
const metadataOf = (batch: Batch, options?: object) => entriesOf(batch, options)[0]?.metadata;
const resource = { 'service.name': 'shop', 'host.name': 'h1' };
const bare = { structured_metadata: { resource: false, scope: false, record: false } };

describe('entries', () => {
  it('are sorted by time within their stream; equal times keep their order', () => {
    const records = [5n, 3n, 9n, 3n, 5n].map((timeUnixNano, i) => ({ timeUnixNano, body: `${i}` }));
    const entries = entriesOf(logsBatch(records));
    expect(entries.map(({ line }) => line)).toEqual(['1', '3', '0', '4', '2']);
    expect(entries.map(({ ns }) => ns)).toEqual([3n, 3n, 5n, 5n, 9n]);
  });

  it('without a time have the time at which they were observed, or at which they arrived', () => {
    const records = [{ timeUnixNano: 1n, observedTimeUnixNano: 2n }, { observedTimeUnixNano: 2n }, {}];
    const batch = logsBatch(records, { meta: { receivedAt: 1_700_000_000_123 } });
    expect(entriesOf(batch).map(({ ns }) => ns)).toEqual([1n, 2n, 1_700_000_000_123_000_000n]);
  });

  it('with the largest of all times are still told', () => {
    expect(entriesOf(logsBatch([{ timeUnixNano: 2n ** 64n - 1n }]))[0]?.ns).toBe(2n ** 64n - 1n);
  });

  it.each([0, 1, 100, 110, 120, 127, 128, 16_300, 16_383, 16_384, 70_000, 2_097_152])(
    'of a line of %i bytes are whole, and so is the next one',
    (size) => {
      const bodies = ['a', 'x'.repeat(size), 'z'];
      const batch = logsBatch(bodies.map((body, i) => ({ timeUnixNano: BigInt(i + 1), body })));
      const lines = entriesOf(batch, { limits: { max_line_size: 0 } }).map(({ line }) => line);
      expect(lines.map(({ length }) => length)).toEqual([1, size, 1]);
      expect(lines.join('') === bodies.join('')).toBe(true);
    },
  );

  it('that are older than max_age are left out and counted', () => {
    const clock = new ManualClock();
    const at = (ms: number): bigint => BigInt(clock.now() + ms) * 1_000_000n;
    const batch = logsBatch([{ timeUnixNano: at(-7_200_000) }, { timeUnixNano: at(-1000), body: 'new' }]);
    const push = encode(batch, { limits: { max_age: '1h' } });
    expect([...push.refused.counts]).toEqual([['too_old', 1]]);
    expect(push.streams.map(({ count }) => count)).toEqual([1]);
  });
});

describe('labels', () => {
  it('come from every source, the first one that has a value', () => {
    const labels = {
      static: { job: 'docker' },
      severity: true,
      scope: 'library',
      resource: ['service.name', { attribute: 'host.name', label: 'node' }, { attribute: 'node', label: 'node' }],
      record: ['http.method', 'absent'],
      templates: { name: '{service.name}/{record:http.method|none}', nothing: '{absent}' },
    };
    const record = { severityNumber: 17, attributes: { 'http.method': 'GET', id: 7n } };
    expect(streamsOf(logsBatch([record], { resource }), { labels, ...bare })).toMatchObject([
      {
        labels: '{http_method="GET", job="docker", level="error", name="shop/GET", node="h1", service_name="shop"}',
      },
    ]);
  });

  it('part the records of one resource, and other attributes stay with the entry', () => {
    const records = ['GET', 'POST', 'GET'].map((method, i) => ({
      timeUnixNano: BigInt(i + 1),
      body: `${i}`,
      attributes: { method, id: BigInt(i) },
    }));
    const labels = { resource: [], record: ['method'] };
    expect(streamsOf(logsBatch(records, { resource }), { labels, structured_metadata: { resource: false } })).toEqual([
      {
        labels: '{method="GET"}',
        entries: [
          { ns: 1n, line: '0', metadata: [['id', '0']] },
          { ns: 3n, line: '2', metadata: [['id', '2']] },
        ],
      },
      { labels: '{method="POST"}', entries: [{ ns: 2n, line: '1', metadata: [['id', '1']] }] },
    ]);
  });

  it('beyond the guard are structured metadata of new values, and counted', () => {
    const records = Array.from({ length: 50 }, (_unused, i) => ({ attributes: { user: `u${i}` } }));
    const push = encode(logsBatch(records, { resource }), {
      labels: { record: ['user'] },
      cardinality: { max_values: 10 },
    });
    const streams = decodePush(plainOf(push));
    expect(streams).toHaveLength(11);
    expect(streams.at(-1)).toMatchObject({ labels: '{service_name="shop"}' });
    const users = streams.at(-1)?.entries.map(({ metadata }) => metadata.find(([name]) => name === 'user')?.[1]);
    expect(users).toEqual(Array.from({ length: 40 }, (_unused, i) => `u${i + 10}`));
    expect([...(push.changes.demoted.get('user') ?? [])]).toEqual([['too_many_values', 40]]);
  });
});

describe('structured metadata', () => {
  const record = {
    timeUnixNano: 1n,
    observedTimeUnixNano: 1_700_000_000_000_000_007n,
    severityNumber: 9,
    severityText: 'Info',
    flags: 1,
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    eventName: 'login',
    attributes: { 'user.id': 'u1' },
  };

  it('holds everything else', () => {
    expect(metadataOf(logsBatch([record], { resource }))).toEqual([
      ['trace_id', record.traceId],
      ['span_id', record.spanId],
      ['event_name', 'login'],
      ['observed_timestamp', '1700000000000000007'],
      ['severity_number', '9'],
      ['severity_text', 'Info'],
      ['flags', '1'],
      ['user_id', 'u1'],
      ['host_name', 'h1'],
    ]);
  });

  it.each([
    ['resource', 'host_name'],
    ['record', 'user_id'],
    ['trace', 'trace_id', 'span_id'],
    ['severity', 'severity_number', 'severity_text'],
    ['flags', 'flags'],
    ['event_name', 'event_name'],
    ['observed_timestamp', 'observed_timestamp'],
  ])('without %s', (option, ...gone) => {
    const all = metadataOf(logsBatch([record], { resource })) ?? [];
    expect(metadataOf(logsBatch([record], { resource }), { structured_metadata: { [option]: false } })).toEqual(
      all.filter(([name]) => !gone.includes(name)),
    );
  });

  it('has values of every kind as text', () => {
    const attributes: Readonly<Record<string, AnyValue>> = {
      int: 7n,
      large: 9_007_199_254_740_993n,
      negative: -5n,
      yes: true,
      map: Attributes.from({ a: 1n }),
      list: ['x', 2n],
      bytes: new Uint8Array([1, 2]),
      nothing: null,
      long: 'ü'.repeat(200),
      empty: '',
    };
    expect(metadataOf(logsBatch([{ attributes }]))).toEqual([
      ['int', '7'],
      ['large', '9007199254740993'],
      ['negative', '-5'],
      ['yes', 'true'],
      ['map', '{"a":1}'],
      ['list', '["x",2]'],
      ['bytes', 'AQI='],
      ['nothing', ''],
      ['long', 'ü'.repeat(200)],
      ['empty', ''],
    ]);
  });

  it('tells severities apart that have much in common', () => {
    const records = [1, 65, 129, 1].map((severityNumber) => ({ timeUnixNano: 1n, severityNumber, severityText: 'x' }));
    const numbers = entriesOf(logsBatch(records)).map(({ metadata }) => metadata[0]?.[1]);
    expect(numbers).toEqual(['1', '65', '129', '1']);
  });

  it('writes doubles and integers with all their digits, and no more', () => {
    const encoder = encoderOf();
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.integer({ min: 0, max: 2_000_000_000 }).map((value) => value / 1000),
      fc.integer({ min: 0, max: 2_000_000 }).map((value) => value / 100),
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: 0n, max: 3_000_000n }),
    );
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 20 }), (values) => {
        const attributes = values.map((value, i): [string, number | bigint] => [`k${i}`, value]);
        const [stream] = decodePush(plainOf(encoder.encode(logsBatch([{ attributes }]))));
        const texts = stream?.entries[0]?.metadata.map(([, value]) => value) ?? [];
        // Zero has one way of being written, and JSON's exponents are as good as any.
        expect(texts.map((text, i) => (typeof values[i] === 'bigint' ? BigInt(text) : Number(text)))).toEqual(
          values.map((value) => (Object.is(value, -0) ? Number('-0') : value)),
        );
        for (const [i, text] of texts.entries()) expect(text.length).toBeLessThanOrEqual(String(values[i]).length + 2);
      }),
      { numRuns: 500 },
    );
  });

  it('leaves out and counts what is over the limits, and keeps the ids', () => {
    const attributes = Array.from({ length: 200 }, (_unused, i): [string, string] => [`a${i}`, 'x']);
    const many = encode(logsBatch([{ ...record, attributes }], { resource }));
    const [entry] = decodePush(plainOf(many))[0]?.entries ?? [];
    expect(entry?.metadata).toHaveLength(128);
    expect(entry?.metadata[0]).toEqual(['trace_id', record.traceId]);
    expect(many.changes.leftOutPairs).toBe(200 + 7 + 1 - 128);
    const large = logsBatch([{ ...record, attributes: { small: 'y', large: 'x'.repeat(70_000) } }], { resource });
    const names = metadataOf(large)?.map(([name]) => name);
    expect(names).toContain('small');
    expect(names).toContain('host_name');
    expect(names).not.toContain('large');
  });
});

describe('a line that is too long', () => {
  const batch = logsBatch([
    { timeUnixNano: 1n, body: 'ü'.repeat(100) },
    { timeUnixNano: 2n, body: 'short' },
  ]);

  it('is cut between characters, ends with a mark and is counted', () => {
    const push = encode(batch, { limits: { max_line_size: 101 } });
    const lines = decodePush(plainOf(push))[0]?.entries.map(({ line }) => line);
    expect(lines).toEqual([`${'ü'.repeat(37)}...[cut, 200 bytes in all]`, 'short']);
    expect(push.changes.cutLines).toBe(1);
  });

  it('is nothing but the mark, or a part of it, where there is room for no more', () => {
    const lineOf = (limit: number): string | undefined =>
      entriesOf(batch, { limits: { max_line_size: limit } })[0]?.line;
    expect([1, 26, 27, 28].map(lineOf)).toEqual([
      '.',
      '...[cut, 200 bytes in all]',
      '...[cut, 200 bytes in all]',
      'ü...[cut, 200 bytes in all]',
    ]);
  });

  it('takes its record along with on_long_line: drop', () => {
    const push = encode(batch, { limits: { max_line_size: 100, on_long_line: 'drop' } });
    expect(decodePush(plainOf(push))[0]?.entries.map(({ line }) => line)).toEqual(['short']);
    expect([...push.refused.counts]).toEqual([['line_too_long', 1]]);
  });
});

describe('the line', () => {
  const body = Attributes.from({ event: 'log in', n: 1n, sub: Attributes.from({ a: 'b' }) });
  const attributes: [string, string][] = [
    ['user id', 'x"y'],
    ['ok', 'yes'],
  ];

  it.each([
    ['raw', '{"event":"log in","n":1,"sub":{"a":"b"}}'],
    ['json', '{"body":{"event":"log in","n":1,"sub":{"a":"b"}},"attributes":{"user id":"x\\"y","ok":"yes"}}'],
    ['logfmt', 'event="log in" n=1 sub="{\\"a\\":\\"b\\"}" user_id="x\\"y" ok=yes'],
  ])('is %s', (format, line) => {
    expect(entriesOf(logsBatch([{ body, attributes }]), { format })[0]?.line).toBe(line);
  });

  it('of a text is msg in logfmt, and body in JSON', () => {
    const batch = logsBatch([{ body: 'hello\nyou' }]);
    expect(entriesOf(batch, { format: 'logfmt' })[0]?.line).toBe('msg="hello\\nyou"');
    expect(entriesOf(batch, { format: 'json' })[0]?.line).toBe('{"body":"hello\\nyou"}');
    expect(entriesOf(logsBatch([{}]), { format: 'json' })[0]?.line).toBe('{}');
  });

  it('that holds the attributes needs them in structured metadata only if asked', () => {
    const batch = logsBatch([{ attributes: { a: 'b' } }]);
    expect(metadataOf(batch, { format: 'json' })).toEqual([]);
    expect(metadataOf(batch, { format: 'json', structured_metadata: { record: true } })).toEqual([['a', 'b']]);
  });
});
