import { Attributes, type AnyValue } from '../../wire/index.ts';
import type { ComparisonOperator } from '../syntax/tree.ts';
import { Duration, Id, Instant, valueOf, type Value } from './value.ts';

/**
 * Compares by the rules of OTTL: ints and floats as floats, false before true, bytes and texts by their bytes, nil equal to nil only.
 * Values of different types are unequal and in no order; lists, maps and ids are in no order either. Bytes of no length are nil.
 */
export function compare(left: Value, right: Value, operator: ComparisonOperator): boolean {
  if (isNil(left) && isNil(right)) return operator === '==' || operator === '<=' || operator === '>=';
  const order = orderOf(left, right);
  if (order !== undefined) return holds(order, operator);
  if (operator === '==') return equal(left, right);
  return operator === '!=' && !equal(left, right);
}

function isNil(value: Value): boolean {
  return value === null || (value instanceof Uint8Array && value.length === 0);
}

function holds(order: number, operator: ComparisonOperator): boolean {
  switch (operator) {
    case '==':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
  }
}

/** Below, at or above 0; NaN where one side is NaN. Undefined where the two are in no order. */
function orderOf(left: Value, right: Value): number | undefined {
  if (typeof left === 'bigint' && typeof right === 'bigint') return left < right ? -1 : Number(left > right);
  if (isNumber(left) && isNumber(right)) return difference(Number(left), Number(right));
  if (typeof left === 'string' && typeof right === 'string') return left === right ? 0 : textOrder(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) {
    return isNil(left) || isNil(right) ? undefined : Buffer.compare(left, right);
  }
  const areTimes = left instanceof Instant && right instanceof Instant;
  if (areTimes || (left instanceof Duration && right instanceof Duration)) {
    return orderOf(left.nanos, right.nanos);
  }
  return undefined;
}

function isNumber(value: Value): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number';
}

function difference(left: number, right: number): number {
  if (left === right) return 0;
  return left < right ? -1 : left > right ? 1 : Number.NaN;
}

/** By UTF-8 bytes, which is not the order of JavaScript where there are surrogates. */
function textOrder(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left), Buffer.from(right));
}

function equal(left: Value, right: Value): boolean {
  if (left instanceof Id && right instanceof Id) return left.of === right.of && left.hex === right.hex;
  const areLists = Array.isArray(left) && Array.isArray(right);
  const areMaps = left instanceof Attributes && right instanceof Attributes;
  return (areLists || areMaps) && identical(left, right);
}

/** Within lists and maps types count, too: an int is no float there. */
function identical(left: AnyValue | undefined, right: AnyValue | undefined): boolean {
  const [a, b] = [valueOf(left), valueOf(right)];
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => identical(item, b[i]));
  if (a instanceof Attributes) {
    if (!(b instanceof Attributes) || a.size !== b.size) return false;
    return [...a].every(([key, value]) => b.has(key) && identical(value, b.get(key)));
  }
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  return a === b;
}
