import type { DataPoint, ExponentialHistogramDataPoint, HistogramDataPoint, NumberDataPoint } from 'sluice/plugin';
import { jsonDouble } from '../../plain-json.ts';
import { NoDocument } from './document.ts';

/** The value of a data point as a field of an index: a number, a histogram of values and counts, or a sum and a count. */
export function pointValue(point: DataPoint): string {
  switch (point.type) {
    case 'number':
      return number(point);
    case 'histogram':
      return histogram(point);
    case 'exponential_histogram':
      return exponential(point);
    case 'summary':
      return summed(point.sum, point.count);
  }
}

function summed(sum: number, count: bigint): string {
  return `{"sum":${jsonDouble(sum)},"value_count":${count}}`;
}

function number({ asInt, asDouble }: NumberDataPoint): string {
  if (asInt !== undefined) return String(asInt);
  if (asDouble === undefined) throw new NoDocument('the data point has no value');
  if (!Number.isFinite(asDouble))
    throw new NoDocument(`the value of the data point is ${asDouble}, which no index takes`);
  return jsonDouble(asDouble);
}

/** Each bucket by the middle of its bounds; the outer ones, which have one bound only, by that. Without bounds, sum and count. */
function histogram({ bucketCounts, explicitBounds, sum, count }: HistogramDataPoint): string {
  if (explicitBounds.length === 0) return summed(sum ?? 0, count);
  if (bucketCounts.length !== explicitBounds.length + 1)
    throw new NoDocument(`the histogram has ${bucketCounts.length} buckets and ${explicitBounds.length} bounds`);
  const last = explicitBounds.length;
  const middle = (i: number): number => {
    const below = explicitBounds[i - 1] as number;
    const above = explicitBounds[i] as number;
    if (i === 0) return above > 0 ? above / 2 : above;
    return i === last ? below : below + (above - below) / 2;
  };
  return counted(bucketCounts.map((count, i) => [middle(i), count] as const));
}

function exponential({ scale, zeroCount, positive, negative }: ExponentialHistogramDataPoint): string {
  const base = 2 ** (2 ** -scale);
  const middle = (index: number): number => (base ** index + base ** (index + 1)) / 2;
  const above = (positive?.bucketCounts ?? []).map((count, i) => [middle((positive?.offset ?? 0) + i), count] as const);
  const below = (negative?.bucketCounts ?? []).map(
    (count, i) => [-middle((negative?.offset ?? 0) + i), count] as const,
  );
  return counted([...below.reverse(), [0, zeroCount], ...above]);
}

/** Values in ascending order, each with how many there were; those that there were none of are left out. */
function counted(pairs: readonly (readonly [number, bigint])[]): string {
  const present = pairs.filter(([, count]) => count > 0n);
  const values = present.map(([value]) => jsonDouble(value)).join();
  return `{"counts":[${present.map(([, count]) => count).join()}],"values":[${values}]}`;
}
