import { Attributes, RawValue, type AnyValue } from 'sluice/plugin';

/** A value as text, slowly: a string as it is, nothing for nothing, anything else as its JSON. */
export function textOf(value: AnyValue | undefined): string {
  if (value instanceof RawValue) return textOf(value.value);
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : jsonOf(value);
}

/** A value as JSON: integers with all their digits, of keys that occur twice the first. */
export function jsonOf(value: AnyValue | undefined): string {
  if (value instanceof RawValue) return jsonOf(value.value);
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberOf(value);
  if (value instanceof Uint8Array) return JSON.stringify(Buffer.from(value).toString('base64'));
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  if (value instanceof Attributes) return `{${membersOf(value).join(',')}}`;
  return JSON.stringify(value);
}

export function membersOf(attributes: Attributes): string[] {
  const seen = new Set<string>();
  return [...attributes].flatMap(([key, value]) => {
    if (seen.has(key)) return [];
    seen.add(key);
    return [`${JSON.stringify(key)}:${jsonOf(value)}`];
  });
}

function numberOf(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}
