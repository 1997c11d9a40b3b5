import type { ExponentialHistogramDataPoint } from 'sluice/plugin';
import { fixed } from '../numbers.ts';

/** Buckets with their bounds, from the lowest to the highest. */
export function exponentialBuckets({ scale, negative, zeroCount, positive }: ExponentialHistogramDataPoint): string[] {
  const bound = (index: number): number => Math.exp(index * Math.LN2 * 2 ** -scale);
  const below = (negative?.bucketCounts ?? []).map((count, i) => {
    const index = (negative?.offset ?? 0) + i;
    return `Bucket [${fixed(-bound(index + 1))}, ${fixed(-bound(index))}), Count: ${count}`;
  });
  const above = (positive?.bucketCounts ?? []).map((count, i) => {
    const index = (positive?.offset ?? 0) + i;
    return `Bucket (${fixed(bound(index))}, ${fixed(bound(index + 1))}], Count: ${count}`;
  });
  return [...below.toReversed(), ...(zeroCount === 0n ? [] : [`Bucket [0, 0], Count: ${zeroCount}`]), ...above];
}
