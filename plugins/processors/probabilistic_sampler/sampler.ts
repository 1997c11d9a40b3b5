import type { Carrier } from './carrier.ts';
import { buckets } from './hash.ts';
import { highest, keepAll, keepNone, lowestProbability, probabilityOf, thresholdFor } from './threshold.ts';

export type Mode = 'hash_seed' | 'proportional' | 'equalizing';

export interface SamplerOptions {
  readonly percentage: number;
  readonly mode: Mode;
  readonly precision: number;
  readonly failClosed: boolean;
}

/** What is known of a record before the decision. */
export interface Sample {
  /** Undefined where there is nothing to decide by. */
  readonly randomness: bigint | undefined;
  /** Undefined where what the record carries must be left alone. */
  readonly carrier: Carrier | undefined;
  /** The record was sampled in a way that this mode cannot go on with, or what it carries cannot be read. */
  readonly failed: boolean;
  /** A threshold that the record asks for itself. */
  readonly priority: bigint | undefined;
}

/** The threshold that a mode sets, given the one that was there before. */
export type Decide = (before: bigint | undefined) => bigint;

/** Undefined where nothing is kept but what asks for it. */
export function deciderOf({ percentage, mode, precision }: SamplerOptions): Decide | undefined {
  const percent = Math.fround(Math.min(percentage, 100));
  if (percent === 0) return undefined;
  const ratio = Math.max(percent / 100, lowestProbability);
  if (mode === 'proportional') {
    return (before) => thresholdFor((before === undefined ? 1 : probabilityOf(before)) * ratio, precision) ?? keepNone;
  }
  if (mode === 'equalizing') {
    const own = thresholdFor(ratio, precision) as bigint;
    return (before) => (before !== undefined && before > own ? before : own);
  }
  const kept = bucketsKept(percentage);
  if (kept === 0) return undefined;
  const own = thresholdOfBuckets(kept);
  return () => own;
}

/** How many buckets a percentage keeps: in single precision and rounded down, as the Collector has always done it. */
export function bucketsKept(percentage: number): number {
  const percent = Math.fround(Math.min(percentage, 100));
  return Math.trunc(Math.fround(percent * Math.fround(buckets / 100)));
}

export function thresholdOfBuckets(kept: number): bigint {
  return BigInt(buckets - kept) << 42n;
}

/** Whether a record is kept. Writes what was decided to its carrier. */
export function isKept(sample: Sample, decide: Decide | undefined, failClosed: boolean): boolean {
  const { carrier, priority } = sample;
  // Where nothing is kept, nothing has to be known.
  const randomness = decide === undefined ? highest : sample.randomness;
  const failed = sample.failed || randomness === undefined || isInconsistent(randomness, carrier);
  const usual = failed ? (failClosed ? keepNone : keepAll) : (decide?.(carrier?.threshold) ?? keepNone);
  const threshold = priority ?? usual;
  const kept = threshold <= (randomness ?? highest);
  if (kept) carrier?.keep(threshold);
  return kept;
}

/** A record that should have been dropped before says nothing true with its threshold. */
function isInconsistent(randomness: bigint, carrier: Carrier | undefined): boolean {
  if (carrier?.threshold === undefined || carrier.threshold <= randomness) return false;
  carrier.clearThreshold();
  return true;
}
