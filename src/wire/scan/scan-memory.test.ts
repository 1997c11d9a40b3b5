import { expect, test } from 'vitest';
import type { Batch } from '../batch.ts';
import { jsonShape, RecordScan } from './index.ts';
import { ScanMemory } from './scan-memory.ts';

const MiB = 1024 * 1024;

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

/** A log record with this text as its body and `{k: "v"}` as its attributes. */
function logOf(body: string): Batch {
  const wrap = (tag: number, bytes: Uint8Array): Buffer =>
    Buffer.concat([Buffer.from([tag, ...varint(bytes.length)]), bytes]);
  const attribute = Buffer.from([0x32, 8, 0x0a, 1, 0x6b, 0x12, 3, 0x0a, 1, 0x76]);
  const record = Buffer.concat([wrap(0x2a, wrap(0x0a, Buffer.from(body))), attribute]);
  const bytes = wrap(0x0a, wrap(0x12, wrap(0x12, record)));
  return { signal: 'logs', bytes, count: 1, meta: { receivedAt: 0 } };
}

test('batches of tens of MiB are read, and written about', () => {
  const scan = new RecordScan();
  const body = 'a"'.repeat(16 * MiB);
  scan.begin(logOf(body));
  expect(scan.next()).toBe(true);
  expect(scan.valueText(scan.record.start(5), scan.record.end(5)).length).toBe(body.length);
  scan.jsonValue(scan.record.start(5), scan.record.end(5));
  expect(scan.length).toBe(48 * MiB + 2);
  expect(scan.bytes(48 * MiB - 2).toString()).toBe('a\\""');
  expect(scan.next()).toBe(false);
  expect(scan.take().length).toBe(48 * MiB + 2);
});

test('memory that grew for one batch is let go, and what the scan was told stays', () => {
  const sizes: number[] = [];
  class Watched extends RecordScan {
    note(): void {
      sizes.push(this.memory.bytes.length);
    }
  }
  const scan = new Watched();
  const child = scan.child();
  const shape = jsonShape([{ name: 'attributes', as: 'attributes' }]);
  const small = logOf('x');
  const write = (batch: Batch): string => {
    scan.begin(batch);
    scan.next();
    const { record } = scan;
    const mark = scan.length;
    child.read(record.from, record.to, 6);
    scan.jsonMembers(shape, child);
    scan.note();
    return scan.bytes(mark).toString();
  };
  const text = ',"attributes":{"k":"v"}';
  expect(write(small)).toBe(text);
  expect(write(logOf('x'.repeat(20 * MiB)))).toBe(text);
  // What is written stays, and so does its memory.
  expect(write(small)).toBe(text);
  expect(scan.bytes().toString()).toBe(text + text + text);
  scan.cut(0);
  expect(write(small)).toBe(text);
  expect(sizes.map((size) => size > 8 * MiB)).toEqual([false, true, true, false]);

  write(logOf('x'.repeat(20 * MiB)));
  scan.next();
  scan.take();
  scan.note();
  expect(sizes.at(-1)).toBeLessThan(MiB);
  expect(write(small)).toBe(text);
});

test('the input stays where it is while the output grows', () => {
  const scan = new RecordScan();
  scan.begin(logOf('some text'));
  scan.next();
  const { input, record } = scan;
  const start = record.start(5) + 2;
  scan.raw(new Uint8Array(3 * MiB));
  scan.jsonValue(record.start(5), record.end(5));
  expect(scan.bytes(3 * MiB).toString()).toBe('"some text"');
  expect(Buffer.from(input.subarray(start, record.end(5))).toString()).toBe('some text');
  expect(scan.input).toBe(input);
  expect([...input.subarray(record.to, record.to + 64)]).toEqual(Array.from({ length: 64 }, () => 0));
});

test('an idle scan takes two pages at most', () => {
  expect(new ScanMemory().bytes.length).toBeLessThanOrEqual(2 * 65_536);
});
