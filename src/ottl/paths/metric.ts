import { metricData } from '../../wire/index.ts';
import { Sequence } from '../run/value.ts';
import { int, metricOf, text, type Field, type Fields, type View } from './field.ts';

/** In the order of OTTL's METRIC_DATA_TYPE_… */
const kinds = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

function kindOf(view: View): bigint {
  return BigInt(kinds.findIndex((kind) => metricOf(view)[kind] !== undefined) + 1);
}

function temporality(view: View): bigint | null {
  const { sum, histogram, exponentialHistogram } = metricOf(view);
  const data = sum ?? histogram ?? exponentialHistogram;
  return data === undefined ? null : int(data.aggregationTemporality);
}

/** `metric`. */
export const metricFields: Fields = new Map<string, Field>([
  ['name', text((view) => metricOf(view).name, 'name')],
  ['description', text((view) => metricOf(view).description)],
  ['unit', text((view) => metricOf(view).unit)],
  ['type', { type: 'int', read: kindOf }],
  ['aggregation_temporality', { type: 'int', read: temporality }],
  ['is_monotonic', { type: 'bool', read: (view) => metricOf(view).sum?.isMonotonic ?? null }],
  [
    'data_points',
    { type: 'sequence', read: (view) => new Sequence(metricData(metricOf(view))?.dataPoints.length ?? 0) },
  ],
  ['metadata', { type: 'map', read: (view) => metricOf(view).metadata }],
]);
