import { expect, test } from 'vitest';
import { defineReceiver, RetryableError, z } from '../plugin/index.ts';
import { logsBatch } from './batches.ts';
import { runReceiver } from './run-receiver.ts';

/** Emits one line at every interval, and waits longer after a refusal. */
const ticker = defineReceiver({
  type: 'ticker',
  summary: 'Emits a line from time to time.',
  config: z.strictObject({ interval: z.number().default(100).describe('Milliseconds between two lines.') }),
  signals: ['logs'],
  sharing: 'single',
  start({ interval }, context) {
    const { clock } = context;
    let timer = clock.after(interval, tick);
    function tick(): void {
      void context.emit(logsBatch([{ body: 'tick' }])).then(
        () => (timer = clock.after(interval, tick)),
        () => (timer = clock.after(10 * interval, tick)),
      );
    }
    return () => timer.cancel();
  },
});

test('a receiver runs on the clock of its test until it is stopped', async () => {
  const receiver = await runReceiver(ticker, { interval: 50 });
  await receiver.context.clock.advance(120);
  expect(receiver.emitted.map(({ signal, count }) => [signal, count])).toEqual([
    ['logs', 1],
    ['logs', 1],
  ]);
  await receiver.stop();
  await receiver.context.clock.advance(500);
  expect(receiver.emitted.length).toBe(2);
});

test('a receiver meets refusals that its test makes up', async () => {
  const receiver = await runReceiver(ticker, {}, { emit: () => Promise.reject(new RetryableError('full')) });
  await receiver.context.clock.advance(1000);
  expect(receiver.emitted.length).toBe(1);
});
