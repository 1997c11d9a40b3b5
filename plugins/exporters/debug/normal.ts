import {
  metricData,
  type Attributes,
  type DataPoint,
  type Decoded,
  type Entries,
  type LogRecord,
  type Metric,
  type ResourceGroup,
  type ScopeGroup,
  type Signal,
  type Span,
} from 'sluice/plugin';
import { fixed, shortest } from './numbers.ts';
import { pairs, valueText } from './values.ts';

const headings: Readonly<Record<Signal, { readonly resource: string; readonly scope: string }>> = {
  logs: { resource: 'ResourceLog', scope: 'ScopeLog' },
  traces: { resource: 'ResourceTraces', scope: 'ScopeTraces' },
  metrics: { resource: 'ResourceMetrics', scope: 'ScopeMetrics' },
};

const recordLines = { logs: logLine, traces: spanLine, metrics: metricLines } as Readonly<
  Record<Signal, (record: Entries[Signal]) => string | readonly string[]>
>;

/** One line for each record, under a line for its resource and one for its scope; every line ends in a newline. */
export function normalText(request: Decoded): string {
  const lines = request.resources.flatMap((resource, i) => [
    resourceLine(request.signal, i, resource),
    // The Collector numbers a scope after its resource.
    ...resource.scopes.flatMap((scope) => [
      scopeLine(request.signal, i, scope),
      ...scope.records.flatMap(recordLines[request.signal]),
    ]),
  ]);
  return lines.map((line) => `${line}\n`).join('');
}

function resourceLine(signal: Signal, index: number, { resource, schemaUrl }: ResourceGroup): string {
  return `${headings[signal].resource} #${index}${bracketed(schemaUrl)}${spaced(resource?.attributes)}`;
}

function scopeLine(signal: Signal, index: number, { scope, schemaUrl }: ScopeGroup): string {
  const named = `${scope?.name ?? ''}${scope?.version ? `@${scope.version}` : ''}`;
  return `${headings[signal].scope} #${index}${named === '' ? '' : ` ${named}`}${bracketed(schemaUrl)}${spaced(scope?.attributes)}`;
}

function bracketed(schemaUrl: string): string {
  return schemaUrl === '' ? '' : ` [${schemaUrl}]`;
}

function spaced(attributes: Attributes | undefined): string {
  return pairs(attributes)
    .map((pair) => ` ${pair}`)
    .join('');
}

function logLine({ body, attributes }: LogRecord): string {
  return `${valueText(body)} ${pairs(attributes).join(' ')}`;
}

function spanLine({ name, traceId, spanId, attributes }: Span): string {
  return `${name} ${traceId} ${spanId}${spaced(attributes)}`;
}

function metricLines(metric: Metric): string[] {
  const points: readonly DataPoint[] = metricData(metric)?.dataPoints ?? [];
  return points.map((point) => `${metric.name}{${pairs(point.attributes).join(',')}} ${pointText(point)}`);
}

function pointText(point: DataPoint): string {
  if (point.type === 'number') {
    if (point.asInt !== undefined) return String(point.asInt);
    return point.asDouble === undefined ? '' : shortest(point.asDouble);
  }
  if (point.type === 'exponential_histogram') return distribution(point).join(' ');
  if (point.type === 'histogram') {
    return [
      ...distribution(point),
      ...point.bucketCounts.map((count, i) => `${upperBound(point.explicitBounds[i])}${count}`),
    ].join(' ');
  }
  const quantiles = point.quantileValues.map(({ quantile, value }) => `q${shortest(quantile)}=${shortest(value)}`);
  return [`count=${point.count}`, `sum=${fixed(point.sum)}`, ...quantiles].join(' ');
}

function distribution(
  point: Pick<Extract<DataPoint, { type: 'histogram' }>, 'count' | 'sum' | 'min' | 'max'>,
): string[] {
  return [
    `count=${point.count}`,
    ...(['sum', 'min', 'max'] as const).flatMap((name) =>
      point[name] === undefined ? [] : [`${name}=${shortest(point[name])}`],
    ),
  ];
}

function upperBound(bound: number | undefined): string {
  return bound === undefined ? '' : `le${shortest(bound)}=`;
}
