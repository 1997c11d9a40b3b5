import type { DataPoint } from '../../wire/index.ts';
import { Sequence, type Value } from '../run/value.ts';
import { int, integer, moment, type Field, type Fields, type View } from './field.ts';

type PointOf<T extends DataPoint['type']> = Extract<DataPoint, { readonly type: T }>;

function pointOf(view: View): DataPoint {
  return view.record as DataPoint;
}

/** A field that points of some types have; nil for the others. */
function of<const T extends DataPoint['type']>(
  types: readonly T[],
  type: Field['type'],
  read: (point: PointOf<T>) => Value,
): Field {
  const has = (point: DataPoint): point is PointOf<T> => (types as readonly string[]).includes(point.type);
  return {
    type,
    read: (view) => {
      const point = pointOf(view);
      return has(point) ? read(point) : null;
    },
  };
}

function buckets(side: 'positive' | 'negative'): Field {
  return {
    ...of(['exponential_histogram'], 'sequence', () => new Sequence(0)),
    fields: new Map([
      ['offset', of(['exponential_histogram'], 'int', (point) => int(point[side]?.offset ?? 0))],
      ['bucket_counts', of(['exponential_histogram'], 'list', (point) => (point[side]?.bucketCounts ?? []).map(int))],
    ]),
  };
}

const histograms = ['histogram', 'exponential_histogram'] as const;

/** `datapoint`. A number is an int or a double; asked for as the other, it is 0. */
export const dataPointFields: Fields = new Map<string, Field>([
  ['attributes', { type: 'map', read: (view) => pointOf(view).attributes, plan: { attributesOf: 'record' } }],
  ...moment('start_time', (view) => pointOf(view).startTimeUnixNano),
  ...moment('time', (view) => pointOf(view).timeUnixNano),
  ['value_double', of(['number'], 'float', ({ asDouble }) => asDouble ?? 0)],
  ['value_int', of(['number'], 'int', ({ asInt }) => asInt ?? 0n)],
  ['exemplars', of(['number', ...histograms], 'sequence', ({ exemplars }) => new Sequence(exemplars.length))],
  ['flags', integer((view) => pointOf(view).flags)],
  ['count', of([...histograms, 'summary'], 'int', ({ count }) => int(count))],
  ['sum', of([...histograms, 'summary'], 'float', ({ sum }) => sum ?? 0)],
  ['bucket_counts', of(['histogram'], 'list', ({ bucketCounts }) => bucketCounts.map(int))],
  ['explicit_bounds', of(['histogram'], 'list', ({ explicitBounds }) => explicitBounds)],
  ['scale', of(['exponential_histogram'], 'int', ({ scale }) => int(scale))],
  ['zero_count', of(['exponential_histogram'], 'int', ({ zeroCount }) => int(zeroCount))],
  ['positive', buckets('positive')],
  ['negative', buckets('negative')],
  ['quantile_values', of(['summary'], 'sequence', ({ quantileValues }) => new Sequence(quantileValues.length))],
]);
