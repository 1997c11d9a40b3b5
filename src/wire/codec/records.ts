import type { Signal } from '../batch.ts';
import type {
  ExponentialHistogramDataPoint,
  ExponentialHistogram,
  Gauge,
  Histogram,
  HistogramDataPoint,
  LogRecord,
  Metric,
  NumberDataPoint,
  Resource,
  Scope,
  Span,
  Sum,
  Summary,
  SummaryDataPoint,
} from './generated/classes.ts';

export * from './generated/classes.ts';

/** A point of a metric; `type` says which. A gauge and a sum have points of type `number`. */
export type DataPoint = NumberDataPoint | HistogramDataPoint | ExponentialHistogramDataPoint | SummaryDataPoint;

/** What a metric is, with its points. */
export type MetricData = Gauge | Sum | Histogram | ExponentialHistogram | Summary;

/** What is counted, filtered and changed: one log record, span or data point. */
export interface Records {
  logs: LogRecord;
  traces: Span;
  metrics: DataPoint;
}

export type RecordOf<S extends Signal> = Records[S];

/** What a scope holds: records, or the metrics that hold data points. */
export interface Entries {
  logs: LogRecord;
  traces: Span;
  metrics: Metric;
}

/** Where a record stands. All of it may be changed, which changes it for every record that stands there. */
export interface Place<S extends Signal = Signal> {
  readonly signal: S;
  /** An empty one where the sender gave none. */
  readonly resource: Resource;
  /** An empty one where the sender gave none. */
  readonly scope: Scope;
  /** The metric of a data point; undefined for other signals. */
  readonly metric: S extends 'metrics' ? Metric : undefined;
}

/** The entries of one scope of a resource. */
export class ScopeGroup<S extends Signal = Signal> {
  scope: Scope | undefined = undefined;
  records: Entries[S][] = [];
  schemaUrl = '';
  unknown: Uint8Array | undefined = undefined;
}

/** What came from one resource. */
export class ResourceGroup<S extends Signal = Signal> {
  resource: Resource | undefined = undefined;
  scopes: ScopeGroup<S>[] = [];
  schemaUrl = '';
  unknown: Uint8Array | undefined = undefined;
}

/** A decoded request, the same tree for each signal. */
export class Decoded<S extends Signal = Signal> {
  readonly signal: S;
  resources: ResourceGroup<S>[] = [];
  unknown: Uint8Array | undefined = undefined;

  constructor(signal: S) {
    this.signal = signal;
  }
}

/** What a metric holds; undefined where it holds nothing known. */
export function metricData(metric: Metric): MetricData | undefined {
  return metric.gauge ?? metric.sum ?? metric.histogram ?? metric.exponentialHistogram ?? metric.summary;
}
