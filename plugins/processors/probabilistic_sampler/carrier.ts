import type { LogRecord, Span } from 'sluice/plugin';
import { parseRandomness, parseThreshold, randomnessText, thresholdText } from './threshold.ts';
import { formatTraceState, parseTraceState } from './trace-state.ts';

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
export function spanCarrier(span: Span): Carrier | undefined {
  const state = parseTraceState(span.traceState);
  if (state === undefined) return undefined;
  return {
    randomness: state.randomness === '' ? undefined : parseRandomness(state.randomness),
    get threshold() {
      return state.threshold === '' ? undefined : parseThreshold(state.threshold);
    },
    setRandomness(value) {
      state.randomness = randomnessText(value);
    },
    clearThreshold() {
      state.threshold = '';
    },
    keep(threshold) {
      if ((this.threshold ?? 0n) <= threshold) state.threshold = thresholdText(threshold);
      span.traceState = formatTraceState(state);
    },
  };
}

const thresholdKey = 'sampling.threshold';
const randomnessKey = 'sampling.randomness';

/** Two attributes of a log record. Undefined where one of them cannot be read. */
export function logCarrier({ attributes }: LogRecord): Carrier | undefined {
  const read = (key: string): string => {
    const value = attributes.get(key);
    return typeof value === 'string' ? value : '';
  };
  const [tText, rText] = [read(thresholdKey), read(randomnessKey)];
  let threshold = parseThreshold(tText);
  const randomness = parseRandomness(rText);
  if ((tText !== '' && threshold === undefined) || (rText !== '' && randomness === undefined)) return undefined;
  return {
    randomness,
    get threshold() {
      return threshold;
    },
    setRandomness(value) {
      attributes.set(randomnessKey, randomnessText(value));
    },
    clearThreshold() {
      threshold = undefined;
      attributes.delete(thresholdKey);
    },
    keep(next) {
      if ((threshold ?? 0n) <= next) attributes.set(thresholdKey, thresholdText(next));
    },
  };
}
