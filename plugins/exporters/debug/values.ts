import { Attributes, RawValue, type AnyValue } from 'sluice/plugin';

/** A value as text without its type, as the Collector prints it: text as it is, maps and slices as JSON. */
export function valueText(value: AnyValue | undefined): string {
  if (value instanceof RawValue) return valueText(value.value);
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (value instanceof Uint8Array) return base64(value);
  if (Array.isArray(value) || value instanceof Attributes) return json(value);
  return String(value);
}

/** A value with its type: `Str(checkout)`, `Slice(["a",2])`. */
export function typedValue(value: AnyValue | undefined): string {
  return `${typeName(value)}(${valueText(value)})`;
}

/** Attributes as `key=value` texts. */
export function pairs(attributes: Attributes | undefined): string[] {
  return [...(attributes ?? [])].map(([key, value]) => `${key}=${valueText(value)}`);
}

function typeName(value: AnyValue | undefined): string {
  if (value instanceof RawValue) return typeName(value.value);
  if (value === undefined || value === null) return 'Empty';
  if (value instanceof Uint8Array) return 'Bytes';
  if (Array.isArray(value)) return 'Slice';
  if (value instanceof Attributes) return 'Map';
  return { string: 'Str', boolean: 'Bool', bigint: 'Int', number: 'Double' }[
    typeof value as 'string' | 'boolean' | 'bigint' | 'number'
  ];
}

/** Keys sorted, and the characters escaped that mean something in HTML: what Go's encoder does. */
function json(value: AnyValue | undefined): string {
  if (value instanceof RawValue) return json(value.value);
  if (value === undefined || value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(json).join(',')}]`;
  if (value instanceof Attributes) {
    const entries = [...value].sort(([a], [b]) => Number(a > b) - Number(a < b));
    return `{${entries.map(([key, item]) => `${quoted(key)}:${json(item)}`).join(',')}}`;
  }
  if (value instanceof Uint8Array) return quoted(base64(value));
  return typeof value === 'string' ? quoted(value) : String(value);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
