import { enumValues, metricData, type Metric } from 'sluice/plugin';
import { enumName } from './enum-name.ts';
import { pointLines } from './points.ts';

/** A metric and its points in the Collector's many-line form. */
export function metricLines(metric: Metric, index: number): string[] {
  const temporality = (metric.sum ?? metric.histogram ?? metric.exponentialHistogram)?.aggregationTemporality;
  return [
    `Metric #${index}`,
    'Descriptor:',
    `     -> Name: ${metric.name}`,
    `     -> Description: ${metric.description}`,
    `     -> Unit: ${metric.unit}`,
    `     -> DataType: ${dataType(metric)}`,
    ...(metric.sum === undefined ? [] : [`     -> IsMonotonic: ${metric.sum.isMonotonic}`]),
    ...(temporality === undefined
      ? []
      : [`     -> AggregationTemporality: ${enumName(enumValues.AggregationTemporality, temporality)}`]),
    ...(metricData(metric)?.dataPoints ?? []).flatMap(pointLines),
  ];
}

function dataType(metric: Metric): string {
  if (metric.gauge !== undefined) return 'Gauge';
  if (metric.sum !== undefined) return 'Sum';
  if (metric.histogram !== undefined) return 'Histogram';
  if (metric.exponentialHistogram !== undefined) return 'ExponentialHistogram';
  return metric.summary === undefined ? 'Empty' : 'Summary';
}
