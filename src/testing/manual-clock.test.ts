import { expect, test } from 'vitest';
import { sleep } from '../flow/clock.ts';
import { ManualClock } from './manual-clock.ts';

test('timers run in the order in which they fall due, each at its own time', async () => {
  const clock = new ManualClock(1000);
  const runs: [string, number][] = [];
  clock.after(30, () => runs.push(['late', clock.now()]));
  clock.after(10, () => runs.push(['early', clock.now()]));
  await clock.advance(40);
  expect(runs).toEqual([
    ['early', 1010],
    ['late', 1030],
  ]);
  expect(clock.now()).toBe(1040);
});

test('a timer set by a timer runs within the same advance when it falls due', async () => {
  const clock = new ManualClock(0);
  let ticks = 0;
  const tick = (): void => {
    ticks += 1;
    clock.after(10, tick);
  };
  clock.after(10, tick);
  await clock.advance(35);
  expect(ticks).toBe(3);
  expect(clock.waiting).toBe(1);
});

test('a cancelled timer does not run', async () => {
  const clock = new ManualClock();
  let ran = false;
  clock.after(10, () => (ran = true)).cancel();
  await clock.advance(20);
  expect(ran).toBe(false);
});

test('what waits in a promise goes on between two timers', async () => {
  const clock = new ManualClock(0);
  const wakings: number[] = [];
  const sleeper = (async () => {
    for (let i = 0; i < 3; i++) {
      await sleep(clock, 100);
      wakings.push(clock.now());
    }
  })();
  await clock.advance(300);
  await sleeper;
  expect(wakings).toEqual([100, 200, 300]);
});
