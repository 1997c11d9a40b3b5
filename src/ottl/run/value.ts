import { plain, type AnyValue, type RawValue } from '../../wire/index.ts';

/** A point in time; nanoseconds since the epoch, as 64 bits. */
export class Instant {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = BigInt.asIntN(64, nanos);
  }
}

/** A length of time in nanoseconds, as 64 bits. */
export class Duration {
  readonly nanos: bigint;

  constructor(nanos: bigint) {
    this.nanos = BigInt.asIntN(64, nanos);
  }
}

/** A trace or span id. */
export class Id {
  readonly of: 'trace' | 'span';
  /** Lower-case hex of full length; all zeros for none. */
  readonly hex: string;

  constructor(of: 'trace' | 'span', hex: string) {
    this.of = of;
    this.hex = hex === '' ? '0'.repeat(of === 'trace' ? 32 : 16) : hex;
  }
}

/** Events, links, data points…: something whose items OTTL cannot look into. Only its length is known. */
export class Sequence {
  readonly length: number;

  constructor(length: number) {
    this.length = length;
  }
}

/** What an expression gives. Ints are bigint, floats are number; null is nil. */
export type Value = Exclude<AnyValue, RawValue> | Instant | Duration | Id | Sequence;

/** An attribute or body as a value; nil where nothing is set. */
export function valueOf(value: AnyValue | undefined): Value {
  return plain(value);
}

/** An expression has no value here: what it needs is not there, or of the wrong type. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** An argument is of another type than the function takes. Functions that ask for the type say false instead. */
export class TypeMismatch extends EvaluationError {
  constructor(expected: string, found: Value) {
    super(`expected ${expected}, found ${typeName(found)}`);
  }
}

export function typeName(value: Value): string {
  if (value === null) return 'nil';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  return typeof value === 'number' ? 'float' : objectName(value);
}

function objectName(value: object): string {
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Instant) return 'time';
  if (value instanceof Duration) return 'duration';
  if (value instanceof Id) return `${value.of} id`;
  return value instanceof Sequence ? 'sequence' : 'map';
}
