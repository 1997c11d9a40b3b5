import { ignoreElements, map, Subject, takeUntil, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { createDelivery, createDuty } from '../../flow/delivery.ts';
import type { Delivery } from '../../flow/index.ts';
import { ManualClock } from '../../testing/manual-clock.ts';
import { guard } from './guard.ts';

function one(count: number) {
  const duty = createDuty();
  return {
    duty,
    delivery: createDelivery({ signal: 'logs', bytes: new Uint8Array(count), count, meta: { receivedAt: 0 } }, duty),
  };
}

function setUp(operator: (deliveries: Observable<Delivery>) => Observable<Delivery>) {
  const clock = new ManualClock();
  const source = new Subject<Delivery>();
  const out: Delivery[] = [];
  const failures: unknown[] = [];
  let completed = false;
  source
    .pipe(guard({ component: 'processor/test', clock, operator, onFailure: (error) => failures.push(error) }))
    .subscribe({
      next: (delivery) => out.push(delivery),
      complete: () => (completed = true),
    });
  return { clock, source, out, failures, completed: () => completed };
}

const failOn = (count: number) => (deliveries: Observable<Delivery>) =>
  deliveries.pipe(
    map((delivery) => {
      if (delivery.batch.count === count) throw new Error('cannot do this one');
      return delivery;
    }),
  );

describe('the guard', () => {
  it('refuses what the operator held when it failed, and starts it anew', async () => {
    const { clock, source, out, failures } = setUp(failOn(13));
    const [held, bad, meanwhile, later] = [one(1), one(13), one(2), one(3)];
    source.next(held.delivery);
    source.next(bad.delivery);
    expect(await bad.duty.outcome).toMatchObject({
      ok: false,
      error: { name: 'RetryableError', message: 'processor/test failed: cannot do this one' },
    });
    expect(await held.duty.outcome).toMatchObject({ ok: false });
    source.next(meanwhile.delivery);
    expect(await meanwhile.duty.outcome).toMatchObject({
      ok: false,
      error: { message: 'processor/test is being restarted' },
    });
    await clock.advance(100);
    source.next(later.delivery);
    expect(out.map(({ batch }) => batch.count)).toEqual([1, 3]);
    expect(failures).toHaveLength(1);
  });

  it('does not refuse what was settled before the failure', async () => {
    const { source, out } = setUp(failOn(13));
    const good = one(1);
    source.next(good.delivery);
    out[0]?.ack();
    source.next(one(13).delivery);
    expect(await good.duty.outcome).toEqual({ ok: true });
  });

  it('takes an operator that ends too early for one that failed', async () => {
    const { source, failures } = setUp((deliveries) => deliveries.pipe(ignoreElements(), takeUntil(deliveries)));
    const lost = one(1);
    source.next(lost.delivery);
    expect(await lost.duty.outcome).toMatchObject({ ok: false });
    expect(String(failures[0])).toContain('ended before its input did');
  });

  it('ends when its source does', () => {
    const { source, completed } = setUp((deliveries) => deliveries);
    source.complete();
    expect(completed()).toBe(true);
  });
});
