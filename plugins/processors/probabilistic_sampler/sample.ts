import { textOf, type Editable, type PlainValue } from 'sluice/plugin';
import { logCarrier, spanCarrier, type Carrier } from './carrier.ts';
import { hashedRandomness } from './hash.ts';
import type { Mode, Sample } from './sampler.ts';
import { highest, keepAll, keepNone, thresholdFor } from './threshold.ts';

export interface SampleOptions {
  readonly mode: Mode;
  readonly seed: number;
  readonly precision: number;
  /** Whether log records go by their trace id, where they have one. */
  readonly byTraceId: boolean;
  /** The attribute that log records go by without one. */
  readonly fromAttribute: string;
  /** The attribute of log records that asks for a percentage. */
  readonly priorityAttribute: string;
  /** Whether nothing is kept, so that nothing has to be known. */
  readonly keepsNothing: boolean;
}

/** The attribute of spans that asks for them to be kept or dropped. */
export const spanPriorityKey = 'sampling.priority';

export function sampleOfSpan(span: Editable, options: SampleOptions): Sample {
  const carrier = spanCarrier(span);
  const priority = spanPriority(span.get(spanPriorityKey));
  const id = idBytes(span);
  if (options.keepsNothing || options.mode !== 'hash_seed') {
    return { ...consistent(carrier, id), priority };
  }
  const randomness = id === undefined ? undefined : hashedRandomness(id, options.seed);
  return { ...hashed(carrier, randomness, randomness ?? highest), priority };
}

export function sampleOfLog(log: Editable, options: SampleOptions): Sample {
  const carrier = logCarrier(log);
  const asked = options.priorityAttribute === '' ? undefined : log.get(options.priorityAttribute);
  const priority = logPriority(asked, options.precision);
  const id = idBytes(log);
  if (options.keepsNothing || options.mode !== 'hash_seed') {
    return { ...consistent(carrier, id), priority };
  }
  const data = (options.byTraceId ? id : undefined) ?? attributeBytes(log, options.fromAttribute);
  const randomness = data === undefined ? undefined : hashedRandomness(data, options.seed);
  return { ...hashed(carrier, randomness, randomness), priority };
}

/** The specification's randomness: what the record carries, or its trace id. None where what it carries cannot be read. */
function consistent(carrier: Carrier | undefined, id: Uint8Array | undefined): Omit<Sample, 'priority'> {
  if (carrier === undefined) return { carrier, failed: true, randomness: undefined };
  return { carrier, failed: false, randomness: carrier.randomness ?? lowBits(id) };
}

/** Hashing does not go on with what other samplers said; where they said nothing, its randomness is written down. */
function hashed(
  carrier: Carrier | undefined,
  randomness: bigint | undefined,
  written: bigint | undefined,
): Omit<Sample, 'priority'> {
  const inUse = carrier?.randomness !== undefined || carrier?.threshold !== undefined;
  if (carrier === undefined || inUse) return { randomness, carrier: undefined, failed: true };
  if (written !== undefined) carrier.setRandomness(written);
  return { randomness, carrier, failed: false };
}

/** Undefined for an id of zeros, which is none. */
export function idBytes(record: Editable): Uint8Array | undefined {
  const id = record.field('trace_id');
  for (const byte of id) if (byte !== 0) return id;
  return undefined;
}

/** The low 56 bits of a trace id, which the specification takes to be random. */
function lowBits(id: Uint8Array | undefined): bigint | undefined {
  return id === undefined ? undefined : BigInt(`0x${Buffer.from(id.subarray(9, 16)).toString('hex')}`);
}

function attributeBytes(log: Editable, key: string): Uint8Array | undefined {
  const value = key === '' ? undefined : log.get(key);
  if (value === undefined) return undefined;
  const bytes = value instanceof Uint8Array ? value : Buffer.from(textOf(value));
  return bytes.length > 0 ? bytes : undefined;
}

/** Above 0 asks for a span to be kept, 0 for it to be dropped; as a number or as text. */
function spanPriority(value: PlainValue | undefined): bigint | undefined {
  const isNumber = typeof value === 'bigint' || typeof value === 'number';
  const isText = typeof value === 'string' && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value);
  if (!isNumber && !isText) return undefined;
  const number = Number(value);
  if (number === 0) return keepNone;
  return number > 0 ? keepAll : undefined;
}

/** A percentage that replaces the configured one. */
function logPriority(value: PlainValue | undefined, precision: number): bigint | undefined {
  const isNumber = typeof value === 'bigint' || typeof value === 'number';
  return isNumber && Number(value) !== 0 ? thresholdFor(Number(value) / 100, precision) : undefined;
}
