import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import type { Batch } from '../wire/index.ts';
import { Batcher, type BatcherOptions } from './batcher.ts';
import { createDelivery, createDuty, type Delivery } from './delivery.ts';

/** `count` log records in one scope, one byte of body each. */
function logs(count: number): Batch<'logs'> {
  const record = [0x12, 5, 0x2a, 3, 0x0a, 1, 0x61];
  const scope = Array.from({ length: count }, () => record).flat();
  const bytes = Uint8Array.from([0x0a, scope.length + 2, 0x12, scope.length, ...scope]);
  return { signal: 'logs', bytes, count, meta: { receivedAt: 0 } };
}

function setUp(options: Partial<BatcherOptions> = {}) {
  const clock = new ManualClock();
  const out: Delivery[] = [];
  const batcher = new Batcher(
    { minSize: 10, maxSize: 0, sizer: 'items', flushMs: 5000, maxWaitMs: 1000, clock, ...options },
    (delivery) => out.push(delivery),
  );
  const add = (count: number, deadline?: number): void =>
    batcher.add(createDelivery(logs(count), createDuty(deadline)));
  return { clock, out, batcher, add, counts: () => out.map((delivery) => delivery.batch.count) };
}

describe('the batcher', () => {
  it('lets a batch out as soon as it is large enough', () => {
    const { add, counts } = setUp();
    add(4);
    add(5);
    expect(counts()).toEqual([]);
    add(3);
    expect(counts()).toEqual([12]);
  });

  it('waits its whole time when no sender waits', async () => {
    const { add, clock, counts } = setUp();
    add(4);
    await clock.advance(4999);
    expect(counts()).toEqual([]);
    await clock.advance(1);
    expect(counts()).toEqual([4]);
  });

  it('waits at most a second while a sender waits', async () => {
    const { add, clock, counts } = setUp();
    add(4, clock.now() + 60_000);
    await clock.advance(1000);
    expect(counts()).toEqual([4]);
  });

  it('leaves time to deliver before the nearest deadline', async () => {
    const { add, clock, counts } = setUp();
    add(4, clock.now() + 2500);
    await clock.advance(500);
    expect(counts()).toEqual([4]);
  });

  it('splits what is larger than the largest batch, and keeps back a rest that may still fill', () => {
    const { add, counts, batcher } = setUp({ minSize: 10, maxSize: 10 });
    add(9);
    add(14);
    expect(counts()).toEqual([10, 10]);
    batcher.flush();
    expect(counts()).toEqual([10, 10, 3]);
  });

  it('has nothing to let out when nothing came', () => {
    const { batcher, out } = setUp();
    batcher.flush();
    expect(out).toEqual([]);
  });
});
