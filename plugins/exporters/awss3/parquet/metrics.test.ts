import {
  Attributes,
  Buckets,
  Decoded,
  encode,
  Exemplar,
  ExponentialHistogram,
  ExponentialHistogramDataPoint,
  Gauge,
  Histogram,
  HistogramDataPoint,
  Metric,
  NumberDataPoint,
  Resource,
  ResourceGroup,
  Scope,
  ScopeGroup,
  Sum,
  Summary,
  SummaryDataPoint,
  ValueAtQuantile,
  type Batch,
} from 'sluice/plugin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DuckDB, placeColumns } from './test-data/duckdb.ts';

let duckdb: DuckDB;
beforeAll(async () => {
  duckdb = await DuckDB.open();
});
afterAll(() => duckdb.close());

const int64 = { least: -(2n ** 63n), most: 2n ** 63n - 1n };

describe('data points in Parquet', () => {
  it('have typed columns', async () => {
    expect(await duckdb.schema(duckdb.write('metrics', [batchOf()]))).toEqual({
      timestamp: 'TIMESTAMP WITH TIME ZONE',
      start_timestamp: 'TIMESTAMP WITH TIME ZONE',
      metric_name: 'VARCHAR',
      metric_description: 'VARCHAR',
      metric_unit: 'VARCHAR',
      metric_type: 'VARCHAR',
      aggregation_temporality: 'VARCHAR',
      is_monotonic: 'BOOLEAN',
      value_double: 'DOUBLE',
      value_int: 'BIGINT',
      count: 'UBIGINT',
      sum: 'DOUBLE',
      min: 'DOUBLE',
      max: 'DOUBLE',
      bucket_counts: 'VARCHAR',
      explicit_bounds: 'VARCHAR',
      scale: 'INTEGER',
      zero_count: 'UBIGINT',
      zero_threshold: 'DOUBLE',
      positive_offset: 'INTEGER',
      positive_bucket_counts: 'VARCHAR',
      negative_offset: 'INTEGER',
      negative_bucket_counts: 'VARCHAR',
      quantiles: 'VARCHAR',
      exemplars: 'VARCHAR',
      flags: 'UINTEGER',
      attributes: 'VARCHAR',
      metric_metadata: 'VARCHAR',
      ...placeColumns,
    });
  });

  it('keep gauges and sums, integers to the last digit and doubles that are no numbers', async () => {
    const exemplar = Exemplar.from({ timeUnixNano: 5n, asInt: int64.most, traceId: 'a'.repeat(32) });
    const points = [
      NumberDataPoint.from({
        timeUnixNano: 2_000n,
        startTimeUnixNano: 1_000n,
        asInt: int64.least,
        exemplars: [exemplar],
      }),
      NumberDataPoint.from({ asInt: int64.most, flags: 1, attributes: Attributes.from({ pod: 'a' }) }),
      NumberDataPoint.from({ asDouble: Number.NaN }),
      NumberDataPoint.from({ asDouble: -0 }),
      NumberDataPoint.from({ asDouble: Number.NEGATIVE_INFINITY }),
      NumberDataPoint.from({}),
    ];
    const [metadata, named] = [Attributes.from({ m: 'd' }), { name: 'n', description: 'what', unit: 'By' }];
    const sum = Metric.from({
      ...named,
      metadata,
      sum: Sum.from({ dataPoints: points, aggregationTemporality: 2, isMonotonic: true }),
    });
    const gauge = Metric.from({ name: 'g', gauge: Gauge.from({ dataPoints: [NumberDataPoint.from({ asInt: 0n })] }) });
    const rows = await duckdb.rows('metrics', [batchOf(sum, gauge)]);
    expect(rows.map(({ value_int, value_double }) => [value_int, value_double])).toEqual([
      [int64.least, null],
      [int64.most, null],
      [null, Number.NaN],
      [null, -0],
      [null, Number.NEGATIVE_INFINITY],
      [null, null],
      [0n, null],
    ]);
    expect(rows[0]).toMatchObject({
      timestamp: { micros: 2n },
      start_timestamp: { micros: 1n },
      metric_name: 'n',
      metric_description: 'what',
      metric_unit: 'By',
      metric_type: 'sum',
      aggregation_temporality: 'CUMULATIVE',
      is_monotonic: true,
      count: null,
      exemplars: `[{"time_unix_nano":5,"value":${int64.most},"trace_id":"${'a'.repeat(32)}","span_id":"","attributes":{}}]`,
      metric_metadata: '{"m":"d"}',
      service_name: 'shop',
      resource_schema_url: 'urn:resource',
      scope_name: 'scope',
      scope_version: '1',
      scope_attributes: '{"s":true}',
      scope_schema_url: 'urn:scope',
    });
    expect(rows[1]).toMatchObject({ flags: 1, attributes: '{"pod":"a"}' });
    expect(rows[6]).toMatchObject({ metric_type: 'gauge', aggregation_temporality: null, is_monotonic: null });
  });

  it('keep histograms of both kinds and summaries', async () => {
    const histogram = HistogramDataPoint.from({
      count: 2n ** 64n - 1n,
      sum: 1.5,
      min: -1,
      bucketCounts: [1n, 2n ** 60n],
      explicitBounds: [0.5],
    });
    const exponential = ExponentialHistogramDataPoint.from({
      count: 3n,
      scale: -2,
      zeroCount: 1n,
      zeroThreshold: 0.001,
      positive: Buckets.from({ offset: -7, bucketCounts: [1n, 0n] }),
    });
    const summary = SummaryDataPoint.from({
      count: 9n,
      sum: 2,
      quantileValues: [ValueAtQuantile.from({ quantile: 0.99, value: Number.POSITIVE_INFINITY })],
    });
    const rows = await duckdb.rows('metrics', [
      batchOf(
        Metric.from({ histogram: Histogram.from({ dataPoints: [histogram], aggregationTemporality: 1 }) }),
        Metric.from({ exponentialHistogram: ExponentialHistogram.from({ dataPoints: [exponential] }) }),
        Metric.from({ summary: Summary.from({ dataPoints: [summary] }) }),
        Metric.from({ name: 'no points', gauge: new Gauge() }),
        Metric.from({ name: 'no data' }),
      ),
    ]);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      metric_type: 'histogram',
      aggregation_temporality: 'DELTA',
      count: 2n ** 64n - 1n,
      sum: 1.5,
      min: -1,
      max: null,
      bucket_counts: '[1,1152921504606846976]',
      explicit_bounds: '[0.5]',
      scale: null,
    });
    expect(rows[1]).toMatchObject({
      metric_type: 'exponential_histogram',
      aggregation_temporality: null,
      scale: -2,
      zero_count: 1n,
      zero_threshold: 0.001,
      positive_offset: -7,
      positive_bucket_counts: '[1,0]',
      negative_offset: null,
      negative_bucket_counts: null,
      bucket_counts: null,
    });
    expect(rows[2]).toMatchObject({
      metric_type: 'summary',
      count: 9n,
      sum: 2,
      quantiles: '[{"quantile":0.99,"value":"Infinity"}]',
      exemplars: null,
    });
  });
});

function batchOf(...metrics: readonly Metric[]): Batch {
  const tree = new Decoded('metrics');
  const group = new ResourceGroup<'metrics'>();
  group.resource = Resource.from({ attributes: Attributes.from({ 'service.name': 'shop' }) });
  group.schemaUrl = 'urn:resource';
  const scope = new ScopeGroup<'metrics'>();
  scope.scope = Scope.from({ name: 'scope', version: '1', attributes: Attributes.from({ s: true }) });
  scope.schemaUrl = 'urn:scope';
  scope.records.push(...metrics);
  group.scopes.push(scope);
  tree.resources.push(group);
  return encode(tree, { receivedAt: 0 });
}
