import type { Editable } from 'sluice/plugin';
import { parseRandomness, parseThreshold, randomnessText, thresholdText } from './threshold.ts';
import { formatTraceState, parseTraceState, type TraceState } from './trace-state.ts';

/** Where a record carries what samplers before this one decided, and where this one writes its own. */
export interface Carrier {
  readonly randomness: bigint | undefined;
  readonly threshold: bigint | undefined;
  setRandomness(value: bigint): void;
  clearThreshold(): void;
  /** Notes the threshold of a record that is kept. One that is lower than before would be a lie, and is not written. */
  keep(threshold: bigint): void;
}

/** The entry `ot` of a span's trace state. Undefined where the trace state cannot be read. */
export function spanCarrier(span: Editable): Carrier | undefined {
  const state = parseTraceState(span.field('trace_state'));
  return state === undefined ? undefined : new SpanCarrier(span, state);
}

class SpanCarrier implements Carrier {
  private readonly span: Editable;
  private readonly state: TraceState;
  readonly randomness: bigint | undefined;

  constructor(span: Editable, state: TraceState) {
    this.span = span;
    this.state = state;
    this.randomness = state.randomness === '' ? undefined : parseRandomness(state.randomness);
  }

  get threshold(): bigint | undefined {
    return this.state.threshold === '' ? undefined : parseThreshold(this.state.threshold);
  }

  setRandomness(value: bigint): void {
    this.state.randomness = randomnessText(value);
  }

  clearThreshold(): void {
    this.state.threshold = '';
  }

  keep(threshold: bigint): void {
    if ((this.threshold ?? 0n) <= threshold) this.state.threshold = thresholdText(threshold);
    this.span.setField('trace_state', formatTraceState(this.state));
  }
}

export const thresholdKey = 'sampling.threshold';
export const randomnessKey = 'sampling.randomness';

/** Two attributes of a log record. Undefined where one of them cannot be read. */
export function logCarrier(log: Editable): Carrier | undefined {
  const [thresholdThere, randomnessThere] = [textIn(log, thresholdKey), textIn(log, randomnessKey)];
  const threshold = parseThreshold(thresholdThere);
  const randomness = parseRandomness(randomnessThere);
  if (thresholdThere !== '' && threshold === undefined) return undefined;
  if (randomnessThere !== '' && randomness === undefined) return undefined;
  return new LogCarrier(log, threshold, randomness);
}

function textIn(log: Editable, key: string): string {
  const value = log.get(key);
  return typeof value === 'string' ? value : '';
}

class LogCarrier implements Carrier {
  private readonly log: Editable;
  readonly randomness: bigint | undefined;
  threshold: bigint | undefined;

  constructor(log: Editable, threshold: bigint | undefined, randomness: bigint | undefined) {
    this.log = log;
    this.threshold = threshold;
    this.randomness = randomness;
  }

  setRandomness(value: bigint): void {
    this.log.set(randomnessKey, randomnessText(value));
  }

  clearThreshold(): void {
    this.threshold = undefined;
    this.log.delete(thresholdKey);
  }

  keep(next: bigint): void {
    if ((this.threshold ?? 0n) <= next) this.log.set(thresholdKey, thresholdText(next));
  }
}
