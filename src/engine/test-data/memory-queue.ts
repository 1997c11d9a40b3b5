import { readFileSync } from 'node:fs';
import { createDelivery, createDuty } from '../../flow/delivery.ts';
import { circuitBreaker, retryOnFailure, sendingQueue, type Sent } from '../../plugin/index.ts';
import { testContext } from '../../testing/context.ts';
import { splitByCount, type Batch } from '../../wire/index.ts';
import type { DeadLetterStore } from '../dead-letter/store.ts';
import { Circuit } from '../export/circuit.ts';
import { MemoryQueue } from '../export/memory-queue.ts';
import { exporterCounts } from '../telemetry/component-counts.ts';
import { MetricRegistry } from '../telemetry/registry.ts';

/** The 64 log records of a request. */
export const bytes = readFileSync(new URL('../../../test/fixtures/logs.ascending.pb', import.meta.url));
/** Eight batches of eight log records. */
export const logs = splitByCount({ signal: 'logs', bytes, count: 64, meta: { receivedAt: 0 } }, 8);

interface Given {
  readonly queue?: object;
  readonly retry?: object;
  readonly deadLetters?: DeadLetterStore;
  readonly send: (batch: Batch, attempt: number) => Promise<Sent | void> | Sent | void;
}

/** A queue in memory before a destination that the test plays, on a clock of the test's. */
export function setUp({ queue = {}, retry = {}, deadLetters, send }: Given) {
  const context = testContext({ kind: 'exporter' });
  const registry = new MetricRegistry();
  const counts = exporterCounts(registry, 'sink', 'logs');
  const controller = new AbortController();
  const sent: number[] = [];
  let attempts = 0;
  const retryConfig = retryOnFailure.parse({ randomization_factor: 0, ...retry });
  const { clock } = context;
  const outlet = new MemoryQueue({
    context,
    counts,
    clock,
    exporter: {
      async send(batch) {
        const result = await send(batch, (attempts += 1));
        sent.push(batch.count);
        return result;
      },
    },
    timeoutMs: 5000,
    retry: retryConfig,
    circuit: new Circuit({ breaker: circuitBreaker.parse({}), retry: retryConfig, clock, context }),
    queue: sendingQueue.parse(queue),
    signal: controller.signal,
    abort: () => controller.abort(),
    maxWaitMs: 1000,
    component: 'exporter/sink',
    deadLetters,
  });
  const offer = (batch: Batch = logs[0] as Batch, deadline?: number) => {
    const duty = createDuty(deadline);
    outlet.accept(createDelivery(batch, duty));
    return duty;
  };
  return { outlet, offer, sent, counts, context, clock, attempts: () => attempts };
}
