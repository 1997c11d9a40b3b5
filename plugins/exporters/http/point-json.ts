import { enumValues, type DataPoint, type Metric } from 'sluice/plugin';
import { JsonObject, jsonDouble } from '../plain-json.ts';

/** The value of a point: a number, or an object of what a histogram or summary has. Undefined where nothing was recorded. */
export function pointJson(point: DataPoint): string | undefined {
  if (point.type === 'number') {
    if (point.asInt !== undefined) return String(point.asInt);
    return point.asDouble === undefined ? undefined : jsonDouble(point.asDouble);
  }
  const object = new JsonObject().add('count', String(point.count));
  if (point.sum !== undefined) object.add('sum', jsonDouble(point.sum));
  if (point.type === 'summary') {
    const quantiles = point.quantileValues.map(
      ({ quantile, value }) => `{"quantile":${jsonDouble(quantile)},"value":${jsonDouble(value)}}`,
    );
    return object.add('quantiles', `[${quantiles.join()}]`).toString();
  }
  if (point.min !== undefined) object.add('min', jsonDouble(point.min));
  if (point.max !== undefined) object.add('max', jsonDouble(point.max));
  if (point.type === 'histogram')
    object
      .add('bounds', `[${point.explicitBounds.map(jsonDouble).join()}]`)
      .add('buckets', `[${point.bucketCounts.join()}]`);
  else {
    object.add('scale', String(point.scale)).add('zero_count', String(point.zeroCount));
    for (const side of ['positive', 'negative'] as const) {
      const { offset = 0, bucketCounts = [] } = point[side] ?? {};
      if (bucketCounts.length > 0) object.add(side, `{"offset":${offset},"buckets":[${bucketCounts.join()}]}`);
    }
  }
  return object.toString();
}

const kinds = ['gauge', 'sum', 'histogram', 'exponential_histogram', 'summary'] as const;

export function metricType(metric: Metric): string {
  return (
    kinds.find((kind) => metric[kind === 'exponential_histogram' ? 'exponentialHistogram' : kind] !== undefined) ?? ''
  );
}

/** `delta` or `cumulative`; empty where the metric has none. */
export function temporality({ sum, histogram, exponentialHistogram }: Metric): string {
  const number = (sum ?? histogram ?? exponentialHistogram)?.aggregationTemporality ?? 0;
  return number === 0 ? '' : named(enumValues.AggregationTemporality[number], 'AGGREGATION_TEMPORALITY_');
}

/** `SPAN_KIND_SERVER` as `server`; empty where the number has no name. */
export function named(name: string | undefined, prefix: string): string {
  return (name ?? prefix).slice(prefix.length).toLowerCase();
}
