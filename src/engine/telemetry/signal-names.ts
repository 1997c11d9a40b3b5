import type { Signal } from '../../wire/index.ts';

/** How the Collector's metric names call the records of a signal. */
export const itemNames: Readonly<Record<Signal, string>> = {
  logs: 'log_records',
  traces: 'spans',
  metrics: 'metric_points',
};
