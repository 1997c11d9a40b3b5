import * as fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import protobuf from 'protobufjs/minimal.js';
import type { Batch, Signal } from '../../src/wire/batch.ts';
import {
  enumValues,
  messages,
  signalMessages,
  type Field,
  type FieldKind,
  type MessageName,
} from '../../src/wire/schema.ts';
import { oracleEncode, type Message } from './otlp.ts';

/**
 * Whole requests of a signal, with every field of the schema, as protobufjs messages: defaults now and then, empty messages,
 * odd keys and keys that occur twice, integers and doubles at their limits, nested values.
 */
export function requestOf(signal: Signal): Arbitrary<Message> {
  return requests[signal];
}

/** The same, encoded by protobufjs. */
export function batchOf<S extends Signal>(signal: S): Arbitrary<Batch<S>> {
  return requestOf(signal).map((request) => ({
    signal,
    bytes: oracleEncode(signal, request),
    count: countRecords(signal, request),
    meta: { receivedAt: 0 },
  }));
}

/** Log records, spans or data points of a request. */
export function countRecords(signal: Signal, request: Message): number {
  const { request: name, resource, scope, record } = signalMessages[signal];
  const scopes = children(name, request, resource).flatMap((group) => children(resource, group, scope));
  const entries = scopes.flatMap((group) => children(scope, group, record));
  if (signal !== 'metrics') return entries.length;
  return entries.flatMap((metric) => Object.values(metric).flatMap((data) => (data as Message)['dataPoints'] ?? []))
    .length;
}

function children(parent: MessageName, message: Message, child: MessageName): readonly Message[] {
  const field = messages[parent].find(({ type }) => type === child);
  return (message[field?.name as string] as readonly Message[] | undefined) ?? [];
}

/** Attribute keys: few, so that some occur twice, and some that are no keys for an object. */
export const attributeKey: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    'http.request.method',
    '__proto__',
    'constructor',
    'toString',
    '',
    'service.name',
    'ключ',
    'k'.repeat(200),
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
);

/** Text that is well-formed Unicode, from empty to longer than a one-byte length. */
export const text: Arbitrary<string> = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    'production',
    'GET',
    '\u{feff}bom',
    'x'.repeat(31),
    'x'.repeat(32),
    'é'.repeat(16),
    'x'.repeat(33),
    'y'.repeat(130),
    'ß'.repeat(70),
  ),
);

const bytes = fc.uint8Array({ maxLength: 20 });

function long(min: bigint, max: bigint): Arbitrary<unknown> {
  const limits = [0n, 1n, 127n, 128n, 2n ** 32n, 2n ** 53n + 1n, min, max].filter((value) => value >= min);
  const value = fc.oneof(fc.constantFrom(...limits), fc.bigInt({ min, max }));
  return value.map((bits) => protobuf.util.LongBits.from(String(bits)).toLong(min === 0n));
}

const signed = long(-(2n ** 63n), 2n ** 63n - 1n);
const unsigned = long(0n, 2n ** 64n - 1n);
const uint32 = fc.oneof(fc.constantFrom(0, 1, 127, 128, 0xffffffff), fc.nat(0xffffffff));

const scalars: Readonly<Record<Exclude<FieldKind, 'message' | 'enum'>, Arbitrary<unknown>>> = {
  string: text,
  bytes,
  hex: fc.oneof(fc.uint8Array({ minLength: 16, maxLength: 16 }), fc.uint8Array({ minLength: 8, maxLength: 8 }), bytes),
  bool: fc.boolean(),
  uint32,
  int64: signed,
  uint64: unsigned,
  sint32: fc.oneof(fc.integer(), fc.constantFrom(0, -1, -(2 ** 31), 2 ** 31 - 1)),
  fixed32: uint32,
  fixed64: unsigned,
  sfixed64: signed,
  double: fc.oneof(fc.double(), fc.constantFrom(0, -0, NaN, Infinity, Number.MIN_VALUE)),
};

type Tie = (name: MessageName) => Arbitrary<Message>;

const dataPoint = ['asDouble', 'asInt'];
/** Fields of which a message has at most one. */
const oneofs: Readonly<Partial<Record<MessageName, readonly string[]>>> = {
  AnyValue: messages.AnyValue.map(({ name }) => name),
  Metric: ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'],
  NumberDataPoint: dataPoint,
  Exemplar: dataPoint,
};

/** Fields that lead to records: often enough there would be none. */
const path: ReadonlySet<string> = new Set([
  'resourceLogs',
  'scopeLogs',
  'logRecords',
  'resourceSpans',
  'scopeSpans',
  'spans',
  'resourceMetrics',
  'scopeMetrics',
  'metrics',
  'dataPoints',
]);

function messageOf(name: MessageName, tie: Tie): Arbitrary<Message> {
  const choices = oneofs[name] ?? [];
  const one = messages[name].filter((field) => choices.includes(field.name));
  const rest = messages[name].filter((field) => !choices.includes(field.name));
  const fields = fc.record(Object.fromEntries(rest.map((field) => [field.name, fieldOf(name, field, tie)])), {
    requiredKeys: rest.map((field) => field.name).filter((field) => path.has(field)),
  });
  if (one.length === 0) return fields;
  const member = fc.oneof(
    name === 'AnyValue' ? { depthIdentifier: 'value', maxDepth: 3 } : {},
    fc.constant({}),
    ...one.map((field) => fieldOf(name, field, tie).map((value) => ({ [field.name]: value }))),
  );
  return fc.tuple(fields, member).map(([shared, chosen]) => ({ ...shared, ...chosen }));
}

function fieldOf(name: MessageName, field: Field, tie: Tie): Arbitrary<unknown> {
  const value = valueOf(name, field, tie);
  return field.repeated ? fc.array(value, { maxLength: 3, depthIdentifier: 'value' }) : value;
}

function valueOf(name: MessageName, { name: fieldName, kind, type, values }: Field, tie: Tie): Arbitrary<unknown> {
  if (type !== undefined) return tie(type);
  if (values !== undefined) return fc.oneof(fc.nat(enumValues[values].length - 1), fc.constantFrom(-1, 1000));
  if (name === 'KeyValue' && fieldName === 'key') return attributeKey;
  return scalars[kind as keyof typeof scalars];
}

const arbitraries = fc.letrec<Record<MessageName, Message>>((tie) => {
  const names = Object.keys(messages) as MessageName[];
  return Object.fromEntries(names.map((name) => [name, messageOf(name, tie)])) as Record<
    MessageName,
    Arbitrary<Message>
  >;
});

const requests: Readonly<Record<Signal, Arbitrary<Message>>> = {
  logs: arbitraries[signalMessages.logs.request],
  traces: arbitraries[signalMessages.traces.request],
  metrics: arbitraries[signalMessages.metrics.request],
};
