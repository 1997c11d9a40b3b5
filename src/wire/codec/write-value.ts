import { maxDepth } from '../structure.ts';
import { Attributes, RawValue, type AnyValue } from './values.ts';
import type { Writer } from './writer.ts';

/** Writes each pair as a field. Throws TypeError or RangeError, naming the key, for what is no OTLP value. */
export function writeAttributes(w: Writer, tag: number, attributes: Attributes): void {
  for (let i = attributes.size - 1; i >= 0; i--) {
    const key = attributes.keyAt(i);
    const value = attributes.valueAt(i);
    const unknown = attributes.unknownAt(i);
    if (typeof value === 'string' && unknown === undefined && w.textPair(tag, key, value)) continue;
    const mark = w.size;
    if (unknown !== undefined) w.raw(unknown);
    writePair(w, key, value);
    w.close(tag, mark);
  }
}

/** Writes one pair as a field, as `writeAttributes` does. */
export function writeAttribute(w: Writer, tag: number, key: string, value: AnyValue): void {
  const mark = w.size;
  writePair(w, key, value);
  w.close(tag, mark);
}

function writePair(w: Writer, key: string, value: AnyValue | undefined): void {
  if (value !== undefined) {
    if (typeof value === 'string' || typeof value === 'number') writeValue(w, 18, value);
    else writeNamed(w, key, value);
  }
  if (key !== '') w.string(10, key);
}

function writeNamed(w: Writer, key: string, value: AnyValue): void {
  try {
    writeValue(w, 18, value);
  } catch (error) {
    throw located(error, key);
  }
}

/** Writes an `AnyValue` as a field. */
export function writeValue(w: Writer, tag: number, value: AnyValue): void {
  const mark = w.size;
  if (typeof value === 'string') w.string(10, value);
  else if (typeof value === 'bigint') w.int64(24, value);
  else if (typeof value === 'number') w.double(33, value);
  else if (typeof value === 'boolean') w.bool(16, value);
  else writeObject(w, value);
  w.close(tag, mark);
}

function writeObject(w: Writer, value: Exclude<AnyValue, string | bigint | number | boolean>): void {
  if (value === null) return;
  if (value instanceof RawValue) return w.raw(value.bytes);
  if (value instanceof Uint8Array) return w.blob(58, value);
  if (w.depth === maxDepth) throw new RangeError(`a value nested deeper than ${maxDepth} messages`);
  w.depth += 1;
  const mark = w.size;
  if (value instanceof Attributes) {
    writeAttributes(w, 10, value);
    w.close(50, mark);
  } else {
    if (!Array.isArray(value))
      throw new TypeError(`${kindOf(value)} is no OTLP value; a list of keys and values is an Attributes`);
    for (let i = value.length - 1; i >= 0; i--) writeValue(w, 10, value[i] as AnyValue);
    w.close(42, mark);
  }
  w.depth -= 1;
}

/** What a plugin in plain JavaScript may have handed over. */
function kindOf(value: unknown): string {
  return typeof value === 'object'
    ? `an object of class ${value?.constructor.name ?? 'null'}`
    : `a value of type ${typeof value}`;
}

/** The error with the innermost attribute it is about. */
function located(error: unknown, key: string): unknown {
  if (!(error instanceof Error) || error.message.startsWith('attribute ')) return error;
  const message = `attribute ${JSON.stringify(key)}: ${error.message}`;
  return error instanceof TypeError
    ? new TypeError(message, { cause: error })
    : new RangeError(message, { cause: error });
}
