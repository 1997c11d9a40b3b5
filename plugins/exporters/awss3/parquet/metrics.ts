import { metricData, type DataPoint, type Exemplar, type Metric, type MetricData } from 'sluice/plugin';
import { enumName } from './enum-name.ts';
import type { AttributeStyle, Field, Fields } from './fields.ts';
import { jsonOfAttributes, jsonOfDouble } from './json.ts';

/** A data point with the metric that it belongs to. */
export interface PointRow {
  readonly metric: Metric;
  readonly data: MetricData;
  readonly point: DataPoint;
}

export function pointFields(make: Fields<PointRow>, style: AttributeStyle): Field<PointRow>[] {
  return [
    make.time('timestamp', ({ point }) => point.timeUnixNano),
    make.time('start_timestamp', ({ point }) => point.startTimeUnixNano),
    make.text('metric_name', ({ metric }) => metric.name),
    make.text('metric_description', ({ metric }) => metric.description),
    make.text('metric_unit', ({ metric }) => metric.unit),
    make.text('metric_type', ({ metric }) => typeOf(metric)),
    make.text('aggregation_temporality', ({ data }) =>
      'aggregationTemporality' in data ? enumName('AggregationTemporality', data.aggregationTemporality) : undefined,
    ),
    make.boolean('is_monotonic', ({ data }) => ('isMonotonic' in data ? data.isMonotonic : undefined)),
    make.double('value_double', ({ point }) => (point.type === 'number' ? point.asDouble : undefined)),
    make.int64('value_int', ({ point }) => (point.type === 'number' ? point.asInt : undefined)),
    make.uint64('count', ({ point }) => (point.type === 'number' ? undefined : point.count)),
    make.double('sum', ({ point }) => (point.type === 'number' ? undefined : point.sum)),
    make.double('min', ({ point }) => ('min' in point ? point.min : undefined)),
    make.double('max', ({ point }) => ('max' in point ? point.max : undefined)),
    ...bucketFields(make),
    make.text('quantiles', ({ point }) => (point.type === 'summary' ? jsonOfQuantiles(point) : undefined)),
    make.text('exemplars', ({ point }) =>
      point.type === 'summary' ? undefined : `[${point.exemplars.map(jsonOfExemplar).join(',')}]`,
    ),
    make.uint32('flags', ({ point }) => point.flags),
    make.attributes(style, 'attributes', ({ point }) => point.attributes),
    make.attributes(style, 'metric_metadata', ({ metric }) => metric.metadata),
  ];
}

/** Of histograms, explicit and exponential. Lists of numbers are JSON arrays. */
function bucketFields(make: Fields<PointRow>): Field<PointRow>[] {
  return [
    make.text('bucket_counts', ({ point }) => (point.type === 'histogram' ? list(point.bucketCounts) : undefined)),
    make.text('explicit_bounds', ({ point }) =>
      point.type === 'histogram' ? list(point.explicitBounds.map(jsonOfDouble)) : undefined,
    ),
    make.int32('scale', ({ point }) => (isExponential(point) ? point.scale : undefined)),
    make.uint64('zero_count', ({ point }) => (isExponential(point) ? point.zeroCount : undefined)),
    make.double('zero_threshold', ({ point }) => (isExponential(point) ? point.zeroThreshold : undefined)),
    make.int32('positive_offset', ({ point }) => (isExponential(point) ? point.positive?.offset : undefined)),
    make.text('positive_bucket_counts', ({ point }) =>
      isExponential(point) ? list(point.positive?.bucketCounts) : undefined,
    ),
    make.int32('negative_offset', ({ point }) => (isExponential(point) ? point.negative?.offset : undefined)),
    make.text('negative_bucket_counts', ({ point }) =>
      isExponential(point) ? list(point.negative?.bucketCounts) : undefined,
    ),
  ];
}

export function* pointRows(metric: Metric): Generator<PointRow> {
  const data = metricData(metric);
  if (data !== undefined) for (const point of data.dataPoints) yield { metric, data, point };
}

function isExponential(point: DataPoint): point is Extract<DataPoint, { readonly type: 'exponential_histogram' }> {
  return point.type === 'exponential_histogram';
}

function typeOf(metric: Metric): string {
  if (metric.gauge !== undefined) return 'gauge';
  if (metric.sum !== undefined) return 'sum';
  if (metric.histogram !== undefined) return 'histogram';
  return metric.exponentialHistogram === undefined ? 'summary' : 'exponential_histogram';
}

function list(values: readonly (bigint | string)[] | undefined): string | undefined {
  return values === undefined ? undefined : `[${values.join(',')}]`;
}

function jsonOfQuantiles({ quantileValues }: Extract<DataPoint, { readonly type: 'summary' }>): string {
  const items = quantileValues.map(
    ({ quantile, value }) => `{"quantile":${jsonOfDouble(quantile)},"value":${jsonOfDouble(value)}}`,
  );
  return `[${items.join(',')}]`;
}

function jsonOfExemplar({ timeUnixNano, asDouble, asInt, traceId, spanId, filteredAttributes }: Exemplar): string {
  const value = asInt ?? (asDouble === undefined ? null : jsonOfDouble(asDouble));
  return `{"time_unix_nano":${timeUnixNano},"value":${value},"trace_id":"${traceId}","span_id":"${spanId}","attributes":${jsonOfAttributes(filteredAttributes)}}`;
}
