import { enumValues } from '../../wire/index.ts';
import type { ContextName } from './context.ts';

type Numbered = readonly (readonly [string, bigint])[];

const numbered = (names: readonly string[]): Numbered => names.map((name, i) => [name, BigInt(i)]);
const metricTypes = ['NONE', 'GAUGE', 'SUM', 'HISTOGRAM', 'EXPONENTIAL_HISTOGRAM', 'SUMMARY'];

const log = numbered(enumValues.SeverityNumber);
const span = [...numbered(enumValues.SpanKind), ...numbered(enumValues.StatusCode)];
const metric = [
  ...numbered(enumValues.AggregationTemporality),
  ...numbered(metricTypes.map((name) => `METRIC_DATA_TYPE_${name}`)),
];
const flags: Numbered = [
  ['FLAG_NONE', 0n],
  ['FLAG_NO_RECORDED_VALUE', 1n],
];

/** The enums that each context knows: names that stand for ints. */
export const enumsOf: Readonly<Record<ContextName, ReadonlyMap<string, bigint>>> = {
  resource: new Map(),
  scope: new Map(),
  log: new Map(log),
  span: new Map(span),
  spanevent: new Map(span),
  metric: new Map(metric),
  datapoint: new Map([...metric, ...flags]),
};
