import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Batch } from '../batch.ts';
import { Attributes, decode, mapRecords, RawValue, type AnyValue, type LogRecord } from '../codec/index.ts';
import { RecordScan } from './index.ts';
import { logBatch } from './testing.ts';

/** JSON that tells of decoded values, made by nothing but JavaScript. */
const model = {
  value(value: AnyValue | undefined): string {
    if (value instanceof RawValue) return model.value(value.value);
    if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
    if (value instanceof Attributes) return `{${model.members(value)}}`;
    if (Array.isArray(value)) return `[${value.map((item) => model.value(item)).join(',')}]`;
    if (typeof value === 'number') return Number.isFinite(value) ? model.number(value) : `"${value}"`;
    return typeof value === 'bigint' ? String(value) : JSON.stringify(value ?? null);
  },
  number: (value: number): string => (Object.is(value, -0) ? '-0' : String(value)),
  members(attributes: Attributes): string {
    const first = new Map<string, AnyValue | undefined>();
    for (const [key, value] of attributes) if (!first.has(key)) first.set(key, value);
    return [...first].map(([key, value]) => `${JSON.stringify(key)}:${model.value(value)}`).join(',');
  },
  time(nanos: bigint): string {
    const seconds = new Date(Number(nanos / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
    return `"${seconds}.${String(nanos % 1_000_000_000n).padStart(9, '0')}Z"`;
  },
  record: (record: LogRecord): string[] => [
    model.value(record.body),
    `{${model.members(record.attributes)}}`,
    model.time(record.timeUnixNano),
    String(record.timeUnixNano),
    JSON.stringify(record.severityText),
    `"${record.traceId}"`,
    String(record.severityNumber),
  ],
};

function modelled(batch: Batch<'logs'>): string[][] {
  const lines: string[][] = [];
  mapRecords(decode(batch), (record) => {
    lines.push(model.record(record));
    return record;
  });
  return lines;
}

/** What a scan writes about each record, behind all that it wrote before. */
function written(scan: RecordScan, batch: Batch): string[][] {
  const lines: string[][] = [];
  for (scan.begin(batch); scan.next();) {
    const { record } = scan;
    const marks = [scan.length];
    const note = (): unknown => marks.push(scan.length);
    if (record.has(5)) scan.jsonValue(record.start(5), record.end(5));
    else scan.ascii('null');
    note();
    const mark = scan.open();
    scan.jsonAttributes(record.attributes);
    scan.close(mark);
    note();
    scan.jsonTime(record, 1);
    note();
    scan.jsonNanos(record, 1);
    note();
    scan.jsonString(record.start(3), record.has(3) ? record.end(3) : record.start(3));
    note();
    scan.jsonHex(record.start(9), record.has(9) ? record.end(9) : record.start(9));
    note();
    scan.jsonInt(record, 2);
    note();
    lines.push(marks.slice(1).map((to, i) => scan.bytes(marks[i], to).toString()));
  }
  return lines;
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ maxLength: 40 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', '\n', '\u0000', '\u001f', '\u007f', 'é', '€', '😀', 'x'),
    maxLength: 80,
  }),
  fc.constantFrom('x'.repeat(127), 'x'.repeat(128), 'é'.repeat(300), '"'.repeat(40_000), 'y'.repeat(70_000)),
);
const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 16n), max: 10n ** 16n }), fc.integer({ min: -12, max: 12 }))
  .map(([digits, power]) => Number(`${digits}e${power}`));
const double = fc.oneof(
  fc.double(),
  decimal,
  fc.integer().map((value) => value / 1000),
  fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 0.1, 1e21, 1e-7, 2 ** 53, 2 ** 63, 5e-324, 123456789012345.6),
);
const int = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 99_999_999n, 100_000_000n, 10n ** 16n - 1n, 10n ** 16n, -(2n ** 63n), 2n ** 63n - 1n),
);
// Few, so that some come twice, also among very many.
const key = fc.oneof(
  fc.string({ maxLength: 2 }),
  fc.constantFrom('', '__proto__', 'http.route', 'k'.repeat(200)),
  text,
);

const { value, attributes } = fc.letrec<{ value: AnyValue; attributes: Attributes }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'value' },
    text,
    int,
    double,
    fc.boolean(),
    fc.uint8Array({ maxLength: 40 }),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4, depthIdentifier: 'value' }),
    tie('attributes'),
  ),
  attributes: fc
    .array(fc.tuple(key, tie('value')), { maxLength: 80, size: 'small', depthIdentifier: 'value' })
    .map((pairs) => pairs.reduce((all, [name, inner]) => all.append(name, inner), new Attributes())),
}));

const record = fc.record({
  body: fc.option(value, { nil: undefined }),
  attributes,
  timeUnixNano: fc.oneof(
    fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
    fc.constantFrom(0n, 1n, 2n ** 63n, 2n ** 64n - 1n),
  ),
  severityText: text,
  traceId: fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  severityNumber: fc.oneof(fc.nat(24), fc.constantFrom(-1, 2 ** 31 - 1, -(2 ** 31))),
});

/** The time of a day's run is a second or two; `SCAN_RUNS` asks for more. */
const runs = Number(process.env['SCAN_RUNS'] ?? 200);

test('what is written as JSON is what decoded values say, wherever the output has to grow', () => {
  let scan = new RecordScan();
  fc.assert(
    fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), fc.nat(4), (records, choice) => {
      const batch = logBatch(...records);
      if (choice === 0) scan = new RecordScan();
      else if (choice > 2) scan.cut(0);
      expect(written(scan, batch)).toEqual(modelled(batch));
    }),
    { numRuns: runs },
  );
});

test('the output grows at any byte of what is written', () => {
  const body = [
    -123_456_789_012.125,
    -0.000_123,
    1e300,
    2n ** 63n - 1n,
    'a\n"\u0001é',
    new Uint8Array([1, 2]),
    true,
    null,
  ];
  const batch = logBatch({
    body,
    attributes: new Attributes().append('key', 0.25),
    severityNumber: 9,
    traceId: 'ab'.repeat(16),
  });
  const expected = modelled(batch);
  const filler = new Uint8Array(256);
  const around = expected.flat().join('').length + 64;
  // Each scan begins with room for 16 KiB.
  for (let length = 16_384 - around; length < 16_400; length++) {
    const scan = new RecordScan();
    for (let left = length; left > 0; left -= filler.length) scan.raw(filler.subarray(0, left));
    expect(written(scan, batch)).toEqual(expected);
  }
});

test('values may be nested as deep as requests may be', () => {
  const scan = new RecordScan();
  let nested: AnyValue = 'inside';
  for (let depth = 0; depth < 30; depth++) {
    nested = depth % 2 === 0 ? [nested, depth] : new Attributes().append('k', nested).append('k', 1n).append('l', true);
    const batch = logBatch({ body: nested });
    expect(written(scan, batch)).toEqual(modelled(batch));
  }
});

test('of very many attributes each key is written once, in a time that does not grow with their square', () => {
  const scan = new RecordScan();
  const attributes = new Attributes();
  for (let i = 0; i < 40_000; i++) attributes.append(`key ${i % 30_000}`, BigInt(i));
  const batch = logBatch({ attributes }, {});
  const start = performance.now();
  const lines = written(scan, batch);
  // Comparing all with all takes longer than seconds.
  expect(performance.now() - start).toBeLessThan(500);
  expect(lines).toEqual(modelled(batch));
  scan.begin(batch);
  scan.next();
  const table = scan.record.attributes;
  expect([29_999, 30_000, 30_001].map((i) => table.isRepeated(i))).toEqual([false, true, true]);
});

test('text that is not UTF-8 gets U+FFFD where the bytes are not', () => {
  const scan = new RecordScan();
  const bytes = fc.oneof(
    fc.constantFrom(0x22, 0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xed, 0xa0, 0xf0, 0x9f, 0xf4, 0x90),
    fc.nat(255),
  );
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1, maxLength: 60 }), (text) => {
      // Request, ResourceLogs, ScopeLogs, LogRecord, severity_text.
      const request = [0x0a, 0x12, 0x12, 0x1a].reduceRight((inner, tag) => [tag, inner.length, ...inner], text);
      scan.begin({ signal: 'logs', bytes: Uint8Array.from(request), count: 1, meta: { receivedAt: 0 } });
      scan.next();
      scan.cut(0);
      scan.jsonString(scan.record.start(3), scan.record.end(3));
      expect(scan.bytes().toString()).toBe(JSON.stringify(Buffer.from(text).toString()));
    }),
    { numRuns: 10 * runs },
  );
});
