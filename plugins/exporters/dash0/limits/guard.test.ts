import {
  Attributes,
  decode,
  SpanEvent,
  SpanLink,
  type AnyValue,
  type AttributesInit,
  type Batch,
  type LogRecord,
  type Span,
} from 'sluice/plugin';
import { logsBatch, metricsBatch, spansBatch, testContext } from 'sluice/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits as schema, type Limits } from './config.ts';
import { LimitGuard } from './guard.ts';

const now = Date.UTC(2026, 0, 2);
const at = (ms: number): bigint => BigInt(ms) * 1_000_000n;

function guard(options: object = {}) {
  const context = testContext();
  const counts = new Map<string, number>();
  const add = (value: number, labels?: object): void => {
    const { limit } = labels as { limit: string };
    counts.set(limit, (counts.get(limit) ?? 0) + value);
  };
  const metrics = { counter: () => ({ add }), gauge: () => ({ set: () => {} }) };
  const limits = schema.parse({ enabled: true, ...options });
  const clock = { now: () => now, after: () => ({ cancel: () => {} }) };
  return { limits, counts, context, guard: new LimitGuard(limits, { ...context, metrics, clock }) };
}

function only<S extends 'logs' | 'traces'>(batch: Batch<S>): S extends 'logs' ? LogRecord : Span {
  return decode(batch).resources[0]?.scopes[0]?.records[0] as never;
}

const many = (count: number): [string, AnyValue][] => Array.from({ length: count }, (_, i) => [`k${i}`, BigInt(i)]);

describe('a span', () => {
  it('within the limits is sent as it is, byte for byte', () => {
    const events = Array.from({ length: 8 }, () =>
      SpanEvent.from({ name: 'n'.repeat(128), attributes: Attributes.from(many(8)) }),
    );
    const links = Array.from({ length: 128 }, () => SpanLink.from({ attributes: Attributes.from(many(8)) }));
    const attributes = [...many(31), ['k'.repeat(128), 'v'.repeat(2048)] as const];
    const batch = spansBatch([{ name: 'n'.repeat(128), attributes, events, links }], { resource: many(50) });
    const { guard: one, counts } = guard();
    expect(one.apply(batch)).toBe(batch);
    expect(counts).toEqual(new Map());
  });

  it('beyond them is cut, with dropped counts raised and each cut counted', () => {
    const events = [
      ...Array.from({ length: 9 }, (_, i) => SpanEvent.from({ name: `e${i}`, attributes: Attributes.from(many(9)) })),
      SpanEvent.from({ name: 'exception', droppedAttributesCount: 2, attributes: Attributes.from(many(10)) }),
    ];
    const links = Array.from({ length: 130 }, () => SpanLink.from({ attributes: Attributes.from(many(9)) }));
    const attributes = [['k'.repeat(130), 'v'.repeat(3000)] as const, ...many(40)];
    const batch = spansBatch([{ name: 'n'.repeat(200), droppedAttributesCount: 5, attributes, events, links }]);
    const { guard: one, counts } = guard();
    const span = only(one.apply(batch) as Batch<'traces'>);
    expect(span.name).toBe('n'.repeat(128));
    expect([span.attributes.size, span.droppedAttributesCount]).toEqual([32, 5 + 9]);
    expect([span.attributes.keyAt(0), span.attributes.valueAt(0)]).toEqual(['k'.repeat(128), 'v'.repeat(2048)]);
    expect(span.events.map((event) => event.name)).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5', 'e6', 'exception']);
    expect(span.droppedEventsCount).toBe(2);
    expect(span.events.at(-1)).toMatchObject({ droppedAttributesCount: 2 + 2 });
    expect([span.links.length, span.droppedLinksCount, span.links[0]?.droppedAttributesCount]).toEqual([128, 2, 1]);
    expect(Object.fromEntries(counts)).toEqual({
      span_name_length: 1,
      attribute_key_length: 1,
      attribute_value_length: 1,
      attributes_per_span: 9,
      events_per_span: 2,
      attributes_per_event: 7 + 2,
      links_per_span: 2,
      attributes_per_link: 128,
    });
  });
});

describe('a log record', () => {
  it('has its body cut by bytes, between characters, and its attributes', () => {
    const { guard: one, counts } = guard();
    const log = only(one.apply(logsBatch([{ body: `a${'€'.repeat(2000)}`, attributes: many(20) }])) as Batch<'logs'>);
    expect(log.body).toBe(`a${'€'.repeat(1365)}`);
    expect([log.attributes.size, log.droppedAttributesCount]).toEqual([16, 4]);
    expect(Object.fromEntries(counts)).toEqual({ log_body_size: 1, attributes_per_log_record: 4 });
  });

  it('has a body that is a map left alone', () => {
    const batch = logsBatch([{ body: Attributes.from({ a: 'x'.repeat(9000) }) }]);
    const { guard: one, counts } = guard();
    expect(one.apply(batch)).toBe(batch);
    expect(counts.size).toBe(0);
  });
});

describe('an attribute', () => {
  const cut = (attributes: AttributesInit) => {
    const { guard: one, counts } = guard();
    const log = only(one.apply(logsBatch([{ attributes }])) as Batch<'logs'>);
    return { attributes: [...log.attributes], dropped: log.droppedAttributesCount, counts };
  };

  it('is measured in characters, not in bytes, and no character is cut in two', () => {
    expect(cut({ a: 'ä'.repeat(2048) }).counts.size).toBe(0);
    expect(cut({ a: `${'x'.repeat(2047)}😀` }).attributes).toEqual([['a', 'x'.repeat(2047)]]);
  });

  it('has the texts within lists and maps cut, and nothing else', () => {
    const long = 'x'.repeat(3000);
    const bytes = new Uint8Array(3000);
    const { attributes } = cut({ a: [long, 1n, bytes], b: Attributes.from({ c: long, d: true }) });
    expect(attributes).toEqual([
      ['a', [long.slice(0, 2048), 1n, bytes]],
      ['b', Attributes.from({ c: long.slice(0, 2048), d: true })],
    ]);
  });

  it('whose key becomes that of another is left out and counted', () => {
    const { attributes, dropped, counts } = cut([
      [`${'k'.repeat(128)}1`, 1n],
      [`${'k'.repeat(128)}2`, 2n],
    ]);
    expect(attributes).toEqual([['k'.repeat(128), 1n]]);
    expect(dropped).toBe(1);
    expect(Object.fromEntries(counts)).toEqual({ attribute_key_length: 2, attributes_per_log_record: 1 });
  });
});

describe('times', () => {
  it('too far back or ahead are counted, and sent as they are', () => {
    const hour = 3_600_000;
    const times = [now - 7 * hour, now - 5 * hour, now + 71 * hour, now + 73 * hour];
    const logs = logsBatch([
      ...times.map((ms) => ({ timeUnixNano: at(ms) })),
      { observedTimeUnixNano: at(now - 8 * hour) },
      {},
    ]);
    const spans = spansBatch(times.map((ms) => ({ startTimeUnixNano: at(0), endTimeUnixNano: at(ms) })));
    const { guard: one, counts } = guard();
    expect(one.apply(logs)).toBe(logs);
    expect(one.apply(spans)).toBe(spans);
    expect(Object.fromEntries(counts)).toEqual({ max_age: 3, max_future: 2 });
    const { guard: patient, counts: none } = guard({ max_age: 0, max_future: '100h' });
    patient.apply(logs);
    expect(none.size).toBe(0);
  });
});

it('data points are left alone', () => {
  const batch = metricsBatch([{ name: 'a', value: 1, attributes: many(100) }]);
  expect(guard().guard.apply(batch)).toBe(batch);
});

it('brings any batch within the limits, and changes none that is within them', () => {
  const small = { attributes_per_log_record: 3, attribute_key_length: 4, attribute_value_length: 5, log_body_size: 6 };
  const text = fc.string({ unit: 'grapheme', maxLength: 9 });
  const records = fc.array(fc.record({ body: text, attributes: fc.array(fc.tuple(text, text), { maxLength: 5 }) }));
  fc.assert(
    fc.property(records, (given) => {
      const batch = logsBatch(given);
      const { guard: one, limits, counts } = guard(small);
      const result = one.apply(batch) as Batch<'logs'>;
      const within = given.every(({ body, attributes }) => fits(body, attributes, limits));
      expect(result === batch).toBe(within);
      expect(counts.size === 0).toBe(within);
      expect(result.count).toBe(batch.count);
      for (const { scopes } of decode(result).resources)
        for (const { body, attributes } of scopes.flatMap((scope) => scope.records))
          expect(fits(body as string, [...attributes] as [string, string][], limits)).toBe(true);
    }),
  );
});

function fits(body: string, attributes: readonly (readonly [string, string])[], limits: Limits): boolean {
  return (
    Buffer.byteLength(body) <= limits.log_body_size &&
    attributes.length <= limits.attributes_per_log_record &&
    attributes.every(
      ([key, value]) => key.length <= limits.attribute_key_length && value.length <= limits.attribute_value_length,
    )
  );
}
