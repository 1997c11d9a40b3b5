import { describe, expect, it } from 'vitest';
import { createDelivery, createDuty } from '../../flow/delivery.ts';
import { PermanentError, RetryableError } from '../../flow/index.ts';
import { circuitBreaker, retryOnFailure, sendingQueue } from '../../plugin/index.ts';
import { testContext } from '../../testing/context.ts';
import type { Batch } from '../../wire/index.ts';
import { exporterCounts } from '../telemetry/component-counts.ts';
import { MetricRegistry } from '../telemetry/registry.ts';
import { Circuit } from './circuit.ts';
import { MemoryQueue } from './memory-queue.ts';

const batch: Batch = { signal: 'logs', bytes: new Uint8Array(8), count: 1, meta: { receivedAt: 0 } };

/** Ten consumers before a destination that answers as `send` does; `attempts` are the seconds at which it was tried. */
function setUp({
  send,
  breaker = {},
  retry = {},
}: {
  readonly send: () => Promise<void> | void;
  readonly breaker?: object;
  readonly retry?: object;
}) {
  const context = testContext({ kind: 'exporter' });
  const { clock } = context;
  const retryConfig = retryOnFailure.parse({ randomization_factor: 0, ...retry });
  const circuit = new Circuit({ breaker: circuitBreaker.parse(breaker), retry: retryConfig, clock, context });
  const controller = new AbortController();
  const begun = clock.now();
  const attempts: number[] = [];
  const outlet = new MemoryQueue({
    context,
    circuit,
    clock,
    counts: exporterCounts(new MetricRegistry(), 'sink', 'logs'),
    exporter: {
      async send() {
        attempts.push((clock.now() - begun) / 1000);
        await send();
      },
    },
    timeoutMs: 5000,
    retry: retryConfig,
    queue: sendingQueue.parse({}),
    signal: controller.signal,
    abort: () => controller.abort(),
    maxWaitMs: 1000,
    component: 'exporter/sink',
    deadLetters: undefined,
  });
  /** `withinMs`: how long the sender waits; forever where it is left out. */
  const offer = (count: number, withinMs?: number) =>
    Array.from({ length: count }, () => {
      const duty = createDuty(withinMs === undefined ? undefined : clock.now() + withinMs);
      outlet.accept(createDelivery(batch, duty));
      return duty;
    });
  const levels = () =>
    context.logs.filter(({ level }) => level !== 'debug').map(({ level, message }) => `${level} ${message}`);
  return { outlet, circuit, clock, context, attempts, offer, levels };
}

const away = (): never => {
  throw new RetryableError('connection refused');
};

describe('the circuit breaker', () => {
  it('sends one probe now and then to a dead destination, however many consumers there are', async () => {
    const { offer, attempts, clock, circuit, context } = setUp({ send: away });
    offer(100);
    await clock.advance(20_000);
    expect(attempts).toEqual([...Array<number>(10).fill(0), 5, 10, 15, 20]);
    expect(circuit.state).toBe('open');
    expect(context.reports.at(-1)).toEqual({
      status: 'recoverable_error',
      message: 'circuit open: connection refused',
    });
  });

  it('lets all go as soon as a probe goes through, and says once that it opened and once that it closed', async () => {
    let dead = true;
    const { offer, attempts, clock, circuit, context, levels } = setUp({ send: () => (dead ? away() : undefined) });
    const duties = offer(100);
    await clock.advance(12_000);
    dead = false;
    await clock.advance(3000);
    expect([circuit.state, attempts.length]).toEqual(['closed', 12 + 100]);
    for (const { outcome } of duties) expect(await outcome).toEqual({ ok: true });
    expect(context.reports.at(-1)).toEqual({ status: 'ok' });
    // The first four failed before it opened.
    expect(levels().slice(4)).toEqual([
      'warn the destination fails; the circuit is open, and only a probe is sent now and then',
      'info the destination answers again; the circuit is closed',
    ]);
  });

  it('opens only where failures follow one another', async () => {
    let attempt = 0;
    const { offer, clock, circuit } = setUp({ send: () => ((attempt += 1) % 5 === 0 ? undefined : away()) });
    offer(40);
    await clock.advance(300_000);
    expect(circuit.state).toBe('closed');
  });

  it('does not open where the destination refuses data for good, and closes then', async () => {
    let refuses = true;
    const { offer, clock, circuit } = setUp({
      send() {
        if (refuses) throw new PermanentError('unknown dataset');
        away();
      },
    });
    offer(20);
    await clock.advance(10);
    expect(circuit.state).toBe('closed');
    refuses = false;
    offer(20);
    await clock.advance(10);
    expect(circuit.state).toBe('open');
    refuses = true;
    await clock.advance(5000);
    expect(circuit.state).toBe('closed');
  });

  it('sends no probe sooner than any answer asked for, those of requests that were under way included', async () => {
    const waits = [0, 0, 0, 0, 0, 60_000];
    const { offer, attempts, clock } = setUp({
      async send() {
        const retryAfterMs = waits.shift() ?? 0;
        if (retryAfterMs > 0) await new Promise<void>((resolve) => void clock.after(1000, resolve));
        throw new RetryableError('slow down', { retryAfterMs });
      },
    });
    offer(6);
    await clock.advance(65_000);
    expect(attempts).toEqual([0, 0, 0, 0, 0, 0, 61]);
  });

  it('tells senders at once whom the next probe would come too late, and when to come back', async () => {
    const { offer, attempts, clock } = setUp({ send: away });
    offer(9);
    await clock.advance(1000);
    const [early] = offer(1, 3000);
    expect(await early?.outcome).toMatchObject({
      ok: false,
      error: { message: 'connection refused', retryAfterMs: 4000 },
    });
    expect(attempts.length).toBe(9);
  });

  it('tells senders when another probe has failed that theirs would come too late', async () => {
    const { offer, attempts, clock } = setUp({ send: away });
    const duties = offer(10, 8000);
    await clock.advance(4999);
    expect(duties.map(({ settled }) => settled)).toEqual(Array(10).fill(false));
    await clock.advance(1);
    for (const { outcome } of duties) expect(await outcome).toMatchObject({ ok: false, error: { retryAfterMs: 5000 } });
    expect(attempts.length).toBe(11);
  });

  it('makes whoever comes first the probe where nobody waits', async () => {
    const { offer, attempts, clock } = setUp({ send: away });
    offer(10, 4000);
    await clock.advance(60_000);
    expect(attempts.length).toBe(10);
    offer(2);
    await clock.advance(1000);
    expect(attempts.slice(10)).toEqual([60]);
  });

  it('passes over data whose sender waits no longer', async () => {
    const { offer, attempts, clock, circuit } = setUp({ send: away });
    const duties = offer(10);
    await clock.advance(1000);
    for (const duty of duties.slice(0, 9)) duty.settle(new RetryableError('gone'));
    await clock.advance(4000);
    expect(attempts.length).toBe(11);
    duties[9]?.settle(new RetryableError('gone'));
    await clock.advance(60_000);
    expect([attempts.length, circuit.state]).toEqual([11, 'open']);
  });

  it('holds up no stop', async () => {
    const { offer, outlet, clock } = setUp({ send: away });
    const duties = offer(30);
    await clock.advance(1000);
    const stopped = outlet.stop(clock.now());
    await clock.advance(1);
    await stopped;
    for (const { outcome } of duties)
      expect(await outcome).toMatchObject({ ok: false, error: { name: 'RetryableError' } });
    expect(outlet.pending).toBe(0);
  });

  it.each([{ breaker: { enabled: false } }, { retry: { enabled: false } }])('is not there with %j', async (given) => {
    const { offer, clock, circuit } = setUp({ ...given, send: away });
    offer(30);
    await clock.advance(1000);
    expect(circuit.state).toBe('closed');
  });
});
