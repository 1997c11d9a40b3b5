import type { Editable } from 'sluice/plugin';
import { randomnessKey, thresholdKey } from './carrier.ts';
import { bucketOf, fnv1a, randomnessOf } from './hash.ts';
import { idBytes, spanPriorityKey, type SampleOptions } from './sample.ts';
import { thresholdOfBuckets } from './sampler.ts';
import { randomnessText, thresholdText } from './threshold.ts';

/** Whether a record is kept, or undefined where it takes more to say. */
type FreshSampler = (record: Editable) => boolean | undefined;

/**
 * The usual case of hashing, in short: nothing was decided before, nothing is asked for, and the trace id decides. It does
 * what the long way does. `kept` buckets of all are kept, at least one.
 */
export function freshSpans({ seed }: SampleOptions, kept: number, failClosed: boolean): FreshSampler {
  const threshold = thresholdText(thresholdOfBuckets(kept));
  return (span) => {
    if (span.get(spanPriorityKey) !== undefined) return undefined;
    const id = idBytes(span);
    if (id === undefined) return undefined;
    const hashed = fnv1a(id, seed);
    const isKept = bucketOf(hashed) < kept;
    // Whatever the trace state says could only be one more reason to drop it.
    if (!isKept && failClosed) return false;
    if (span.field('trace_state') !== '') return undefined;
    if (!isKept) return false;
    span.setField('trace_state', `ot=rv:${randomnessText(randomnessOf(hashed))};th:${threshold}`);
    return true;
  };
}

/** The same for log records. */
export function freshLogs({ seed, byTraceId, priorityAttribute }: SampleOptions, kept: number): FreshSampler {
  if (!byTraceId) return () => undefined;
  const threshold = thresholdText(thresholdOfBuckets(kept));
  return (log) => {
    if (log.get(thresholdKey) !== undefined || log.get(randomnessKey) !== undefined) return undefined;
    if (priorityAttribute !== '' && log.get(priorityAttribute) !== undefined) return undefined;
    const id = idBytes(log);
    if (id === undefined) return undefined;
    const hashed = fnv1a(id, seed);
    if (bucketOf(hashed) >= kept) return false;
    log.set(randomnessKey, randomnessText(randomnessOf(hashed)));
    log.set(thresholdKey, threshold);
    return true;
  };
}
