import { expect, it } from 'vitest';
import type { Segment } from './segment.ts';
import { TailCache } from './tail-cache.ts';

it('keeps no more memory than it counts, whatever its records were cut from', () => {
  const cache = new TailCache(1000);
  const large = Buffer.alloc(64 * 1024, 'x');
  const record = { header: large.subarray(0, 10), bytes: large.subarray(100, 300), items: 1, time: 0, position: 1 };
  cache.push({ record, segment: {} as Segment, offset: 0 }, 1);
  const kept = cache.take(1)?.record;
  expect([kept?.header.buffer.byteLength, kept?.bytes.buffer.byteLength]).toEqual([10, 200]);
  expect([kept?.header, kept?.bytes]).toEqual([record.header, record.bytes]);
});

it('hands on as it is what has memory of its own', () => {
  const cache = new TailCache(1000);
  const record = { header: new Uint8Array(10), bytes: new Uint8Array(200), items: 1, time: 0, position: 1 };
  const entry = { record, segment: {} as Segment, offset: 0 };
  cache.push(entry, 1);
  expect(cache.take(1)).toBe(entry);
});
