import type { Logger } from '../../plugin/index.ts';
import type { Clock } from '../../flow/index.ts';
import type { Signal } from '../../wire/index.ts';
import type { Cell, MetricRegistry } from './registry.ts';
import { itemNames } from './signal-names.ts';

/** What the engine counts for each receiver and signal. */
export interface ReceiverCounts {
  readonly accepted: Cell;
  readonly refused: Cell;
}

export function receiverCounts(registry: MetricRegistry, receiver: string, signal: Signal): ReceiverCounts {
  const items = itemNames[signal];
  const labels = { receiver };
  return {
    accepted: registry.counter(
      `otelcol_receiver_accepted_${items}`,
      { description: `Number of ${items} that every destination took.` },
      labels,
    ),
    refused: registry.counter(
      `otelcol_receiver_refused_${items}`,
      { description: `Number of ${items} that the sender was told to keep.` },
      labels,
    ),
  };
}

/** What the engine counts for each exporter and signal. */
export interface ExporterCounts {
  readonly sent: Cell;
  readonly failed: Cell;
  readonly enqueueFailed: Cell;
}

export function exporterCounts(registry: MetricRegistry, exporter: string, signal: Signal): ExporterCounts {
  const items = itemNames[signal];
  const labels = { exporter };
  return {
    sent: registry.counter(
      `otelcol_exporter_sent_${items}`,
      { description: `Number of ${items} that the destination took.` },
      labels,
    ),
    failed: registry.counter(
      `otelcol_exporter_send_failed_${items}`,
      { description: `Number of ${items} that could not be delivered.` },
      labels,
    ),
    enqueueFailed: registry.counter(
      `otelcol_exporter_enqueue_failed_${items}`,
      { description: `Number of ${items} for which the queue had no room.` },
      labels,
    ),
  };
}

/** What goes into a processor of a pipeline and what comes out. */
export interface ProcessorCounts {
  readonly incoming: Cell;
  readonly outgoing: Cell;
}

export function processorCounts(
  registry: MetricRegistry,
  processor: string,
  pipeline: string,
  signal: Signal,
): ProcessorCounts {
  const labels = { processor, pipeline, otel_signal: signal };
  return {
    incoming: registry.counter(
      'otelcol_processor_incoming_items',
      { description: 'Number of records that went into the processor.' },
      labels,
    ),
    outgoing: registry.counter(
      'otelcol_processor_outgoing_items',
      { description: 'Number of records that came out of the processor.' },
      labels,
    ),
  };
}

const logEveryMs = 10_000;

/** What was dropped because somebody asked for it is counted, and not worth a line in the log. */
const intended: ReadonlySet<string> = new Set(['filtered', 'sampled']);

/** Counts records that go no further, by reason, and names them in the log: at once, then summed up every ten seconds. */
export class DropCounter {
  private readonly silent = new Map<string, { until: number; count: number }>();
  private readonly registry: MetricRegistry;
  private readonly clock: Clock;

  constructor(registry: MetricRegistry, clock: Clock) {
    this.registry = registry;
    this.clock = clock;
  }

  dropped(
    component: { readonly kind: string; readonly id: string; readonly logger: Logger },
    count: number,
    signal: Signal,
    reason: string,
  ): void {
    if (count <= 0) return;
    const { kind, id, logger } = component;
    this.registry.counter(
      'otelcol_dropped_items',
      { description: 'Number of records that went no further, by reason.' },
      { kind, component: id, otel_signal: signal, reason },
    ).value += count;
    if (intended.has(reason)) return;
    const key = `${kind}/${id} ${signal} ${reason}`;
    const entry = this.silent.get(key);
    if (entry !== undefined) {
      entry.count += count;
      return;
    }
    logger.warn({ count, signal, reason }, 'records dropped');
    const quiet = { until: this.clock.now() + logEveryMs, count: 0 };
    this.silent.set(key, quiet);
    this.clock.after(logEveryMs, () => {
      this.silent.delete(key);
      if (quiet.count > 0)
        logger.warn({ count: quiet.count, signal, reason, seconds: logEveryMs / 1000 }, 'more records dropped');
    });
  }
}
