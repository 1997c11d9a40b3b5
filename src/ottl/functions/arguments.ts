import { Attributes, type AnyValue } from '../../wire/index.ts';
import { likeText } from '../run/text.ts';
import { Duration, EvaluationError, Instant, TypeMismatch, type Value } from '../run/value.ts';

export function anything(value: Value): Value {
  return value;
}

export function asString(value: Value): string {
  if (typeof value !== 'string') throw new TypeMismatch('string', value);
  return value;
}

export function asInt(value: Value): bigint {
  if (typeof value !== 'bigint') throw new TypeMismatch('int', value);
  return value;
}

export function asTime(value: Value): Instant {
  if (!(value instanceof Instant)) throw new TypeMismatch('time', value);
  return value;
}

export function asDuration(value: Value): Duration {
  if (!(value instanceof Duration)) throw new TypeMismatch('duration', value);
  return value;
}

export function asList(value: Value): AnyValue[] {
  if (!Array.isArray(value)) throw new TypeMismatch('list', value);
  return value;
}

export function asMap(value: Value): Attributes {
  if (!(value instanceof Attributes)) throw new TypeMismatch('map', value);
  return value;
}

/** Anything as text; undefined for nil. */
export const asText = likeText;

/** Text, bytes, a number or a bool as bytes: numbers big-endian in eight bytes. Undefined for nil. */
export function asBytes(value: Value): Uint8Array | undefined {
  if (value === null || value instanceof Uint8Array) return value ?? undefined;
  if (typeof value === 'string') return Buffer.from(value);
  if (typeof value === 'boolean') return Buffer.of(Number(value));
  const bytes = Buffer.alloc(8);
  if (typeof value === 'bigint') bytes.writeBigInt64BE(value);
  else if (typeof value === 'number') bytes.writeDoubleBE(value);
  else throw new TypeMismatch('string, bytes, number or bool', value);
  return bytes;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const named = /^([+-]?)(?:(inf|infinity)|nan)$/i;

/** A number, a bool or text that is a number, as a float. Undefined for nil. */
export function asFloatLike(value: Value): number | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') throw new TypeMismatch('number, string or bool', value);
  if (decimal.test(value)) return Number(value);
  const match = named.exec(value);
  if (match === null) throw new EvaluationError(`${value} is no number`);
  if (match[2] === undefined) return Number.NaN;
  return match[1] === '-' ? -Infinity : Infinity;
}

const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;

/** A number, a bool or text that is an int, as an int. Undefined for nil and for other text. */
export function asIntLike(value: Value): bigint | undefined {
  if (value === null || typeof value === 'bigint') return value ?? undefined;
  if (typeof value === 'boolean') return BigInt(value);
  if (typeof value === 'number') return truncated(value);
  if (typeof value !== 'string') throw new TypeMismatch('number, string or bool', value);
  if (!/^[+-]?\d{1,19}$/.test(value)) return undefined;
  const int = BigInt(value.replace('+', ''));
  return int < minInt || int > maxInt ? undefined : int;
}

/** What does not fit 64 bits becomes the lowest int, as it does on the machines the Collector runs on. */
function truncated(value: number): bigint {
  return Math.abs(value) < 2 ** 63 ? BigInt(Math.trunc(value)) : minInt;
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
]);

/** A bool, a number or text such as `true`, as a bool. Undefined for nil. */
export function asBoolLike(value: Value): boolean | undefined {
  if (value === null || typeof value === 'boolean') return value ?? undefined;
  if (typeof value === 'bigint' || typeof value === 'number') return Number(value) !== 0;
  if (typeof value !== 'string') throw new TypeMismatch('bool, number or string', value);
  const truth = truths.get(value);
  if (truth === undefined) throw new EvaluationError(`${value} is no bool`);
  return truth;
}
