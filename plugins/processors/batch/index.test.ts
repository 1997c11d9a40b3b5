import { conformance, logsBatch, openProcessor, runProcessor, spansBatch } from 'sluice/testing';
import { PermanentError, RetryableError, type Batch } from 'sluice/plugin';
import { describe, expect, test } from 'vitest';
import definition from './index.ts';

describe('conformance', () => {
  for (const check of conformance(definition)) test(check.name, check.run);
});

describe('conformance with metadata keys', () => {
  for (const check of conformance(definition, { config: { metadata_keys: ['tenant'], timeout: 0 } }))
    test(check.name, check.run);
});

function logs(count: number, headers: Record<string, string> = {}): Batch {
  const meta = { headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])) };
  return logsBatch(
    Array.from({ length: count }, (_, i) => ({ body: `line ${i}` })),
    { meta },
  );
}

test('small requests leave as one batch when it is full, and each sender hears of it', async () => {
  const stream = openProcessor(definition, { send_batch_size: 10, timeout: '5s' });
  const outcomes = [stream.push(logs(4)), stream.push(logs(4))];
  expect(stream.out).toEqual([]);
  outcomes.push(stream.push(logs(4)));
  expect(stream.out.map(({ batch }) => batch.count)).toEqual([12]);
  expect(await Promise.all(outcomes)).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
});

test('a batch that does not fill leaves after the timeout', async () => {
  const stream = openProcessor(definition, {});
  const outcome = stream.push(logs(3));
  await stream.context.clock.advance(199);
  expect(stream.out).toEqual([]);
  await stream.context.clock.advance(1);
  expect(stream.out.map(({ batch }) => batch.count)).toEqual([3]);
  expect(await outcome).toEqual({ ok: true });
});

test('a long timeout is cut short while a sender waits for its answer', async () => {
  const stream = openProcessor(definition, { timeout: '10s' });
  const { clock } = stream.context;
  const patient = stream.push(spansBatch([{ name: 'nobody waits' }]));
  const waiting = stream.push(logs(1), { deadline: clock.now() + 10_000 });
  await clock.advance(1000);
  expect(stream.out.map(({ batch }) => batch.signal)).toEqual(['logs']);
  expect(await waiting).toEqual({ ok: true });
  await clock.advance(9000);
  expect(stream.out.map(({ batch }) => batch.signal)).toEqual(['logs', 'traces']);
  expect(await patient).toEqual({ ok: true });
});

test('what is refused further down is refused for every sender in the batch', async () => {
  const refuse = new RetryableError('away', { retryAfterMs: 700 });
  const { outcomes } = await runProcessor(definition, {}, [logs(1), logs(2)], {
    onOut: (delivery) => delivery.fail(refuse),
  });
  expect(outcomes).toEqual([
    { ok: false, error: refuse },
    { ok: false, error: refuse },
  ]);
});

test('a batch larger than the largest size is split', async () => {
  const { batches, outcomes } = await runProcessor(definition, { send_batch_size: 5, send_batch_max_size: 5 }, [
    logs(12),
  ]);
  expect(batches.map(({ count }) => count)).toEqual([5, 5, 2]);
  expect(outcomes).toEqual([{ ok: true }]);
});

test.each([{ timeout: 0 }, { send_batch_size: 0 }])('with %j nothing waits', async (config) => {
  const stream = openProcessor(definition, config);
  expect(await stream.push(logs(1))).toEqual({ ok: true });
  expect(stream.out.length).toBe(1);
});

test('requests with different metadata never share a batch', async () => {
  const { batches } = await runProcessor(definition, { metadata_keys: ['X-Tenant'] }, [
    logs(1, { 'x-tenant': 'a' }),
    logs(2, { 'x-tenant': 'b' }),
    logs(4, { 'x-tenant': 'a' }),
    logs(8),
  ]);
  expect(batches.map(({ count, meta }) => [count, meta.headers?.get('x-tenant')])).toEqual([
    [5, ['a']],
    [2, ['b']],
    [8, undefined],
  ]);
});

test('more combinations of metadata than allowed are refused for good, and known ones go on', async () => {
  const config = { metadata_keys: ['tenant'], metadata_cardinality_limit: 2 };
  const { outcomes } = await runProcessor(
    definition,
    config,
    ['a', 'b', 'c', 'a'].map((tenant) => logs(1, { tenant })),
  );
  expect(outcomes).toEqual([
    { ok: true },
    { ok: true },
    { ok: false, error: expect.any(PermanentError) },
    { ok: true },
  ]);
  expect(outcomes[2]).toMatchObject({ error: { message: 'too many batcher metadata-value combinations' } });
});

test.each([
  [{ send_batch_size: 10, send_batch_max_size: 5 }, 'send_batch_max_size must be greater or equal to send_batch_size'],
  [{ metadata_keys: ['a', 'A'] }, 'duplicate entry in metadata_keys: "a" (case-insensitive)'],
])('%j is refused with: %s', (config, message) => {
  expect(definition.config.safeParse(config).error?.issues.map((issue) => issue.message)).toEqual([message]);
});
