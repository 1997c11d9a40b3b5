import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchOf, text } from '../../../test/oracle/arbitrary.ts';
import { signals, type Batch } from '../batch.ts';
import { BatchBuilder, LogsBuilder, sliceOf } from '../builder.ts';
import { checkStructure } from '../check.ts';
import {
  Attributes,
  decode,
  encode,
  encodeBytes,
  Gauge,
  Metric,
  NumberDataPoint,
  Resource,
  Scope,
} from '../codec/index.ts';

const meta = { receivedAt: 1 };
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Whether a batch is what the codec would write, and its count right. */
function expectCanonical(batch: Batch): void {
  expect(checkStructure(batch.signal, batch.bytes)).toEqual({ count: batch.count, invalidUtf8: -1 });
  const again = encode(decode(batch), meta);
  expect(hex(batch.bytes)).toBe(hex(again.bytes));
  expect(batch.count).toBe(again.count);
}

describe.each(signals)('a builder of %s', (signal) => {
  test('writes what the codec writes, whatever the records', () => {
    const builder = new BatchBuilder(signal);
    fc.assert(
      fc.property(batchOf(signal), (batch) => {
        const tree = decode(batch);
        tree.unknown = undefined;
        tree.resources = tree.resources.filter((group) => {
          group.resource ??= new Resource();
          group.scopes = group.scopes.filter((scope) => {
            scope.scope ??= new Scope();
            return scope.records.length > 0;
          });
          return group.scopes.length > 0;
        });
        for (const group of tree.resources) {
          builder.resource(group.resource!, group.schemaUrl);
          for (const scope of group.scopes) {
            builder.scope(scope.scope!, '', scope.schemaUrl);
            for (const record of scope.records) builder.add(record);
          }
        }
        const built = builder.finish(meta);
        expect(hex(built.bytes)).toBe(hex(encodeBytes(tree)));
        expectCanonical(built);
      }),
    );
  });
});

describe('LogsBuilder', () => {
  test('writes every field of a record, in ascending order', () => {
    const fields = {
      timeUnixNano: 2n ** 63n + 1n,
      observedTimeUnixNano: 7n,
      severityNumber: 9,
      severityText: 'INFO',
      body: Attributes.from({ a: [1n, 2] }),
      flags: 1,
      traceId: '0102',
      spanId: 'ff',
      eventName: 'event',
    };
    const attributes = { text: 'x', int: 5n, double: 5, list: [true], map: Attributes.from({ k: 'v' }) };
    const batch = new LogsBuilder()
      .resource({ host: 'a' }, 'url')
      .scope('tail', '1.0')
      .record({ ...fields, attributes })
      .finish(meta);
    expectCanonical(batch);
    const [group] = decode(batch).resources;
    expect([...group!.resource!.attributes]).toEqual([['host', 'a']]);
    expect(group!.schemaUrl).toBe('url');
    expect(group!.scopes[0]!.scope).toMatchObject({ name: 'tail', version: '1.0' });
    const [record] = group!.scopes[0]!.records;
    expect(record).toMatchObject(fields);
    expect(Object.fromEntries(record!.attributes)).toEqual(attributes);
  });

  test('writes text of slices as it would write strings, and never text that is not UTF-8', () => {
    const bytes = fc.oneof(
      text.map((value) => Buffer.from(value)),
      fc.uint8Array({ maxLength: 100 }),
    );
    const long = fc.integer({ min: 0, max: 20_000 }).map((length) => Buffer.alloc(length, 'x'));
    const slices = new LogsBuilder();
    const strings = new LogsBuilder();
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bytes, fc.oneof({ weight: 5, arbitrary: bytes }, long)), { minLength: 1, maxLength: 5 }),
        (pairs) => {
          const attributes = pairs.map(([key, value]): [string, string] => [
            String(Buffer.from(key)),
            String(Buffer.from(value)),
          ]);
          const [[key, value]] = pairs as [[Uint8Array, Uint8Array]];
          const around = Buffer.concat([Uint8Array.of(255), key, value]);
          const middle = 1 + key.length;
          slices.begin({ severityNumber: 1, flags: 1 }).bodyText({ source: around, start: middle, end: around.length });
          slices.attributeText(
            { source: around, start: 1, end: middle },
            { source: around, start: middle, end: around.length },
          );
          for (const [k, v] of pairs.slice(1)) slices.attributeText(sliceAll(k), sliceAll(v));
          slices.end();
          strings.record({ severityNumber: 1, flags: 1, body: attributes[0]![1], attributes });
          const built = slices.finish(meta);
          expect(hex(encodeBytes(decode(built)))).toBe(hex(strings.finish(meta).bytes));
          expect(checkStructure('logs', built.bytes)).toEqual({ count: 1, invalidUtf8: -1 });
        },
      ),
    );
  });

  const sliceAll = (source: Uint8Array) => ({ source, start: 0, end: source.length });

  test('starts afresh after a batch, and the batch before stays as it was', () => {
    const builder = new LogsBuilder();
    const first = builder.record({ body: 'first' }).finish(meta);
    const before = hex(first.bytes);
    const second = builder
      .scope('s')
      .record({ body: 'second' })
      .record({ body: 'x'.repeat(100_000) })
      .finish(meta);
    expect(hex(first.bytes)).toBe(before);
    expect(first.count).toBe(1);
    expect(second.count).toBe(2);
    expect(decode(second).resources[0]!.resource).toBeUndefined();
    expect(builder.finish(meta)).toMatchObject({ count: 0, bytes: new Uint8Array() });
  });

  test('leaves out resources and scopes without records', () => {
    const builder = new LogsBuilder().resource({ empty: true }).resource({ a: 1n }).scope('empty').scope('full');
    const tree = decode(builder.record({ body: 'x' }).resource({ empty: true }).scope('empty').finish(meta));
    expect(tree.resources.map(({ scopes }) => scopes.map(({ scope }) => scope!.name))).toEqual([['full']]);
  });

  test('drops a record with a value that OTLP does not have, and goes on', () => {
    const builder = new LogsBuilder().record({ body: 'before' });
    builder.begin({ severityText: 'INFO' }).attributeText(sliceOf('a'), sliceOf('b'));
    expect(() => builder.attribute('bad', 2n ** 70n)).toThrow('attribute "bad"');
    expect(() => builder.record({ traceId: 'xyz' })).toThrow('an id must be hex');
    const batch = builder.record({ body: 'after' }).finish(meta);
    expectCanonical(batch);
    expect(decode(batch).resources[0]!.scopes[0]!.records.map(({ body }) => body)).toEqual(['before', 'after']);
  });

  test('refuses to go on while a record is not ended, and fields outside of one', () => {
    for (const misuse of ['finish', 'begin', 'scope', 'resource'] as const) {
      const builder = new LogsBuilder().begin({});
      expect(() => (builder[misuse] as (argument: object) => unknown)({})).toThrow('a record was begun and not ended');
    }
    const text = sliceOf('x');
    const outside = [
      (builder: LogsBuilder) => builder.bodyText(text),
      (builder: LogsBuilder) => builder.attributeText(text, text),
      (builder: LogsBuilder) => builder.attribute('x', 1n),
      (builder: LogsBuilder) => builder.end(),
    ];
    for (const misuse of outside) expect(() => misuse(new LogsBuilder())).toThrow('no record was begun');
  });
});

test('a builder of metrics counts data points', () => {
  const points = [1n, 2n].map((asInt) => NumberDataPoint.from({ asInt }));
  const builder = new BatchBuilder('metrics').add(
    Metric.from({ name: 'm', gauge: Gauge.from({ dataPoints: points }) }),
  );
  expect(builder.count).toBe(2);
  expect(builder.finish(meta).count).toBe(2);
});
