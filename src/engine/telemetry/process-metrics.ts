import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MetricRegistry, Sample } from './registry.ts';

/** What the process itself uses, under the Collector's names. */
export function observeProcess(registry: MetricRegistry): void {
  const one = (value: () => number) => (): Sample[] => [{ labels: {}, value: value() }];
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  registry.observe(
    'otelcol_process_uptime',
    'counter',
    { description: 'Uptime of the process.', unit: 's' },
    one(() => process.uptime()),
  );
  registry.observe(
    'otelcol_process_cpu_seconds',
    'counter',
    { description: 'CPU time used, user and system.', unit: 's' },
    one(cpuSeconds),
  );
  registry.observe(
    'otelcol_process_memory_rss',
    'gauge',
    { description: 'Resident memory.', unit: 'By' },
    one(() => process.memoryUsage.rss()),
  );
  registry.observe(
    'otelcol_process_runtime_heap_alloc_bytes',
    'gauge',
    { description: 'Heap in use.', unit: 'By' },
    one(() => process.memoryUsage().heapUsed),
  );
  registry.observe(
    'sluice_event_loop_delay_p99_seconds',
    'gauge',
    { description: 'How late timers fire.', unit: 's' },
    one(() => {
      const seconds = delay.percentile(99) / 1e9;
      delay.reset();
      return seconds;
    }),
  );
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}
