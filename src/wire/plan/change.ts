import { hash } from 'node:crypto';
import { Attributes, RawValue, type AnyValue } from '../codec/values.ts';
import type { PlainValue } from './editable.ts';
import { Memory } from './memory.ts';

const minInt = -(2n ** 63n);
const maxInt = 2n ** 63n - 1n;

/** The value itself, without what its encoding says beside it; null where nothing is set. */
export function plain(value: AnyValue | undefined): PlainValue {
  return value instanceof RawValue ? value.value : (value ?? null);
}

/**
 * Lower-case hex of the SHA-256 of a value, as the Collector has it since 0.134: of the UTF-8 bytes of a text, of one byte
 * 0 or 1 for a bool, of eight little-endian bytes for an int or a double. Empty text for everything else.
 */
export function hashed(value: AnyValue | undefined): string {
  const data = plain(value);
  if (typeof data === 'string') return digests.of(data);
  const bytes = hashInput(data);
  return bytes === undefined ? '' : sha256(bytes);
}

function sha256(data: string | Buffer): string {
  return hash('sha256', data, 'hex');
}

/** A digest takes ten times as long as finding the one that was made before. */
const digests = new Memory(sha256);

function hashInput(value: PlainValue): Buffer | undefined {
  if (typeof value === 'boolean') return Buffer.of(Number(value));
  const data = Buffer.alloc(8);
  if (typeof value === 'bigint') data.writeBigInt64LE(BigInt.asIntN(64, value));
  else if (typeof value === 'number') data.writeDoubleLE(value);
  else return undefined;
  return data;
}

/** The value as another type, by the Collector's rules; undefined where it is of that type already or cannot be converted. */
export function converted(value: AnyValue | undefined, to: 'int' | 'double' | 'string'): AnyValue | undefined {
  const from = plain(value);
  if (to === 'string') return typeof from === 'string' ? undefined : textOf(from);
  if (typeof from === 'boolean') return to === 'int' ? BigInt(from) : Number(from);
  return to === 'int' ? toInt(from) : toDouble(from);
}

function toInt(value: AnyValue): bigint | undefined {
  let int: bigint;
  if (typeof value === 'number' && Number.isFinite(value)) int = BigInt(Math.trunc(value));
  else if (typeof value === 'string' && /^[+-]?\d{1,40}$/.test(value)) int = BigInt(value.replace('+', ''));
  else return undefined;
  return int < minInt || int > maxInt ? undefined : int;
}

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const named = /^([+-]?)(?:(inf|infinity)|nan)$/i;

function toDouble(value: AnyValue): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value !== 'string') return undefined;
  if (decimal.test(value)) {
    const number = Number(value);
    return Number.isFinite(number) ? number : undefined;
  }
  const match = named.exec(value);
  if (match === null) return undefined;
  if (match[2] === undefined) return match[1] === '' ? Number.NaN : undefined;
  return match[1] === '-' ? -Infinity : Infinity;
}

/** A value as text, as the Collector writes it: bytes in base64, arrays and maps as JSON with sorted keys, '' for nothing. */
export function textOf(value: AnyValue | undefined): string {
  const of = plain(value);
  if (of === null) return '';
  if (typeof of === 'string') return of;
  if (typeof of === 'number') return doubleText(of);
  if (of instanceof Uint8Array) return base64(of);
  return Array.isArray(of) || of instanceof Attributes ? jsonOf(of) : String(of);
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function base64(value: Uint8Array): string {
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
}

function jsonOf(value: AnyValue | undefined): string {
  const of = plain(value);
  if (of === null || (typeof of === 'number' && !Number.isFinite(of))) return 'null';
  if (Array.isArray(of)) return `[${of.map(jsonOf).join(',')}]`;
  if (of instanceof Attributes) {
    const last = new Map(of);
    const keys = [...last.keys()].sort();
    return `{${keys.map((key) => `${quoted(key)}:${jsonOf(last.get(key))}`).join(',')}}`;
  }
  if (typeof of === 'string') return quoted(of);
  return of instanceof Uint8Array ? quoted(base64(of)) : textOf(of);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Lists can be changed, so no two records may share one. */
export function copyOf(value: AnyValue): AnyValue {
  if (Array.isArray(value)) return value.map(copyOf);
  if (!(value instanceof Attributes)) return value;
  const copy = new Attributes();
  for (let i = 0; i < value.size; i++) {
    const item = value.valueAt(i);
    copy.append(value.keyAt(i), item === undefined ? undefined : copyOf(item), value.unknownAt(i));
  }
  return copy;
}
