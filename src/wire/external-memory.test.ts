import { expect, it } from 'vitest';
import { countExternal, paced } from './external-memory.ts';

const MiB = 1024 * 1024;

it('collects once for so many bytes, however small the buffers are', () => {
  let collections = 0;
  const count = paced(
    () => (collections += 1),
    () => 0,
  );
  for (let i = 0; i < 64 * 1024; i++) count(1024);
  expect(collections).toBe(8);
});

it('keeps a distance that grows with what a collection takes, and goes on counting meanwhile', () => {
  let time = 0;
  const collected: number[] = [];
  const count = paced(
    () => {
      collected.push(time);
      time += 10;
    },
    () => time,
  );
  for (let i = 0; i < 100; i++, time += 5) count(8 * MiB);
  expect(collected.slice(0, 3)).toEqual([0, 90, 180]);
});

it('works in this process', () => {
  expect(() => countExternal(16 * MiB)).not.toThrow();
});
