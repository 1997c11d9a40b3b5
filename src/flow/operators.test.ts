import { Subject, tap } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock.ts';
import type { Signal } from '../wire/index.ts';
import { createDelivery, createDuty, type Delivery } from './delivery.ts';
import { bufferBy, keep, partition } from './operators.ts';

function delivery(signal: Signal, count: number, tenant?: string) {
  const duty = createDuty();
  const meta = { receivedAt: 0, ...(tenant !== undefined && { tenant }) };
  return { duty, delivery: createDelivery({ signal, bytes: new Uint8Array(count), count, meta }, duty) };
}

describe('bufferBy', () => {
  it('never merges two signals', () => {
    const out: Delivery[] = [];
    const source = new Subject<Delivery>();
    source.pipe(bufferBy({ minSize: 4, clock: new ManualClock() })).subscribe((merged) => out.push(merged));
    source.next(delivery('logs', 2).delivery);
    source.next(delivery('traces', 2).delivery);
    source.next(delivery('logs', 3).delivery);
    expect(out.map(({ batch }) => [batch.signal, batch.count])).toEqual([['logs', 5]]);
  });

  it('lets out what it holds when its source ends', () => {
    const out: Delivery[] = [];
    const source = new Subject<Delivery>();
    source.pipe(bufferBy({ clock: new ManualClock() })).subscribe((merged) => out.push(merged));
    source.next(delivery('logs', 2).delivery);
    expect(out).toEqual([]);
    source.complete();
    expect(out).toHaveLength(1);
  });

  it('refuses what it holds when nobody listens any more', async () => {
    const source = new Subject<Delivery>();
    const subscription = source.pipe(bufferBy({ clock: new ManualClock() })).subscribe();
    const held = delivery('logs', 2);
    source.next(held.delivery);
    subscription.unsubscribe();
    expect(await held.duty.outcome).toMatchObject({ ok: false, error: { name: 'RetryableError' } });
  });

  it('merges only what has the same key', () => {
    const out: Delivery[] = [];
    const source = new Subject<Delivery>();
    source
      .pipe(bufferBy({ minSize: 4, clock: new ManualClock(), key: ({ batch }) => batch.meta.tenant ?? '' }))
      .subscribe((merged) => out.push(merged));
    source.next(delivery('logs', 3, 'a').delivery);
    source.next(delivery('logs', 3, 'b').delivery);
    source.next(delivery('logs', 1, 'b').delivery);
    expect(out.map(({ batch }) => [batch.meta.tenant, batch.count])).toEqual([['b', 4]]);
  });
});

describe('keep', () => {
  it('settles what it leaves out', async () => {
    const source = new Subject<Delivery>();
    const out: Delivery[] = [];
    source.pipe(keep(({ batch }) => batch.count > 1)).subscribe((kept) => out.push(kept));
    const small = delivery('logs', 1);
    source.next(small.delivery);
    source.next(delivery('logs', 2).delivery);
    expect(await small.duty.outcome).toEqual({ ok: true });
    expect(out.map(({ batch }) => batch.count)).toEqual([2]);
  });
});

describe('partition', () => {
  it('makes a branch for each key on first use', () => {
    const source = new Subject<Delivery>();
    const seen: string[] = [];
    source
      .pipe(
        partition(
          ({ batch }) => batch.signal,
          (key) => tap(() => seen.push(key)),
        ),
      )
      .subscribe();
    source.next(delivery('logs', 1).delivery);
    source.next(delivery('traces', 1).delivery);
    source.next(delivery('logs', 1).delivery);
    expect(seen).toEqual(['logs', 'traces', 'logs']);
  });
});
