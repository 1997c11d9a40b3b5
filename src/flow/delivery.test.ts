import { describe, expect, it } from 'vitest';
import type { Batch } from '../wire/index.ts';
import { createDelivery, createDuty, mergeDeliveries, stillAwaited } from './delivery.ts';
import { PermanentError, RetryableError } from './errors.ts';

function batch(count: number, receivedAt = 0): Batch<'logs'> {
  return { signal: 'logs', bytes: new Uint8Array(count), count, meta: { receivedAt } };
}

function delivery(count = 1, deadline?: number) {
  const duty = createDuty(deadline);
  return { duty, delivery: createDelivery(batch(count), duty) };
}

describe('a delivery', () => {
  it('is settled once, and what comes later is ignored', async () => {
    const { duty, delivery: one } = delivery();
    one.ack();
    one.fail(new Error('too late'));
    expect(await duty.outcome).toEqual({ ok: true });
    expect(one.settled).toBe(true);
  });

  it('reads any error but a permanent one as worth trying again', async () => {
    const { duty, delivery: one } = delivery();
    one.fail(new TypeError('a bug'));
    const outcome = await duty.outcome;
    expect(outcome).toMatchObject({ ok: false, error: { name: 'RetryableError', message: 'a bug' } });
  });

  it('carries its duty over to changed data', async () => {
    const { duty, delivery: one } = delivery();
    one.with(batch(7)).ack();
    expect(await duty.outcome).toEqual({ ok: true });
  });
});

describe('a split delivery', () => {
  it('is met only when every part is', async () => {
    const { duty, delivery: whole } = delivery(3);
    const parts = whole.split([batch(1), batch(1), batch(1)]);
    parts[0]?.ack();
    parts[2]?.ack();
    expect(whole.settled).toBe(false);
    parts[1]?.ack();
    expect(await duty.outcome).toEqual({ ok: true });
  });

  it('waits for its last part before it says that one failed, and retryable wins over permanent', async () => {
    const { duty, delivery: whole } = delivery(2);
    const [first, second] = whole.split([batch(1), batch(1)]);
    first?.fail(new PermanentError('bad data'));
    expect(whole.settled).toBe(false);
    second?.fail(new RetryableError('away', { retryAfterMs: 30 }));
    expect(await duty.outcome).toMatchObject({
      ok: false,
      error: { name: 'RetryableError', message: 'bad data; away', retryAfterMs: 30 },
    });
  });

  it('is met at once when nothing is left of it', async () => {
    const { duty, delivery: whole } = delivery();
    expect(whole.split([])).toEqual([]);
    expect(await duty.outcome).toEqual({ ok: true });
  });

  it('counts a part once, however often it is settled', () => {
    const { delivery: whole } = delivery(2);
    const [first] = whole.split([batch(1), batch(1)]);
    first?.ack();
    first?.ack();
    expect(whole.settled).toBe(false);
  });

  it('shows its parts as settled when the whole was settled over their heads', () => {
    const { duty, delivery: whole } = delivery(2);
    const [first] = whole.split([batch(1), batch(1)]);
    duty.settle(new RetryableError('the sender left'));
    expect(first?.settled).toBe(true);
  });
});

describe('merged deliveries', () => {
  it('lose the parts whose senders gave up, and no others', async () => {
    const duties = [1, 2, 3].map((count) => {
      const duty = createDuty(count * 100);
      const bytes = new Uint8Array(count).fill(count);
      return { duty, delivery: createDelivery({ signal: 'logs', bytes, count, meta: { receivedAt: count } }, duty) };
    });
    const merged = mergeDeliveries(duties.map((one) => one.delivery));
    expect(stillAwaited(merged)).toBe(merged);
    duties[0]?.duty.settle(new RetryableError('gone'));
    const rest = stillAwaited(merged);
    expect([...rest.batch.bytes]).toEqual([2, 2, 3, 3, 3]);
    expect([rest.batch.count, rest.deadline]).toEqual([5, 200]);
    duties[2]?.duty.settle(new RetryableError('gone'));
    const last = stillAwaited(rest);
    expect([[...last.batch.bytes], last.batch.count, last.batch.meta.receivedAt]).toEqual([[2, 2], 2, 2]);
    last.ack();
    expect(await duties[1]?.duty.outcome).toEqual({ ok: true });
    expect(await duties[0]?.duty.outcome).toMatchObject({ ok: false });
  });

  it('stay as they are where all gave up, and where they were changed', () => {
    const made = [delivery(4), delivery(5)];
    const merged = mergeDeliveries(made.map((one) => one.delivery));
    const changed = merged.with(batch(2));
    made[0]?.duty.settle(new RetryableError('gone'));
    expect(stillAwaited(changed)).toBe(changed);
    made[1]?.duty.settle(new RetryableError('gone'));
    expect(stillAwaited(merged)).toBe(merged);
    expect(merged.settled).toBe(true);
  });

  it('settle every duty they were made of, and add up what they carry', async () => {
    const made = [delivery(2, 900), delivery(3, 500), delivery(4)];
    const merged = mergeDeliveries(made.map((one) => one.delivery));
    expect(merged.batch.count).toBe(9);
    expect(merged.batch.bytes.length).toBe(9);
    expect(merged.deadline).toBe(500);
    merged.fail(new RetryableError('away'));
    for (const { duty } of made) expect(await duty.outcome).toMatchObject({ ok: false });
  });

  it('can be split again without losing a duty', async () => {
    const made = [delivery(2), delivery(2)];
    const parts = mergeDeliveries(made.map((one) => one.delivery)).split([batch(3), batch(1)]);
    parts[0]?.ack();
    expect(made.some((one) => one.delivery.settled)).toBe(false);
    parts[1]?.ack();
    for (const { duty } of made) expect(await duty.outcome).toEqual({ ok: true });
  });

  it('are settled only when the sender of each has left', () => {
    const made = [delivery(), delivery()];
    const merged = mergeDeliveries(made.map((one) => one.delivery));
    made[0]?.duty.settle(new RetryableError('left'));
    expect(merged.settled).toBe(false);
    made[1]?.duty.settle(new RetryableError('left'));
    expect(merged.settled).toBe(true);
  });
});
