import { Attributes } from '../../wire/index.ts';
import { EvaluationError, Sequence, typeName, valueOf, type Value } from '../run/value.ts';
import { compare } from '../run/compare.ts';
import { anything, asBoolLike, asFloatLike, asIntLike, asList, asMap, asText } from './arguments.ts';
import { converter, parameter } from './converter.ts';

const target = parameter('target', anything);

function isList(value: Value): boolean {
  return Array.isArray(value) || value instanceof Sequence;
}

/** In bytes for text, in items for the rest. */
function length(value: Value): bigint {
  if (typeof value === 'string') return BigInt(Buffer.byteLength(value));
  if (value instanceof Attributes) return BigInt(value.size);
  if (Array.isArray(value) || value instanceof Uint8Array || value instanceof Sequence) return BigInt(value.length);
  throw new EvaluationError(`${typeName(value)} has no length`);
}

function indexOf(value: Value, item: Value): bigint {
  if (Array.isArray(value)) return BigInt(value.findIndex((each) => compare(valueOf(each), item, '==')));
  if (typeof value !== 'string') throw new EvaluationError(`${typeName(value)} has no index`);
  if (typeof item !== 'string') throw new EvaluationError(`a string has no index of ${typeName(item)}`);
  return BigInt(Buffer.from(value).indexOf(Buffer.from(item)));
}

/** What asks for the type of a value, or changes it. */
export const typeConverters = [
  converter('IsString', [target], (value) => typeof value === 'string'),
  converter('IsInt', [target], (value) => typeof value === 'bigint'),
  converter('IsDouble', [target], (value) => typeof value === 'number'),
  converter('IsBool', [target], (value) => typeof value === 'boolean'),
  converter('IsMap', [target], (value) => value instanceof Attributes),
  converter('IsList', [target], isList),
  converter('Len', [target], length),
  converter('String', [parameter('target', asText)], (text) => text ?? null),
  converter('Int', [parameter('target', asIntLike)], (int) => int ?? null),
  converter('Double', [parameter('target', asFloatLike)], (float) => float ?? null),
  converter('Bool', [parameter('target', asBoolLike)], (bool) => bool ?? null),
  converter('ContainsValue', [parameter('target', asList), parameter('item', anything)], (list, item) =>
    list.some((each) => compare(valueOf(each), item, '==')),
  ),
  converter('Index', [target, parameter('value', anything)], indexOf),
  converter('Keys', [parameter('target', asMap)], (map) => [...map].map(([key]) => key)),
  converter('Values', [parameter('target', asMap)], (map) => [...map].map(([, value]) => value ?? null)),
];
