import { expect, it } from 'vitest';
import type { Segment } from './segment.ts';
import { TailCache } from './tail-cache.ts';

it('keeps no more memory than it counts, whatever its records were cut from', () => {
  const cache = new TailCache(1000);
  const large = Buffer.alloc(64 * 1024, 'x');
  const record = { header: large.subarray(0, 10), bytes: large.subarray(100, 300), items: 1, time: 0, position: 1 };
  cache.push({ record, segment: {} as Segment, offset: 0 }, 210);
  const kept = cache.take(1)?.record;
  expect([kept?.header.buffer.byteLength, kept?.bytes.buffer.byteLength]).toEqual([10, 200]);
  expect([kept?.header, kept?.bytes]).toEqual([record.header, record.bytes]);
});

it('hands on as it is what has memory of its own', () => {
  const cache = new TailCache(1000);
  const record = { header: new Uint8Array(10), bytes: new Uint8Array(200), items: 1, time: 0, position: 1 };
  const entry = { record, segment: {} as Segment, offset: 0 };
  cache.push(entry, 210);
  expect(cache.take(1)).toBe(entry);
});

it('keeps nothing while more is unread than it may hold', () => {
  const cache = new TailCache(1000);
  const entry = (position: number) => {
    const record = { header: new Uint8Array(0), bytes: new Uint8Array(200), items: 1, time: 0, position };
    return { record, segment: {} as Segment, offset: 0 };
  };
  cache.push(entry(1), 200);
  cache.push(entry(2), 1001);
  cache.push(entry(3), 400);
  expect([cache.take(1)?.record.position, cache.take(2), cache.take(3)]).toEqual([1, undefined, undefined]);
  cache.push(entry(4), 1000);
  expect(cache.take(4)?.record.position).toBe(4);
});
