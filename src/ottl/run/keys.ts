import { Attributes } from '../../wire/index.ts';
import { EvaluationError, typeName, valueOf, type Value } from './value.ts';

/** The entry of a map or list. Nil where a map has none; an error where a list has none, or for anything else. */
export function entryAt(value: Value, key: Value): Value {
  if (value instanceof Attributes) {
    if (typeof key !== 'string')
      throw new EvaluationError(`expected a string as a key of a map, found ${typeName(key)}`);
    return valueOf(value.get(key));
  }
  if (!Array.isArray(value)) throw new EvaluationError(`${typeName(value)} has no keys`);
  if (typeof key !== 'bigint')
    throw new EvaluationError(`expected an int as an index of a list, found ${typeName(key)}`);
  if (key < 0n || key >= BigInt(value.length))
    throw new EvaluationError(`a list of ${value.length} has no item ${key}`);
  return valueOf(value[Number(key)]);
}

/** The entry of what a converter gave: there, what is not there is an error. */
export function indexed(value: Value, key: Value): Value {
  if (value instanceof Attributes && typeof key === 'string' && !value.has(key)) {
    throw new EvaluationError(`the map has no key ${key}`);
  }
  return entryAt(value, key);
}
