import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PermanentError, RetryableError } from '../../flow/index.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { jsonToWire, splitByCount, type Batch } from '../../wire/index.ts';
import { lettersIn, letterFiles, DeadLetterStore } from '../dead-letter/store.ts';
import { bytes, logs, setUp } from '../test-data/memory-queue.ts';

const away = (): never => {
  throw new RetryableError('connection refused');
};

describe('the queue in memory', () => {
  it('gives a sender its OK after delivery, not before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { offer, clock, counts } = setUp({ send: () => promise });
    const duty = offer();
    await clock.advance(10);
    expect(duty.settled).toBe(false);
    resolve();
    expect(await duty.outcome).toEqual({ ok: true });
    expect(counts.sent.value).toBe(8);
  });

  it('gives it at once where wait_for_result is off, and counts what is lost later', async () => {
    const { offer, outlet, context } = setUp({
      queue: { wait_for_result: false },
      retry: { enabled: false },
      send: away,
    });
    expect(await offer().outcome).toEqual({ ok: true });
    await context.clock.advance(1);
    expect(outlet.pending).toBe(0);
    expect(context.drops).toEqual([{ count: 8, signal: 'logs', reason: 'given_up_after_ok' }]);
  });

  it('tries again with growing waits until it goes through, however long that takes', async () => {
    const { offer, clock, attempts } = setUp({ send: (_, attempt) => (attempt <= 30 ? away() : undefined) });
    const duty = offer();
    await clock.advance(5000 + 7500 + 11_250);
    expect(attempts()).toBe(4);
    await clock.advance(3_600_000);
    expect(attempts()).toBe(31);
    expect(await duty.outcome).toEqual({ ok: true });
  });

  it('waits as long as the destination asks', async () => {
    const { offer, clock, attempts } = setUp({
      send: (_, attempt) => {
        if (attempt === 1) throw new RetryableError('slow down', { retryAfterMs: 60_000 });
      },
    });
    offer();
    await clock.advance(59_000);
    expect(attempts()).toBe(1);
    await clock.advance(1000);
    expect(attempts()).toBe(2);
  });

  it('tells a waiting sender in time that it has to keep its data', async () => {
    const { offer, clock } = setUp({ send: away });
    const duty = offer(logs[0], clock.now() + 4000);
    await clock.advance(1);
    expect(await duty.outcome).toMatchObject({
      ok: false,
      error: { name: 'RetryableError', message: 'connection refused', retryAfterMs: 5000 },
    });
  });

  it('gives up after max_elapsed_time only where somebody set it', async () => {
    const { offer, clock } = setUp({ retry: { max_elapsed_time: '20s' }, send: away });
    const duty = offer();
    await clock.advance(21_000);
    expect(await duty.outcome).toMatchObject({ ok: false, error: { name: 'RetryableError' } });
  });

  it('refuses what the destination refuses for good, once, and counts it', async () => {
    const { offer, context, attempts, counts } = setUp({
      send: () => {
        throw new PermanentError('bad data');
      },
    });
    expect(await offer().outcome).toMatchObject({ ok: false, error: { name: 'PermanentError', message: 'bad data' } });
    expect(attempts()).toBe(1);
    expect(counts.failed.value).toBe(8);
    expect(context.drops).toEqual([{ count: 8, signal: 'logs', reason: 'refused_by_destination' }]);
  });

  it('halves what is too large until it goes through', async () => {
    const { offer, sent } = setUp({
      send: (batch) => {
        if (batch.count > 2) throw new PermanentError('larger than max', { tooLarge: true });
      },
    });
    expect(await offer().outcome).toEqual({ ok: true });
    expect(sent).toEqual([2, 2, 2, 2]);
  });

  it('finds the record that makes its destination refuse the batch, and delivers all others', async () => {
    const poison = splitByCount(logs[0] as Batch, 1)[5] as Batch;
    const bad = Buffer.from(poison.bytes).toString('latin1').slice(-60);
    const { offer, sent, context } = setUp({
      send: (batch) => {
        if (Buffer.from(batch.bytes).toString('latin1').includes(bad))
          throw new PermanentError('invalid record', { badData: true });
      },
    });
    expect(await offer().outcome).toMatchObject({
      ok: false,
      error: { name: 'PermanentError', message: 'invalid record' },
    });
    expect(sent.reduce((sum, count) => sum + count, 0)).toBe(7);
    expect(context.drops).toEqual([{ count: 1, signal: 'logs', reason: 'refused_by_destination' }]);
  });

  it('does not search for ever where everything is refused', async () => {
    const { offer, attempts } = setUp({
      send: () => {
        throw new PermanentError('no', { badData: true });
      },
    });
    await offer({ signal: 'logs', bytes, count: 64, meta: { receivedAt: 0 } }).outcome;
    expect(attempts()).toBeLessThan(80);
  });

  it('keeps what is refused for good as a dead letter, and gives the sender its OK for it', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-letters-'));
    const deadLetters = new DeadLetterStore({
      directory,
      maxBytes: 1e9,
      clock: new ManualClock(),
      onEvicted: () => undefined,
    });
    const { offer, context } = setUp({
      deadLetters,
      send: () => {
        throw new PermanentError('unknown dataset');
      },
    });
    expect(await offer().outcome).toEqual({ ok: true });
    await deadLetters.close();
    const [file] = await letterFiles(directory);
    const letters = await Array.fromAsync(lettersIn(join(directory, file as string)));
    expect(letters.map(({ letter }) => letter)).toEqual([
      {
        time: '2026-01-01T00:00:00.000Z',
        component: 'exporter/sink',
        reason: 'unknown dataset',
        signal: 'logs',
        count: 8,
      },
    ]);
    expect(jsonToWire('logs', Buffer.from(letters[0]?.request ?? '')).count).toBe(8);
    expect(context.drops).toEqual([{ count: 8, signal: 'logs', reason: 'dead_letter' }]);
    rmSync(directory, { recursive: true });
  });

  it.each([
    ['drop_newest', 'queue_full', [true, false]],
    ['drop_oldest', 'queue_full_oldest', [false, true]],
  ] as const)('does what on_full: %s says, and counts it', async (onFull, reason, settled) => {
    const { offer, context } = setUp({ queue: { queue_size: 2, num_consumers: 1, on_full: onFull }, send: away });
    const [, second, third] = [offer(), offer(), offer()];
    await context.clock.advance(1);
    expect([third.settled, second.settled]).toEqual(settled);
    expect(context.drops).toEqual([{ count: 8, signal: 'logs', reason }]);
  });

  it('does not send a partial success again', async () => {
    const { offer, context, attempts, counts } = setUp({ send: () => ({ rejected: 3, message: 'too old' }) });
    expect(await offer().outcome).toEqual({ ok: true });
    expect(attempts()).toBe(1);
    expect(counts.sent.value).toBe(5);
    expect(context.drops).toEqual([{ count: 3, signal: 'logs', reason: 'rejected_by_destination' }]);
  });

  it('sends num_consumers batches at the same time, and no more', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { offer, clock, attempts } = setUp({ queue: { num_consumers: 2 }, send: () => promise });
    const duties = logs.map((batch) => offer(batch));
    await clock.advance(1);
    expect(attempts()).toBe(2);
    resolve();
    for (const duty of duties) expect(await duty.outcome).toEqual({ ok: true });
  });

  it('sends one batch after the other in their order where ordered is on, and a failing one holds up the rest', async () => {
    const order: number[] = [];
    const { offer, clock } = setUp({
      queue: { ordered: true },
      send: (batch, attempt) => {
        if (attempt === 2 || attempt === 3) away();
        order.push(logs.findIndex((one) => one === batch));
      },
    });
    const duties = logs.map((batch) => offer(batch));
    await clock.advance(5000);
    expect(order).toEqual([0]);
    await clock.advance(7500);
    expect(order).toEqual(logs.map((_, index) => index));
    for (const duty of duties) expect(await duty.outcome).toEqual({ ok: true });
  });

  it('sends no half behind one that is given up: its sender brings all of it again', async () => {
    const sizes: number[] = [];
    const { offer, clock } = setUp({
      queue: { ordered: true },
      send: (batch) => {
        sizes.push(batch.count);
        if (batch.count === 8) throw new PermanentError('too large', { tooLarge: true });
        away();
      },
    });
    expect(await offer(logs[0], clock.now() + 4000).outcome).toMatchObject({
      ok: false,
      error: { name: 'RetryableError' },
    });
    await clock.advance(60_000);
    expect(sizes).toEqual([8, 4]);
  });

  it('tells the sender to come back when it is full', async () => {
    const { offer, counts } = setUp({ queue: { queue_size: 2, num_consumers: 1 }, send: away });
    offer();
    offer();
    expect(await offer().outcome).toMatchObject({
      ok: false,
      error: { name: 'RetryableError', message: 'the queue of exporter/sink is full' },
    });
    expect(counts.enqueueFailed.value).toBe(8);
  });

  it('waits for room instead where block_on_overflow is set', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { offer, clock } = setUp({
      queue: { queue_size: 10, sizer: 'items', block_on_overflow: true, num_consumers: 1 },
      send: () => promise,
    });
    const [first, second] = [offer(logs[0]), offer(logs[1])];
    await clock.advance(1000);
    expect(second.settled).toBe(false);
    resolve();
    expect(await first.outcome).toEqual({ ok: true });
    expect(await second.outcome).toEqual({ ok: true });
  });

  it('lets nobody overtake those that wait for room', async () => {
    const order: number[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const { offer, clock } = setUp({
      queue: { queue_size: 10, sizer: 'items', block_on_overflow: true, num_consumers: 1 },
      send: async (batch) => {
        order.push(batch.count);
        await promise;
      },
    });
    const [big, small] = [logs[1] as Batch, splitByCount(logs[2] as Batch, 1)[0] as Batch];
    const duties = [offer(logs[0]), offer(big), offer(small)];
    await clock.advance(1);
    resolve();
    for (const duty of duties) expect(await duty.outcome).toEqual({ ok: true });
    expect(order).toEqual([8, 8, 1]);
  });

  it('has room again once the senders of what fills it are gone', async () => {
    const { offer, clock } = setUp({ queue: { queue_size: 2, num_consumers: 1 }, send: away });
    offer();
    const waiting = offer();
    waiting.settle(new RetryableError('the sender left'));
    await clock.advance(250);
    const next = offer();
    expect(next.settled).toBe(false);
  });

  it('merges what comes within the flush timeout, and settles every sender', async () => {
    const { offer, clock, sent } = setUp({
      queue: { batch: { flush_timeout: '200ms', min_size: 1000 } },
      send: () => undefined,
    });
    const duties = logs.slice(0, 5).map((batch) => offer(batch));
    await clock.advance(199);
    expect(sent).toEqual([]);
    await clock.advance(1);
    expect(sent).toEqual([40]);
    for (const duty of duties) expect(await duty.outcome).toEqual({ ok: true });
  });

  it('leaves out of a batch what its sender no longer waits for, in every attempt', async () => {
    const { offer, clock, outlet, sent } = setUp({
      queue: { batch: { flush_timeout: '200ms', min_size: 1000 } },
      send: (_, attempt) => (attempt === 1 ? away() : undefined),
    });
    const duties = logs.slice(0, 5).map((batch) => offer(batch));
    await clock.advance(200);
    duties[1]?.settle(new RetryableError('the sender left'));
    duties[4]?.settle(new RetryableError('the sender left'));
    await clock.advance(5000);
    expect(sent).toEqual([24]);
    expect([await duties[0]?.outcome, outlet.queued]).toEqual([{ ok: true }, 0]);
  });

  it('delivers what it holds before it stops, and gives back what is left at the deadline', async () => {
    const { offer, clock, outlet } = setUp({ send: (batch) => (batch.count === 8 ? undefined : away()) });
    const good = offer();
    const stuck = offer(splitByCount(logs[0] as Batch, 4)[0]);
    const stopped = outlet.stop(clock.now() + 3000);
    await clock.advance(3000);
    await stopped;
    expect(await good.outcome).toEqual({ ok: true });
    expect(await stuck.outcome).toMatchObject({ ok: false, error: { name: 'RetryableError' } });
  });
});
