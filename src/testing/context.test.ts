import { expect, test } from 'vitest';
import type { Metrics } from '../plugin/index.ts';
import { testContext } from './context.ts';
import { fakeTransport } from './fake-transport.ts';

test('what a component does to its context can be read afterwards', () => {
  const context = testContext();
  context.logger.warn({ path: '/x' }, 'file vanished');
  const counter = context.metrics.counter('lines_total', { description: 'Lines.' });
  counter.add(2);
  counter.add(3, { file: 'a' });
  context.metrics.gauge('open', { description: 'Open files.' }).set(7);
  context.dropped(4, 'logs', 'too_long');
  context.report('recoverable_error', 'away');
  expect(context.logs).toEqual([{ level: 'warn', message: 'file vanished', fields: { path: '/x' } }]);
  expect([...context.measured]).toEqual([
    ['lines_total', 5],
    ['open', 7],
  ]);
  expect(context.drops).toEqual([{ count: 4, signal: 'logs', reason: 'too_long' }]);
  expect(context.reports).toEqual([{ status: 'recoverable_error', message: 'away' }]);
});

test('extensions are found by id, and a missing one is named', () => {
  const provider = { headers: () => ({}) };
  const context = testContext({ extensions: { token: provider } });
  expect(context.extension('token', 'clientAuth')).toBe(provider);
  expect(() => context.extension('other', 'clientAuth')).toThrow('no extension other (wanted for clientAuth)');
});

test('storage keeps a copy of what it is given', async () => {
  const storage = await testContext().storage();
  const value = Buffer.from('offset 1');
  await storage.set('file', value);
  value.fill(0);
  expect(Buffer.from((await storage.get('file')) as Uint8Array).toString()).toBe('offset 1');
  await storage.delete('file');
  expect(await storage.get('file')).toBeUndefined();
});

test('what the test gives takes the place of the default', () => {
  const metrics: Metrics = { counter: () => ({ add() {} }), gauge: () => ({ set() {} }) };
  const context = testContext({ id: 'otlp/2', kind: 'receiver', metrics });
  expect([context.id, context.kind, context.metrics]).toEqual(['otlp/2', 'receiver', metrics]);
});

test('a component that sends through a fake transport without answers is told so', async () => {
  const client = fakeTransport().httpClient({ config: {} as never });
  await expect(client.request({ url: 'http://x', signal: AbortSignal.timeout(1000) })).rejects.toThrow(
    'gives no answers',
  );
});
