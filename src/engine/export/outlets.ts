import type { ComponentConfig } from '../../config/index.ts';
import type { Context, RunningExporter } from '../../plugin/index.ts';
import type { Signal } from '../../wire/index.ts';
import type { DeadLetterStore } from '../dead-letter/store.ts';
import { exporterCounts } from '../telemetry/component-counts.ts';
import type { MetricRegistry } from '../telemetry/registry.ts';
import { DirectOutlet } from './direct-outlet.ts';
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

/** What stands between a pipeline and an exporter, as the exporter's options say. */
export function createOutlet({
  component,
  signal,
  exporter,
  context,
  registry,
  maxWaitMs,
  deadLetters,
}: OutletOptions): Outlet {
  const controller = new AbortController();
  const { delivery } = component;
  const options = {
    exporter,
    context,
    counts: exporterCounts(registry, component.id, signal),
    clock: context.clock,
    timeoutMs: delivery?.timeout ?? 0,
    retry: delivery?.retry_on_failure ?? noRetry,
    signal: controller.signal,
    component: `exporter/${component.id}`,
    deadLetters,
    abort: () => controller.abort(),
  };
  const queue = delivery?.sending_queue;
  if (queue?.enabled !== true) return new DirectOutlet(options);
  const outlet = new MemoryQueue({ ...options, queue, maxWaitMs });
  const labels = { exporter: component.id, data_type: signal };
  registry.observe(
    'otelcol_exporter_queue_size',
    'gauge',
    { description: 'What waits in the queue, in units of its sizer.' },
    () => [{ labels, value: outlet.queued }],
  );
  registry.gauge(
    'otelcol_exporter_queue_capacity',
    { description: 'What the queue can hold, in units of its sizer.' },
    labels,
  ).value = queue.queue_size;
  return outlet;
}
