import {
  Attributes,
  Decoded,
  encode,
  Gauge,
  LogRecord,
  Metric,
  NumberDataPoint,
  Resource,
  ResourceGroup,
  ScopeGroup,
  Span,
  Sum,
  type AttributesInit,
  type Batch,
  type Entries,
  type Meta,
  type Signal,
} from '../wire/index.ts';

/** A record with its attributes as pairs or as a plain object: `bigint` is an int, `number` a double. */
type Fields<T> = Partial<Omit<T, 'attributes'>> & { readonly attributes?: AttributesInit };

/** A metric of one point. An int where `value` is a bigint, else a double. */
export interface PointFields extends Fields<NumberDataPoint> {
  readonly name: string;
  readonly unit?: string;
  readonly value: number | bigint;
  /** `gauge`, unless it is said to be a monotonic `sum` since the start. */
  readonly kind?: 'gauge' | 'sum';
}

export interface BatchOptions {
  /** Attributes of the one resource that all records share. */
  readonly resource?: AttributesInit;
  readonly meta?: Partial<Meta>;
}

/** A batch of log records of one resource. What is left out has the default of the protocol. */
export function logsBatch(records: readonly Fields<LogRecord>[], options?: BatchOptions): Batch<'logs'> {
  return batchOf(
    'logs',
    records.map(({ attributes = [], ...fields }) =>
      LogRecord.from({ ...fields, attributes: Attributes.from(attributes) }),
    ),
    options,
  );
}

/** A batch of spans of one resource. Ids are made up where they are left out, the same in each run. */
export function spansBatch(spans: readonly Fields<Span>[], options?: BatchOptions): Batch<'traces'> {
  const made = spans.map(({ attributes = [], ...fields }, i) =>
    Span.from({
      traceId: hex(1, 32),
      spanId: hex(i + 1, 16),
      name: 'span',
      ...fields,
      attributes: Attributes.from(attributes),
    }),
  );
  return batchOf('traces', made, options);
}

/** A batch of metrics of one point each, of one resource. */
export function metricsBatch(points: readonly PointFields[], options?: BatchOptions): Batch<'metrics'> {
  return batchOf('metrics', points.map(metricOf), options);
}

function metricOf({ name, unit = '', value, kind = 'gauge', attributes = [], ...fields }: PointFields): Metric {
  const number = typeof value === 'bigint' ? { asInt: value } : { asDouble: value };
  const point = NumberDataPoint.from({ ...fields, ...number, attributes: Attributes.from(attributes) });
  const data = kind === 'gauge' ? { gauge: Gauge.from({ dataPoints: [point] }) } : { sum: cumulative(point) };
  return Metric.from({ name, unit, ...data });
}

function cumulative(point: NumberDataPoint): Sum {
  return Sum.from({ dataPoints: [point], aggregationTemporality: 2, isMonotonic: true });
}

function batchOf<S extends Signal>(
  signal: S,
  records: Entries[S][],
  { resource = [], meta = {} }: BatchOptions = {},
): Batch<S> {
  const scope = Object.assign(new ScopeGroup<S>(), { records });
  const group = Object.assign(new ResourceGroup<S>(), {
    resource: Resource.from({ attributes: Attributes.from(resource) }),
    scopes: [scope],
  });
  const tree = new Decoded(signal);
  tree.resources.push(group);
  return encode(tree, { receivedAt: Date.UTC(2026, 0, 1), ...meta });
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
