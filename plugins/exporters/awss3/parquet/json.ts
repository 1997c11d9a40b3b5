import { Attributes, plain, RawValue, type AnyValue } from 'sluice/plugin';

/** An attribute's value as JSON. Integers keep all their digits; what JSON cannot say is text: `"NaN"`, bytes as base64. */
export function jsonOf(value: AnyValue | undefined): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return jsonOfDouble(value);
  return value === null || value === undefined ? 'null' : jsonOfObject(value);
}

/** Attributes as a JSON object, `{}` for none. Of a key that occurs twice, the first counts. */
export function jsonOfAttributes(attributes: Attributes): string {
  let json = '';
  for (let i = 0; i < attributes.size; i++) {
    const key = attributes.keyAt(i);
    if (i > 0 && attributes.indexOf(key) < i) continue;
    json += `${json === '' ? '{' : ','}${jsonOfKey(key)}:${jsonOf(attributes.valueAt(i))}`;
  }
  return json === '' ? '{}' : `${json}}`;
}

/** A value as text for people: text as it is, bytes as base64, anything else as JSON; undefined where there is none. */
export function textOfValue(value: AnyValue | undefined): string | undefined {
  const bare = plain(value);
  if (bare === null) return undefined;
  if (typeof bare === 'string') return bare;
  return bare instanceof Uint8Array ? base64(bare) : jsonOf(bare);
}

export function jsonOfDouble(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? '-0' : String(value);
}

function jsonOfObject(value: Exclude<AnyValue, string | bigint | boolean | number | null>): string {
  if (value instanceof Attributes) return jsonOfAttributes(value);
  if (value instanceof RawValue) return jsonOf(value.value);
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(',')}]`;
  return `"${base64(value)}"`;
}

function base64({ buffer, byteOffset, length }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, length).toString('base64');
}

/** Keys come again and again, so their JSON is kept; a bound, since senders choose them. */
const keys = new Map<string, string>();
const mostKeys = 4096;

function jsonOfKey(key: string): string {
  let json = keys.get(key);
  if (json === undefined) {
    json = JSON.stringify(key);
    if (keys.size < mostKeys && key.length <= 256) keys.set(key, json);
  }
  return json;
}
