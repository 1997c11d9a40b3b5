import { expect, it } from 'vitest';
import { DrainPace } from './drain-pace.ts';

const mebibyte = 1024 * 1024;

/** A process that drains what it may, in windows of 50 ms, while so much arrives in each and it is busy for so many of them. */
function drained(windows: number, { arriving, busyMs, backlog = 1000 * mebibyte }: Record<string, number>): number[] {
  let [time, busy, arrived] = [0, 0, 0];
  const pace = new DrainPace({ now: () => time, busyMs: () => busy, arrived: () => arrived, backlog: () => backlog });
  return Array.from({ length: windows }, () => {
    let taken = 0;
    // 50 MiB are as much as it could.
    while (taken < 50 && pace.restMs() === 0) {
      pace.took(mebibyte);
      taken += 1;
    }
    time += 50;
    busy += busyMs as number;
    arrived += (arriving as number) * mebibyte;
    return taken;
  });
}

it('slows down to a little more than what arrives where the process is busy', () => {
  const taken = drained(12, { arriving: 4, busyMs: 50 });
  expect(taken[0]).toBe(50);
  expect(taken.at(-1)).toBe(5);
});

it.each([
  ['nothing arrives', { arriving: 0, busyMs: 50 }],
  ['there is time to spare', { arriving: 4, busyMs: 30 }],
  ['the backlog is small', { arriving: 4, busyMs: 50, backlog: mebibyte }],
])('goes as fast as it can where %s', (_when, given) => {
  expect(drained(12, given)).toEqual(Array.from({ length: 12 }, () => 50));
});

it('never stops, however little arrives', () => {
  expect(drained(40, { arriving: 0.001, busyMs: 50 }).at(-1)).toBe(1);
});

it('becomes faster again when there is time', () => {
  let [time, busy, arrived] = [0, 0, 0];
  const pace = new DrainPace({ now: () => time, busyMs: () => busy, arrived: () => arrived, backlog: () => Infinity });
  const window = (busyMs: number): number => {
    let taken = 0;
    while (taken < 50 && pace.restMs() === 0) {
      pace.took(mebibyte);
      taken += 1;
    }
    time += 50;
    busy += busyMs;
    arrived += mebibyte;
    return taken;
  };
  for (let i = 0; i < 12; i++) window(50);
  const slow = window(0);
  const later = Array.from({ length: 10 }, () => window(0));
  expect(slow).toBeLessThan(3);
  expect(later.at(-1)).toBe(50);
});
