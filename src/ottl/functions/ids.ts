import { hash } from 'node:crypto';
import { metricData, type AnyValue } from '../../wire/index.ts';
import { metricOf, spanOf, type View } from '../paths/field.ts';
import { EvaluationError, Id, valueOf, type Value } from '../run/value.ts';
import { asBytes, asString } from './arguments.ts';
import { converter, parameter, type Converter } from './converter.ts';

function idOf(of: 'trace' | 'span', bytes: Uint8Array | undefined): Id {
  const size = of === 'trace' ? 16 : 8;
  if (bytes?.length === size) return new Id(of, Buffer.from(bytes).toString('hex'));
  const text = Buffer.from(bytes ?? []).toString('latin1');
  if (text.length === 2 * size && /^[0-9a-fA-F]+$/.test(text)) return new Id(of, text.toLowerCase());
  throw new EvaluationError(`a ${of} id has ${size} bytes or ${2 * size} hex digits, found ${text.length} bytes`);
}

function idConverter(name: string, of: 'trace' | 'span'): Converter {
  const plain = converter(name, [parameter('target', asBytes)], (bytes) => idOf(of, bytes));
  return {
    ...plain,
    prepare(literals) {
      const [literal] = literals;
      if (literal === undefined) return plain.prepare(literals);
      const id = idOf(of, asBytes(literal));
      return () => id;
    },
  };
}

const none = /^0*$/;

/** FNV-1a of 64 bits. */
function fnv(text: string): bigint {
  let value = 0xcbf29ce484222325n;
  for (const byte of Buffer.from(text)) value = BigInt.asUintN(64, (value ^ BigInt(byte)) * 0x100000001b3n);
  return BigInt.asIntN(64, value);
}

const hashOf = (name: string, algorithm: string): Converter =>
  converter(name, [parameter('target', asString)], (text) => hash(algorithm, text, 'hex'));

const isRootSpan: Converter = {
  name: 'IsRootSpan',
  parameters: [],
  contexts: ['span'],
  prepare: () => (_, view) => none.test(spanOf(view).parentSpanId),
};

/** The first point that has the key decides. */
function attributeOnPoints(view: View, key: string): AnyValue | null | undefined {
  const points = metricData(metricOf(view))?.dataPoints ?? [];
  const attributes = points.find((point) => point.attributes.has(key))?.attributes;
  return attributes === undefined ? undefined : (attributes.get(key) ?? null);
}

const onPoint: readonly Converter[] = [
  {
    name: 'HasAttrKeyOnDatapoint',
    parameters: [parameter('key', asString)],
    contexts: ['metric'],
    prepare:
      () =>
      ([key], view) =>
        attributeOnPoints(view, asString(key as Value)) !== undefined,
  },
  {
    name: 'HasAttrOnDatapoint',
    parameters: [parameter('key', asString), parameter('expected_val', asString)],
    contexts: ['metric'],
    prepare:
      () =>
      ([key, expected], view) => {
        const value = attributeOnPoints(view, asString(key as Value));
        if (value === undefined) return false;
        const text = valueOf(value);
        return (typeof text === 'string' ? text : '') === expected;
      },
  },
];

/** Ids, hashes, and what asks a span or metric for more than a field. */
export const idConverters = [
  idConverter('TraceID', 'trace'),
  idConverter('SpanID', 'span'),
  isRootSpan,
  ...onPoint,
  converter('Hex', [parameter('target', asBytes)], (bytes) => Buffer.from(bytes ?? []).toString('hex')),
  converter('FNV', [parameter('target', asString)], fnv),
  hashOf('MD5', 'md5'),
  hashOf('SHA1', 'sha1'),
  hashOf('SHA256', 'sha256'),
  hashOf('SHA512', 'sha512'),
];
