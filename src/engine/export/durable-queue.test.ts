import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createDelivery, createDuty } from '../../flow/delivery.ts';
import { PermanentError, RetryableError, systemClock } from '../../flow/index.ts';
import { circuitBreaker, retryOnFailure, sendingQueue } from '../../plugin/index.ts';
import { logsBatch } from '../../testing/batches.ts';
import { testContext } from '../../testing/context.ts';
import { splitByCount, type Batch } from '../../wire/index.ts';
import { DeadLetterStore, letterFiles } from '../dead-letter/store.ts';
import { exporterCounts } from '../telemetry/component-counts.ts';
import { MetricRegistry } from '../telemetry/registry.ts';
import { openQueue } from '../durable/index.ts';
import { Circuit } from './circuit.ts';
import { DurableQueue } from './durable-queue.ts';

const bytes = readFileSync(new URL('../../../test/fixtures/logs.ascending.pb', import.meta.url));
const headers = new Map([['x-tenant', ['acme']]]);
const logs = splitByCount({ signal: 'logs', bytes, count: 64, meta: { receivedAt: 1, tenant: 'a', headers } }, 8);

let directory = '';
const open: DurableQueue[] = [];
afterEach(async () => {
  for (const queue of open.splice(0)) await queue.stop(0);
  rmSync(directory, { recursive: true, force: true });
  directory = '';
});

interface Given {
  readonly queue?: object;
  readonly retry?: object;
  readonly limits?: { readonly records?: number };
  readonly deadLetters?: DeadLetterStore;
  readonly send: (batch: Batch) => Promise<void> | void;
}

async function start({ queue = {}, retry = {}, limits = {}, deadLetters, send }: Given) {
  directory ||= mkdtempSync(join(tmpdir(), 'sluice-durable-'));
  const context = testContext({ kind: 'exporter' });
  const controller = new AbortController();
  const storage = await openQueue({ directory, limits });
  const sent: Batch[] = [];
  const retryConfig = retryOnFailure.parse({ initial_interval: '20ms', max_interval: '20ms', ...retry });
  const outlet = new DurableQueue({
    context,
    counts: exporterCounts(new MetricRegistry(), 'sink', 'logs'),
    clock: systemClock,
    exporter: {
      async send(batch) {
        await send(batch);
        sent.push(batch);
      },
    },
    timeoutMs: 5000,
    retry: retryConfig,
    circuit: new Circuit({ breaker: circuitBreaker.parse({}), retry: retryConfig, clock: systemClock, context }),
    queue: sendingQueue.parse(queue),
    storage,
    signal: controller.signal,
    abort: () => controller.abort(),
    component: 'exporter/sink',
    deadLetters,
  });
  open.push(outlet);
  const offer = (batch: Batch = logs[0] as Batch) => {
    const duty = createDuty();
    outlet.accept(createDelivery(batch, duty));
    return duty.outcome;
  };
  return { outlet, offer, sent, storage, context };
}

const away = (): never => {
  throw new RetryableError('connection refused');
};

async function until(check: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !check(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(check()).toBe(true);
}

describe('the queue on disk', () => {
  it('gives a sender its OK while the destination is away, and delivers after a restart', async () => {
    const before = await start({ send: away });
    for (const batch of logs) expect(await before.offer(batch)).toEqual({ ok: true });
    await before.outlet.stop(Date.now() + 100);
    const after = await start({ send: () => undefined });
    await until(() => after.sent.length === logs.length);
    expect(after.sent.map((batch) => Buffer.from(batch.bytes))).toEqual(logs.map((batch) => Buffer.from(batch.bytes)));
    expect(after.sent[0]).toMatchObject({ signal: 'logs', count: 8, meta: { receivedAt: 1, tenant: 'a', headers } });
    await until(() => after.storage.depth.records === 0);
  });

  it('does not deliver again what was delivered before the restart', async () => {
    const before = await start({ send: () => undefined });
    await before.offer();
    await until(() => before.storage.depth.records === 0);
    await before.outlet.stop(Date.now() + 100);
    const after = await start({ send: () => undefined });
    await after.offer(logs[1]);
    await until(() => after.sent.length === 1);
    expect(Buffer.compare(after.sent[0]?.bytes ?? Buffer.alloc(0), (logs[1] as Batch).bytes)).toBe(0);
  });

  it('merges what it reads into batches, and lets go of all that a batch was made of', async () => {
    const { offer, sent, storage } = await start({
      queue: { batch: { flush_timeout: '50ms', min_size: 40 } },
      send: () => undefined,
    });
    await Promise.all(logs.slice(0, 5).map((batch) => offer(batch)));
    await until(() => sent.length === 1);
    expect(sent[0]?.count).toBe(40);
    await until(() => storage.depth.records === 0);
  });

  it('reads little ahead while the destination is away: the backlog stays on disk', async () => {
    const { offer, storage } = await start({ queue: { num_consumers: 6 }, send: away });
    const read = vi.spyOn(storage, 'read');
    const large = logsBatch([{ body: 'x'.repeat(600_000) }]);
    for (let i = 0; i < 12; i++) expect(await offer(large)).toEqual({ ok: true });
    await new Promise((resolve) => setTimeout(resolve, 100));
    // Six are being sent, and the fourth of those that wait goes beyond 2 MiB; the first was read before anybody looked.
    expect(read).toHaveBeenCalledTimes(9);
    expect(storage.depth.records).toBe(12);
  });

  it('holds senders back when it is full, and takes data again when there is room', async () => {
    let down = true;
    const { offer, storage } = await start({ limits: { records: 3 }, send: () => (down ? away() : undefined) });
    for (const batch of logs.slice(0, 3)) expect(await offer(batch)).toEqual({ ok: true });
    expect(await offer(logs[3])).toMatchObject({ ok: false, error: { name: 'RetryableError' } });
    down = false;
    await until(() => storage.depth.records === 0);
    expect(await offer(logs[3])).toEqual({ ok: true });
  });

  it('lets the oldest go where it was told to, and counts it', async () => {
    const { offer, context } = await start({
      queue: { on_full: 'drop_oldest', num_consumers: 1 },
      limits: { records: 3 },
      retry: { initial_interval: '10s', max_interval: '10s' },
      send: away,
    });
    for (const batch of logs.slice(0, 3)) await offer(batch);
    const last = await offer(logs[3]);
    const dropped = context.drops.reduce((sum, { count }) => sum + count, 0);
    expect(last.ok ? dropped : 8).toBe(8);
  });

  it('keeps what is refused for good as a dead letter, and goes on', async () => {
    directory = mkdtempSync(join(tmpdir(), 'sluice-durable-'));
    const letters = join(directory, 'letters');
    const deadLetters = new DeadLetterStore({
      directory: letters,
      maxBytes: 1e9,
      clock: systemClock,
      onEvicted: () => undefined,
    });
    const { offer, sent, storage } = await start({
      deadLetters,
      send: (batch) => {
        if (batch.bytes.length === logs[0]?.bytes.length) throw new PermanentError('no');
      },
    });
    await offer(logs[0]);
    await offer(logs[1]);
    await until(() => storage.depth.records === 0);
    await deadLetters.close();
    expect(await letterFiles(letters)).toHaveLength(1);
    expect(sent.map(({ count }) => count)).toEqual([8]);
  });

  it('says and counts what it gives up after max_elapsed_time', async () => {
    const { offer, storage, context } = await start({ retry: { max_elapsed_time: '50ms' }, send: away });
    await offer();
    await until(() => storage.depth.records === 0);
    expect(context.drops).toEqual([{ count: 8, signal: 'logs', reason: 'retries_exhausted' }]);
  });
});
