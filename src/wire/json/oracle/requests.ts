/** Random requests from the schema table, as the objects that `protobufjs.ts` takes and gives. */
import * as fc from 'fast-check';
import type { Signal } from '../../batch.ts';
import { messages, signalMessages, type Field, type FieldKind, type MessageName } from '../../schema.ts';

export type Message = { [field: string]: unknown };

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }).map((s) => s.toWellFormed()),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '"\\/\b\f\n\r\t\u0000\u001f\u007f',
    '🦫 é 中',
    'x'.repeat(127),
    'y'.repeat(128),
  ),
);
const base64 = fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const edges = (low: bigint, high: bigint) =>
  fc.oneof(fc.bigInt({ min: low, max: high }), fc.constantFrom(low, high, 0n, 1n, 999_999_999n, 1_000_000_000n));
const signed = edges(-(2n ** 63n), 2n ** 63n - 1n).map(String);
const unsigned = edges(0n, 2n ** 64n - 1n).map(String);
const uint32 = fc.oneof(fc.integer({ min: 0, max: 0xffffffff }), fc.constantFrom(0, 1, 0xffffffff));

const scalars: Readonly<Record<Exclude<FieldKind, 'message'>, fc.Arbitrary<unknown>>> = {
  string: text,
  bytes: base64,
  hex: base64,
  bool: fc.boolean(),
  uint32,
  fixed32: uint32,
  int64: signed,
  sfixed64: signed,
  uint64: unsigned,
  fixed64: unsigned,
  sint32: fc.integer(),
  enum: fc.integer({ min: 0, max: 30 }),
  double: fc.oneof(fc.double(), fc.constantFrom(0, -0, 5, -1.5, 0.1, 1e22, 1e23, 5e-324, Number.MAX_VALUE)),
};

const oneofs: readonly MessageName[] = ['AnyValue', 'Metric', 'NumberDataPoint', 'Exemplar'];

function message(name: MessageName, depth: number): fc.Arbitrary<Message> {
  const entries = messages[name]
    .filter((field) => depth > 0 || field.kind !== 'message')
    .map((field) => [field, fc.option(value(field, depth), { nil: undefined })] as const);
  const all = fc.record(Object.fromEntries(entries.map(([field, arbitrary]) => [field.name, arbitrary])));
  return fc.tuple(all, fc.nat()).map(([fields, pick]) => {
    const present = entries.flatMap(([field]) => (fields[field.name] === undefined ? [] : [field]));
    const exclusive = oneofs.includes(name) ? present.filter((field) => field.presence && !field.repeated) : [];
    const chosen = exclusive[pick % exclusive.length];
    const kept = present.filter((field) => field === chosen || !exclusive.includes(field));
    return Object.fromEntries(kept.map((field) => [field.name, fields[field.name]]));
  });
}

function value(field: Field, depth: number): fc.Arbitrary<unknown> {
  const one = field.type === undefined ? scalars[field.kind as keyof typeof scalars] : message(field.type, depth - 1);
  return field.repeated ? fc.array(one, { maxLength: 3 }) : one;
}

/** Requests with everything in them that the signal can have, zeros and empty lists included. */
export function requests(signal: Signal): fc.Arbitrary<Message> {
  return message(signalMessages[signal].request, 7);
}
