import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { batchOf } from '../../../test/oracle/arbitrary.ts';
import { reorder } from '../../../test/oracle/reorder.ts';
import { signals, type Batch, type Signal } from '../batch.ts';
import {
  Attributes,
  decode,
  encode,
  LogRecord,
  mapRecords,
  RawValue,
  ResourceGroup,
  ScopeGroup,
  Decoded,
  type AnyValue,
  type LogRecord as Log,
  type Span,
} from '../codec/index.ts';
import { attributeKey, jsonName, jsonShape, RecordScan, type AttributeTable } from './index.ts';
import { logBatch } from './testing.ts';

const scan = new RecordScan();

/** What plain JSON says of a value, once it is parsed. */
function plain(value: AnyValue | undefined): unknown {
  if (value === undefined) return null;
  if (value instanceof RawValue) return plain(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Attributes) return firsts(value);
  return value;
}

/** Pairs of key and value; of a key that occurs twice, the first. */
function firsts(attributes: Attributes): unknown {
  const seen = new Map<string, unknown>();
  for (const [key, value] of attributes) if (!seen.has(key)) seen.set(key, plain(value));
  return [...seen];
}

/** The JSON that was written since `mark`, with objects as pairs, so that any key is a key. */
function written(mark: number): unknown {
  const text = scan.bytes(mark).toString();
  scan.cut(mark);
  // Objects become arrays of pairs: `__proto__` would not survive as a key.
  const parsed: unknown = JSON.parse(text);
  return pairs(parsed);
}

function pairs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(pairs);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, inner]) => [key, pairs(inner)]);
}

function sorted(value: unknown): string {
  const order = (inner: unknown): unknown =>
    Array.isArray(inner) ? inner.map(order) : typeof inner === 'number' && Object.is(inner, -0) ? '-0' : inner;
  const list = order(value) as unknown[];
  // JSON.parse moves keys that look like indexes to the front.
  return JSON.stringify(deepSort(list));
}

function deepSort(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const inner = value.map(deepSort);
  const isPairs = inner.length > 0 && inner.every((item) => Array.isArray(item) && item.length === 2);
  return isPairs ? inner.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)) : inner;
}

function attributesOf(table: AttributeTable): unknown {
  const mark = scan.open();
  scan.jsonAttributes(table);
  scan.close(mark);
  return written(mark);
}

interface Seen {
  readonly resource: string;
  readonly scope: string;
  readonly attributes: string;
  readonly detail: unknown;
}

function scanned(batch: Batch): Seen[] {
  const seen: Seen[] = [];
  for (scan.begin(batch); scan.next();) {
    const { record, scope, resource } = scan;
    seen.push({
      resource: sorted(attributesOf(resource.attributes)),
      scope: `${scope.has(1) ? scan.text(scope.start(1), scope.end(1)) : ''} ${sorted(attributesOf(scope.attributes))}`,
      attributes: sorted(attributesOf(record.attributes)),
      detail: detailOf(batch.signal),
    });
  }
  return seen;
}

function detailOf(signal: Signal): unknown {
  const { record, metric } = scan;
  const text = (field: number): string => (record.has(field) ? scan.text(record.start(field), record.end(field)) : '');
  const hex = (field: number): string => (record.has(field) ? scan.hex(record.start(field), record.end(field)) : '');
  if (signal === 'metrics') return metric.has(1) ? scan.text(metric.start(1), metric.end(1)) : '';
  if (signal === 'traces') return [text(5), hex(1), scan.fixed64(record, 7), scan.varint(record, 6) | 0];
  const mark = scan.open();
  if (record.has(5)) scan.jsonValue(record.start(5), record.end(5));
  else scan.ascii('null');
  return [text(3), hex(9), scan.fixed64(record, 1), scan.varint(record, 2) | 0, sorted([written(mark)])];
}

function decoded(batch: Batch): Seen[] {
  const seen: Seen[] = [];
  mapRecords(decode(batch), (record, { resource, scope, metric }) => {
    seen.push({
      resource: sorted(pairs(firsts(resource.attributes))),
      scope: `${scope.name} ${sorted(firsts(scope.attributes))}`,
      attributes: sorted(firsts(record.attributes)),
      detail: decodedDetail(batch.signal, record as Log | Span, metric?.name),
    });
    return record;
  });
  return seen;
}

function decodedDetail(signal: Signal, record: Log | Span, metricName: string | undefined): unknown {
  if (signal === 'metrics') return metricName;
  if ('startTimeUnixNano' in record) return [record.name, record.traceId, record.startTimeUnixNano, record.kind];
  return [
    record.severityText,
    record.traceId,
    record.timeUnixNano,
    record.severityNumber,
    sorted([plain(record.body)]),
  ];
}

describe.each(signals)('a scan over %s', (signal) => {
  test('sees what the codec sees, whatever the order of fields', () => {
    fc.assert(
      fc.property(batchOf(signal), fc.integer(), (batch, seed) => {
        const expected = decoded(batch);
        const orders = [
          batch.bytes,
          reorder(signal, batch.bytes, 'descending'),
          reorder(signal, batch.bytes, { seed }),
        ];
        for (const bytes of orders) expect(scanned({ ...batch, bytes })).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  test.each(['ascending', 'collector'])('sees every record of a real request, %s', (order) => {
    const bytes = readFileSync(new URL(`../../../test/fixtures/${signal}.${order}.pb`, import.meta.url));
    const batch = { signal, bytes, count: 0, meta: { receivedAt: 0 } };
    expect(scanned(batch)).toEqual(decoded(batch));
    expect(scanned(batch).length).toBeGreaterThan(0);
  });
});

describe('a scan', () => {
  test('puts together a resource that comes in two pieces', () => {
    const piece = (key: string): Buffer => {
      const pair = Buffer.from([0x0a, key.length, ...Buffer.from(key), 0x12, 2, 0x18, 1]);
      return Buffer.concat([Buffer.from([0x0a, pair.length + 2, 0x0a, pair.length]), pair]);
    };
    const scopes = Buffer.from([0x12, 4, 0x12, 2, 0x10, 9]);
    const content = Buffer.concat([piece('a'), scopes, piece('b')]);
    const bytes = Buffer.concat([Buffer.from([0x0a, content.length]), content]);
    scan.begin({ signal: 'logs', bytes, count: 1, meta: { receivedAt: 0 } });
    expect(scan.next()).toBe(true);
    expect(attributesOf(scan.resource.attributes)).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(scan.next()).toBe(false);
  });

  test('finds the first of an attribute, also by a short key, and -1 where there is none', () => {
    const attributes = new Attributes().append('id', 'x').append('http.route', '/a').append('http.route', '/b');
    scan.begin(logBatch({ attributes }));
    scan.next();
    const table = scan.record.attributes;
    const textOf = (name: string): string | undefined => {
      const i = table.find(attributeKey(name));
      return i < 0 ? undefined : scan.valueText(table.valueStart(i), table.valueEnd(i));
    };
    expect(textOf('id')).toBe('x');
    expect(textOf('http.route')).toBe('/a');
    expect(textOf('http.routf')).toBeUndefined();
    expect(textOf('httq.route')).toBeUndefined();
    expect(textOf('ie')).toBeUndefined();
  });

  test('writes times with all their digits', () => {
    scan.begin(logBatch({ timeUnixNano: 1772600767890123456n }, { timeUnixNano: 2n ** 64n - 1n }, {}));
    const times: string[] = [];
    while (scan.next()) {
      const mark = scan.length;
      scan.jsonTime(scan.record, 1);
      scan.jsonNanos(scan.record, 1);
      times.push(scan.bytes(mark).toString());
      expect(BigInt(scan.secondsOf(scan.record, 1)) * 1_000_000_000n + BigInt(scan.nanosOf(scan.record, 1))).toBe(
        scan.fixed64(scan.record, 1),
      );
    }
    scan.cut(0);
    expect(times).toEqual([
      '"2026-03-04T05:06:07.890123456Z"1772600767890123456',
      '"2554-07-21T23:34:33.709551615Z"18446744073709551615',
      '"1970-01-01T00:00:00.000000000Z"0',
    ]);
  });

  test('writes values as text: strings as they are, bytes as base64, all else as JSON; and says what they are', () => {
    const values: AnyValue[] = [
      'a"b',
      7n,
      -5n,
      1.5,
      true,
      new Uint8Array([1, 2]),
      ['x'],
      Attributes.from({ k: 'v' }),
      null,
    ];
    scan.begin(logBatch(...values.map((body) => ({ body }))));
    const texts: string[] = [];
    const kinds: number[] = [];
    while (scan.next()) {
      texts.push(scan.record.has(5) ? scan.valueText(scan.record.start(5), scan.record.end(5)) : '-');
      kinds.push(scan.valueKind(scan.record.start(5), scan.record.end(5)));
    }
    expect(texts).toEqual(['a"b', '7', '-5', '1.5', 'true', 'AQI=', '["x"]', '{"k":"v"}', '']);
    expect(kinds).toEqual([1, 3, 3, 4, 2, 7, 5, 6, 0]);
  });

  test('writes objects, members and plain bytes one behind the other, and hands over a copy', () => {
    scan.begin(logBatch({ severityText: 'WARN', severityNumber: 13 }));
    scan.next();
    const mark = scan.open();
    scan.member(jsonName('level'));
    scan.jsonString(scan.record.start(3), scan.record.end(3));
    scan.member(jsonName('n"'));
    scan.jsonInt(scan.record, 2);
    scan.member(jsonName('text'));
    scan.jsonText('é"');
    scan.close(mark);
    scan.byte(10);
    const empty = scan.open();
    scan.close(empty);
    expect(Buffer.from(scan.take()).toString()).toBe('{"level":"WARN","n\\"":13,"text":"é\\""}\n{}');
    expect(scan.length).toBe(0);
  });

  test('says what resources and scopes say of their schemas', () => {
    const tree = new Decoded('logs');
    for (const [resource, ...scopes] of [['urn:a', 'urn:b', ''], ['']] as const) {
      const group = new ResourceGroup<'logs'>();
      group.schemaUrl = resource;
      for (const schemaUrl of scopes.length > 0 ? scopes : ['urn:é']) {
        const scope = new ScopeGroup<'logs'>();
        scope.schemaUrl = schemaUrl;
        scope.records = [LogRecord.from({ severityNumber: 1 })];
        group.scopes.push(scope);
      }
      tree.resources.push(group);
    }
    const batch = encode(tree, { receivedAt: 0 });
    for (const bytes of [batch.bytes, reorder('logs', batch.bytes, 'descending')]) {
      const seen: unknown[] = [];
      for (scan.begin({ ...batch, bytes }); scan.next();) seen.push([scan.resourceSchemaUrl, scan.scopeSchemaUrl]);
      expect(seen).toEqual([
        ['urn:a', 'urn:b'],
        ['urn:a', ''],
        ['', 'urn:é'],
      ]);
    }
  });

  test('reads fixed numbers by their halves', () => {
    scan.begin(logBatch({ timeUnixNano: 2n ** 63n + 2n ** 31n, flags: 0xfffffffe }, {}));
    scan.next();
    expect(scan.readWords(scan.record, 1)).toBe(true);
    expect([scan.low, scan.high]).toEqual([-(2 ** 31), -(2 ** 31)]);
    expect(scan.fixed32(scan.record, 8)).toBe(0xfffffffe);
    scan.next();
    expect(scan.readWords(scan.record, 1)).toBe(false);
    expect(scan.fixed32(scan.record, 8)).toBe(0);
  });

  test('writes rows of values that come back by column', () => {
    const shape = jsonShape([{ field: 5, as: 'text' }, { field: 9, as: 'hex' }, { as: 'attributes' }]);
    const long = 'x'.repeat(70_000);
    const attributes = new Attributes().append('k', 1n);
    scan.begin(logBatch({ body: long, attributes }, { traceId: 'ab12' }, { body: '' }, { body: 7n }));
    let rows = 0;
    while (scan.next()) scan.writeRow(shape, scan.record, rows++);
    const columns = shape.members.map((_member, index) => {
      const { encoded, present, isPresent } = scan.column(shape, index, rows);
      const texts: (string | null)[] = [];
      for (let row = 0, at = 0; row < rows; row++) {
        if (!isPresent(row)) texts.push(null);
        else {
          const end = at + 4 + encoded.readUInt32LE(at);
          texts.push(encoded.subarray(at + 4, end).toString());
          at = end;
        }
      }
      expect(texts.filter((text) => text !== null).length).toBe(present);
      return texts;
    });
    scan.cut(0);
    expect(columns).toEqual([
      [long, null, '', '7'],
      [null, 'ab12', null, null],
      ['{"k":1}', '{}', '{}', '{}'],
    ]);
  });
});
