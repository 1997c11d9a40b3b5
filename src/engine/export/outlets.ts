import type { ComponentConfig } from '../../config/index.ts';
import type { Context, RunningExporter, SendingQueueConfig } from '../../plugin/index.ts';
import type { Signal } from '../../wire/index.ts';
import type { DeadLetterStore } from '../dead-letter/store.ts';
import { exporterCounts } from '../telemetry/component-counts.ts';
import type { MetricRegistry } from '../telemetry/registry.ts';
import { Circuit, type CircuitState } from './circuit.ts';
import { DirectOutlet } from './direct-outlet.ts';
import { DurableQueue } from './durable-queue.ts';
import { openStorage } from './durable-storage.ts';
import { MemoryQueue } from './memory-queue.ts';
import type { Outlet } from './outlet.ts';

export interface OutletOptions {
  readonly component: ComponentConfig;
  readonly signal: Signal;
  readonly exporter: RunningExporter;
  readonly context: Context;
  readonly registry: MetricRegistry;
  /** `service.limits.max_wait`, in milliseconds. */
  readonly maxWaitMs: number;
  readonly deadLetters: DeadLetterStore | undefined;
}

const noRetry = {
  enabled: false,
  initial_interval: 1000,
  max_interval: 1000,
  max_elapsed_time: 0,
  multiplier: 1,
  randomization_factor: 0,
};

const noBreaker = { enabled: false, failures: 1, probe_interval: 1000 };

/** What stands between a pipeline and an exporter, as the exporter's options say. */
export async function createOutlet(given: OutletOptions): Promise<Outlet> {
  const { component, signal, exporter, context, registry, maxWaitMs, deadLetters } = given;
  const controller = new AbortController();
  const { delivery } = component;
  const retry = delivery?.retry_on_failure ?? noRetry;
  const circuit = new Circuit({
    breaker: delivery?.circuit_breaker ?? noBreaker,
    retry,
    clock: context.clock,
    context,
  });
  if (delivery?.circuit_breaker.enabled === true) observeCircuit(given, circuit);
  const options = {
    exporter,
    context,
    counts: exporterCounts(registry, component.id, signal),
    clock: context.clock,
    timeoutMs: delivery?.timeout ?? 0,
    retry,
    circuit,
    signal: controller.signal,
    component: `exporter/${component.id}`,
    deadLetters,
    abort: () => controller.abort(),
  };
  const queue = delivery?.sending_queue;
  if (queue?.enabled !== true) return new DirectOutlet(options);
  if (queue.storage === undefined) {
    const outlet = new MemoryQueue({ ...options, queue, maxWaitMs });
    observeQueue(given, queue, () => outlet.queued);
    return outlet;
  }
  const storage = await openStorage({ extension: queue.storage, component: options.component, signal, context, queue });
  observeQueue(given, queue, () => {
    const { records, items, bytes } = storage.depth;
    return { requests: records, items, bytes }[queue.sizer];
  });
  return new DurableQueue({ ...options, queue, storage });
}

const stateValues: Readonly<Record<CircuitState, number>> = { closed: 0, half_open: 1, open: 2 };

function observeCircuit({ registry, component, signal }: OutletOptions, circuit: Circuit): void {
  const labels = { exporter: component.id, data_type: signal };
  const description = 'Whether the destination answers: 0 it does, 1 a probe is on its way, 2 it does not.';
  registry.observe('sluice_exporter_circuit_state', 'gauge', { description }, () => [
    { labels, value: stateValues[circuit.state] },
  ]);
}

function observeQueue(
  { registry, component, signal }: OutletOptions,
  queue: SendingQueueConfig,
  size: () => number,
): void {
  const labels = { exporter: component.id, data_type: signal };
  const unit = 'in units of its sizer.';
  registry.observe('otelcol_exporter_queue_size', 'gauge', { description: `What waits in the queue, ${unit}` }, () => [
    { labels, value: size() },
  ]);
  registry.gauge('otelcol_exporter_queue_capacity', { description: `What the queue can hold, ${unit}` }, labels).value =
    queue.queue_size;
}
