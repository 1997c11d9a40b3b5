import { ManualClock, parseConfig, testContext } from 'sluice/testing';
import { expect, test } from 'vitest';
import { limitsOf } from './config.ts';
import definition from './index.ts';
import { Limiter } from './limiter.ts';

const MiB = 1024 * 1024;

/** A process whose memory the test sets. A collection frees `garbage`. */
class FakeMemory {
  live = 0;
  garbage = 0;
  collections = 0;
  total = (): number => 1000 * MiB;
  used = (): number => (this.live + this.garbage) * MiB;
  collect = async (): Promise<void> => {
    this.collections += 1;
    this.garbage = 0;
  };
}

function limiter(options: Record<string, unknown> = {}) {
  const config = parseConfig(definition, { check_interval: '1s', limit_mib: 100, spike_limit_mib: 20, ...options });
  const memory = new FakeMemory();
  const clock = new ManualClock(0);
  const { logger, logs } = testContext();
  return {
    limiter: new Limiter(config, limitsOf(config, memory.total()), { memory, clock, logger }),
    memory,
    clock,
    logs,
  };
}

test('data is refused from the soft limit on, and taken again below it', async () => {
  const { limiter: it, memory, logs } = limiter();
  memory.live = 79;
  await it.check();
  expect(it.refusing).toBe(false);
  memory.live = 80;
  await it.check();
  expect(it.refusing).toBe(true);
  await it.check();
  memory.live = 79;
  await it.check();
  expect(it.refusing).toBe(false);
  expect(logs.map(({ level }) => level)).toEqual(['warn', 'info']);
});

test('garbage alone refuses nothing: it is collected', async () => {
  const { limiter: it, memory } = limiter();
  memory.live = 10;
  memory.garbage = 200;
  await it.check();
  expect(memory.collections).toBe(1);
  expect(it.refusing).toBe(false);
});

test('between the limits garbage is collected at most every ten seconds', async () => {
  const { limiter: it, memory, clock } = limiter();
  memory.live = 85;
  for (let second = 0; second < 10; second++) {
    await it.check();
    await clock.advance(1000);
  }
  expect(memory.collections).toBe(1);
  await it.check();
  expect(memory.collections).toBe(2);
});

test('collections beyond the hard limit come less and less often while they are in vain', async () => {
  const { limiter: it, memory, clock } = limiter({ max_gc_interval_when_hard_limited: '4s' });
  memory.live = 120;
  const times: number[] = [];
  for (let second = 0; second < 16; second++) {
    const before = memory.collections;
    await it.check();
    if (memory.collections > before) times.push(second);
    await clock.advance(1000);
  }
  expect(times).toEqual([0, 1, 3, 7, 11, 15]);
});

test('limits are given in MiB, or as a percentage of the memory there is', () => {
  const limits = (options: Record<string, unknown>) => {
    const { soft, hard } = limitsOf(parseConfig(definition, { check_interval: '1s', ...options }), 1000 * MiB);
    return [soft / MiB, hard / MiB];
  };
  expect(limits({ limit_mib: 100 })).toEqual([80, 100]);
  expect(limits({ limit_mib: 100, spike_limit_mib: 30 })).toEqual([70, 100]);
  expect(limits({ limit_percentage: 50, spike_limit_percentage: 20 })).toEqual([300, 500]);
  expect(limits({ limit_percentage: 50 })).toEqual([400, 500]);
  expect(limits({ limit_mib: 100, limit_percentage: 50 })).toEqual([80, 100]);
});
