import { conformance, logsBatch, openProcessor, spansBatch } from 'sluice/testing';
import { defineProcessor, RetryableError } from 'sluice/plugin';
import { describe, expect, test } from 'vitest';
import definition from './index.ts';
import { processMemory } from './memory.ts';
import { limit } from './operator.ts';

const MiB = 1024 * 1024;

describe('conformance', () => {
  for (const check of conformance(definition, { config: { check_interval: '1s', limit_mib: 100_000 } }))
    test(check.name, check.run);
});

test('while memory runs short, senders are asked to come back after the next measurement', async () => {
  let used = 10;
  const memory = { total: () => 0, used: () => used * MiB, collect: () => Promise.resolve() };
  const withMemory = defineProcessor({
    ...definition,
    operator: (deliveries, config, context) => limit(deliveries, config, context, memory),
  });
  const stream = openProcessor(withMemory, { check_interval: '500ms', limit_mib: 100 });
  const { clock, measured } = stream.context;

  expect(await stream.push(logsBatch([{ body: 'a' }]))).toEqual({ ok: true });
  used = 90;
  expect(await stream.push(logsBatch([{ body: 'before the measurement' }]))).toEqual({ ok: true });
  await clock.advance(500);
  const refused = await stream.push(spansBatch([{ name: 'b' }, { name: 'c' }]));
  expect(refused).toMatchObject({
    ok: false,
    error: { message: 'data refused due to high memory usage', retryAfterMs: 500 },
  });
  expect(!refused.ok && refused.error instanceof RetryableError).toBe(true);
  used = 10;
  await clock.advance(500);
  expect(await stream.push(logsBatch([{ body: 'd' }]))).toEqual({ ok: true });

  expect(measured.get('processor_accepted_log_records')).toBe(3);
  expect(measured.get('processor_refused_spans')).toBe(2);
  await stream.complete();
  expect(clock.waiting).toBe(0);
});

test.each([
  [{ limit_mib: 100 }, "'check_interval' must be greater than zero"],
  [{ check_interval: '1s' }, "'limit_mib' or 'limit_percentage' must be greater than zero"],
  [{ check_interval: '1s', limit_mib: 10, spike_limit_mib: 10 }, "'spike_limit_mib' must be smaller than 'limit_mib'"],
  [
    { check_interval: '1s', limit_percentage: 50, spike_limit_percentage: 60 },
    "'spike_limit_percentage' must be smaller than 'limit_percentage'",
  ],
  [
    { check_interval: '1s', limit_percentage: 120 },
    "'limit_percentage' and 'spike_limit_percentage' must be greater than zero and less than or equal to hundred",
  ],
  [
    {
      check_interval: '1s',
      limit_mib: 10,
      min_gc_interval_when_soft_limited: '1s',
      min_gc_interval_when_hard_limited: '2s',
    },
    "'min_gc_interval_when_soft_limited' should be larger than 'min_gc_interval_when_hard_limited'",
  ],
])('%j is refused with: %s', (config, message) => {
  expect(definition.config.safeParse(config).error?.issues.map((issue) => issue.message)).toEqual([message]);
});

test('a collection of garbage frees what nothing refers to', async () => {
  let held: unknown[] = Array.from({ length: 300_000 }, (_, i) => ({ i, text: `text ${i}` }));
  const before = processMemory.used();
  expect(held.length).toBe(300_000);
  held = [];
  await processMemory.collect();
  expect(before - processMemory.used()).toBeGreaterThan(10 * MiB);
});

test('the memory there is lies between 64 MiB and 64 TiB on any machine', () => {
  expect(processMemory.total()).toBeGreaterThan(64 * MiB);
  expect(processMemory.total()).toBeLessThan(64 * MiB * MiB);
});
