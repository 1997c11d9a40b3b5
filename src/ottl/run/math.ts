import type { MathOperator } from '../syntax/tree.ts';
import { Duration, EvaluationError, Instant, typeName, type Value } from './value.ts';

/** Ints wrap at 64 bits and divide without a rest; with a float on either side both are floats. Times and durations add and subtract. */
export function calculate(left: Value, operator: MathOperator, right: Value): Value {
  if (typeof left === 'bigint' && typeof right === 'bigint') return BigInt.asIntN(64, ofInts(left, operator, right));
  if (isNumber(left) && isNumber(right)) return ofFloats(Number(left), operator, Number(right));
  const time = ofTimes(left, operator, right);
  if (time !== undefined) return time;
  throw new EvaluationError(`${typeName(left)} ${operator} ${typeName(right)} is not possible`);
}

export function negate(value: Value): Value {
  if (typeof value === 'bigint') return BigInt.asIntN(64, -value);
  if (typeof value === 'number') return -value;
  throw new EvaluationError(`-${typeName(value)} is not possible`);
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number';
}

function ofInts(left: bigint, operator: MathOperator, right: bigint): bigint {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (right === 0n) throw new EvaluationError('division by 0');
  return left / right;
}

function ofFloats(left: number, operator: MathOperator, right: number): number {
  if (operator === '+') return left + right;
  if (operator === '-') return left - right;
  if (operator === '*') return left * right;
  if (right === 0) throw new EvaluationError('division by 0');
  return left / right;
}

function ofTimes(left: Value, operator: MathOperator, right: Value): Value | undefined {
  if (operator === '+') {
    if (left instanceof Duration && right instanceof Duration) return new Duration(left.nanos + right.nanos);
    const [time, length] = left instanceof Instant ? [left, right] : [right, left];
    return time instanceof Instant && length instanceof Duration ? new Instant(time.nanos + length.nanos) : undefined;
  }
  if (operator !== '-') return undefined;
  if (left instanceof Instant && right instanceof Instant) return new Duration(left.nanos - right.nanos);
  if (!(right instanceof Duration)) return undefined;
  if (left instanceof Instant) return new Instant(left.nanos - right.nanos);
  return left instanceof Duration ? new Duration(left.nanos - right.nanos) : undefined;
}
