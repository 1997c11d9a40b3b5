import type { DataPoint, Exemplar, ExponentialHistogramDataPoint, HistogramDataPoint } from 'sluice/plugin';
import { fixed, timestamp } from '../numbers.ts';
import { attributeLines } from './attributes.ts';
import { exponentialBuckets } from './exponential-buckets.ts';

const headings: Readonly<Record<DataPoint['type'], string>> = {
  number: 'NumberDataPoints',
  histogram: 'HistogramDataPoints',
  exponential_histogram: 'ExponentialHistogramDataPoints',
  summary: 'SummaryDataPoints',
};

/** A data point in the Collector's many-line form. */
export function pointLines(point: DataPoint, index: number): string[] {
  return [
    `${headings[point.type]} #${index}`,
    ...attributeLines('Data point attributes', point.attributes),
    `StartTimestamp: ${timestamp(point.startTimeUnixNano)}`,
    `Timestamp: ${timestamp(point.timeUnixNano)}`,
    ...contents(point),
    ...(point.type === 'summary' || point.exemplars.length === 0
      ? []
      : ['Exemplars:', ...point.exemplars.flatMap(exemplarLines)]),
  ];
}

function contents(point: DataPoint): string[] {
  if (point.type === 'number') return numberLines('', point);
  if (point.type === 'exponential_histogram') return [...distribution(point), ...exponentialBuckets(point)];
  if (point.type === 'histogram') {
    return [
      ...distribution(point),
      ...point.explicitBounds.map((bound, i) => `ExplicitBounds #${i}: ${fixed(bound)}`),
      ...point.bucketCounts.map((count, i) => `Buckets #${i}, Count: ${count}`),
    ];
  }
  return [
    `Count: ${point.count}`,
    `Sum: ${fixed(point.sum)}`,
    ...point.quantileValues.map(
      ({ quantile, value }, i) => `QuantileValue #${i}: Quantile ${fixed(quantile)}, Value ${fixed(value)}`,
    ),
  ];
}

function distribution({ count, sum, min, max }: HistogramDataPoint | ExponentialHistogramDataPoint): string[] {
  const facts = Object.entries({ Sum: sum, Min: min, Max: max });
  return [
    `Count: ${count}`,
    ...facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${fixed(value)}`])),
  ];
}

function exemplarLines(exemplar: Exemplar, index: number): string[] {
  return [
    `Exemplar #${index}`,
    `     -> Trace ID: ${exemplar.traceId}`,
    `     -> Span ID: ${exemplar.spanId}`,
    `     -> Timestamp: ${timestamp(exemplar.timeUnixNano)}`,
    ...numberLines('     -> ', exemplar),
    ...attributeLines('     -> FilteredAttributes', exemplar.filteredAttributes, '     '),
  ];
}

function numberLines(indent: string, { asInt, asDouble }: Pick<Exemplar, 'asInt' | 'asDouble'>): string[] {
  if (asInt !== undefined) return [`${indent}Value: ${asInt}`];
  return asDouble === undefined ? [] : [`${indent}Value: ${fixed(asDouble)}`];
}
