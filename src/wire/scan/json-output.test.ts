import { expect, test } from 'vitest';
import type { Batch } from '../batch.ts';
import { jsonName, RecordScan } from './index.ts';

const scan = new RecordScan();

/** One data point of a histogram made of these fields. */
function histogramPoint(fields: readonly number[]): Batch {
  const wrap = (tag: number, bytes: readonly number[]): number[] => [tag, bytes.length, ...bytes];
  // Request, ResourceMetrics, ScopeMetrics, Metric, Histogram.
  const bytes = [0x0a, 0x12, 0x12, 0x4a, 0x0a].reduceRight((inner, tag) => wrap(tag, inner), [...fields]);
  return { signal: 'metrics', bytes: Uint8Array.from(bytes), count: 1, meta: { receivedAt: 1 } };
}

const fixed = (value: number): number[] => [...new Uint8Array(new BigUint64Array([BigInt(value)]).buffer)];
const double = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)];

function written(write: () => void): string {
  scan.cut(0);
  write();
  const text = scan.bytes().toString();
  scan.cut(0);
  return text;
}

test('lists of numbers are read packed, one by one, and in pieces', () => {
  const counts = [0x31, ...fixed(1), 0x32, 16, ...fixed(2), ...fixed(3), 0x31, ...fixed(4)];
  const bounds = [0x3a, 16, ...double(0.5), ...double(Infinity)];
  scan.begin(histogramPoint([...counts, ...bounds]));
  expect(scan.next()).toBe(true);
  expect(written(() => scan.jsonNumbers(scan.record, 6, 'fixed64'))).toBe('[1,2,3,4]');
  expect(written(() => scan.jsonNumbers(scan.record, 7, 'double'))).toBe('[0.5,"Infinity"]');
  expect(written(() => scan.jsonNumbers(scan.record, 13, 'double'))).toBe('[]');
});

test('varints and zigzag numbers keep their sign and digits', () => {
  scan.begin(histogramPoint([0x30, 0x80, 0x80, 0x80, 0x80, 0x10, 0x38, 0x05]));
  scan.next();
  expect(written(() => scan.jsonNumber(scan.record, 6, 'uint64'))).toBe(String(2 ** 32));
  expect(written(() => scan.jsonNumber(scan.record, 7, 'sint32'))).toBe('-3');
  expect(written(() => scan.jsonNumber(scan.record, 5, 'double'))).toBe('0');
});

test('messages that occur several times are visited in order', () => {
  scan.begin(histogramPoint([0x42, 9, 0x11, ...fixed(7), 0x30, 1, 0x42, 9, 0x11, ...fixed(9)]));
  scan.next();
  const exemplar = scan.child();
  const seen: bigint[] = [];
  const text = written(() =>
    scan.each(scan.record, 8, (start, end) => {
      exemplar.read(start, end, 7);
      seen.push(scan.fixed64(exemplar, 2));
      const mark = scan.open();
      scan.member(jsonName('at'));
      scan.jsonNanos(exemplar, 2);
      scan.close(mark);
    }),
  );
  expect(seen).toEqual([7n, 9n]);
  expect(text).toBe('{"at":7}{"at":9}');
});
