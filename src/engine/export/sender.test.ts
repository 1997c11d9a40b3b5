import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDelivery, createDuty } from '../../flow/delivery.ts';
import { PermanentError, RetryableError } from '../../flow/index.ts';
import { circuitBreaker, retryOnFailure, type Sent } from '../../plugin/index.ts';
import { testContext } from '../../testing/context.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { pickRecords, splitByCount, type Batch } from '../../wire/index.ts';
import { DeadLetterStore, letterFiles, lettersIn } from '../dead-letter/store.ts';
import { exporterCounts } from '../telemetry/component-counts.ts';
import { MetricRegistry } from '../telemetry/registry.ts';
import { Circuit } from './circuit.ts';
import { sendAndSettle } from './sender.ts';

const bytes = readFileSync(new URL('../../../test/fixtures/logs.ascending.pb', import.meta.url));
const [eight] = splitByCount({ signal: 'logs', bytes, count: 64, meta: { receivedAt: 0 } }, 8) as [Batch];
const some = (...places: number[]): Batch => pickRecords(eight, (index) => places.includes(index));
const bad = (...places: number[]) => ({ batch: some(...places), error: new PermanentError('no number') });
const busy = (...places: number[]) => ({ batch: some(...places), error: new RetryableError('too many requests') });

let directory: string | undefined;
afterEach(() => directory !== undefined && rmSync(directory, { recursive: true, force: true }));

function setUp(answers: readonly Partial<Sent>[], { kept = false, deadline = undefined as number | undefined } = {}) {
  const context = testContext({ kind: 'exporter' });
  const counts = exporterCounts(new MetricRegistry(), 'sink', 'logs');
  if (kept) directory = mkdtempSync(join(tmpdir(), 'sluice-letters-'));
  const clock = new ManualClock();
  const deadLetters =
    directory === undefined || !kept
      ? undefined
      : new DeadLetterStore({ directory, maxBytes: 1e9, clock, onEvicted: () => undefined });
  const sent: Batch[] = [];
  const duty = createDuty(deadline === undefined ? undefined : context.clock.now() + deadline);
  const exporter = {
    send(batch: Batch): Promise<Sent> {
      sent.push(batch);
      return Promise.resolve({ rejected: 0, message: '', ...answers[sent.length - 1] });
    },
  };
  const retry = retryOnFailure.parse({ randomization_factor: 0 });
  const done = sendAndSettle(
    {
      exporter,
      context,
      counts,
      clock: context.clock,
      timeoutMs: 0,
      retry,
      circuit: new Circuit({ breaker: circuitBreaker.parse({}), retry, clock: context.clock, context }),
      signal: new AbortController().signal,
      component: 'exporter/sink',
      deadLetters,
    },
    createDelivery(eight, duty),
  );
  return { sent, duty, context, counts, done, deadLetters };
}

describe('data that its destination takes only in part', () => {
  it('loses no more than the records that were refused by name: they alone are dead letters', async () => {
    const { duty, sent, counts, context, deadLetters } = setUp([{ refused: [bad(2, 5), bad(7)] }], { kept: true });
    expect(await duty.outcome).toEqual({ ok: true });
    await deadLetters?.close();
    const [file] = await letterFiles(directory as string);
    const letters = await Array.fromAsync(lettersIn(join(directory as string, file as string)));
    expect(letters.map(({ letter }) => [letter.count, letter.reason])).toEqual([
      [2, 'no number'],
      [1, 'no number'],
    ]);
    expect(sent).toEqual([eight]);
    expect([counts.sent.value, counts.failed.value]).toEqual([5, 3]);
    expect(context.drops.map(({ count, reason }) => [count, reason])).toEqual([
      [2, 'dead_letter'],
      [1, 'dead_letter'],
    ]);
  });

  it('is told to its sender where there are no dead letters', async () => {
    const { duty, counts, context } = setUp([{ refused: [bad(3)] }]);
    expect(await duty.outcome).toMatchObject({ ok: false, error: { name: 'PermanentError', message: 'no number' } });
    expect([counts.sent.value, counts.failed.value]).toEqual([7, 1]);
    expect(context.drops).toEqual([{ count: 1, signal: 'logs', reason: 'refused_by_destination' }]);
  });

  it('is sent again only as far as it may go through later, as long as that takes', async () => {
    const { duty, sent, counts, context } = setUp([{ later: busy(1, 4, 6) }, { later: busy(4) }]);
    await context.clock.advance(4999);
    expect(sent).toHaveLength(1);
    expect(duty.settled).toBe(false);
    await context.clock.advance(1 + 7500);
    expect(await duty.outcome).toEqual({ ok: true });
    expect(sent).toEqual([eight, some(1, 4, 6), some(4)]);
    expect([counts.sent.value, counts.failed.value]).toEqual([8, 0]);
    expect(context.drops).toEqual([]);
  });

  it('is settled when each part is: refused ones as dead letters at once, the rest when it went through', async () => {
    const { duty, sent, context } = setUp([{ refused: [bad(0)], later: busy(1) }], { kept: true });
    await expect.poll(() => context.drops).toMatchObject([{ count: 1, reason: 'dead_letter' }]);
    expect(duty.settled).toBe(false);
    await context.clock.advance(5000);
    expect(await duty.outcome).toEqual({ ok: true });
    expect(sent).toEqual([eight, some(1)]);
  });

  it('is searched for the bad records in a part, where its error says that there may be good ones', async () => {
    const part = { batch: some(0, 1, 2), error: new PermanentError('bad request', { badData: true }) };
    const { duty, sent, counts, context } = setUp([{ refused: [part] }, { refused: [bad(1)] }]);
    expect(await duty.outcome).toMatchObject({ ok: false, error: { name: 'PermanentError', message: 'no number' } });
    expect(sent).toEqual([eight, some(0, 1), some(2)]);
    expect([counts.sent.value, counts.failed.value]).toEqual([7, 1]);
    expect(context.drops).toEqual([{ count: 1, signal: 'logs', reason: 'refused_by_destination' }]);
  });

  it('goes back to a sender that cannot wait for the rest', async () => {
    const { duty, counts } = setUp([{ later: busy(1, 4) }], { deadline: 3000 });
    expect(await duty.outcome).toMatchObject({
      ok: false,
      error: { name: 'RetryableError', message: 'too many requests' },
    });
    expect([counts.sent.value, counts.failed.value]).toEqual([6, 2]);
  });

  it('is delivered where the parts that are named hold nothing', async () => {
    const { duty, context } = setUp([{ refused: [bad()], later: busy() }]);
    expect(await duty.outcome).toEqual({ ok: true });
    expect(context.reports.at(-1)).toEqual({ status: 'ok' });
  });
});
