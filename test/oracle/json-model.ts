/** What OTLP/JSON says of a request, from the message that the oracle has of it. */
import { oracleDecode, type Message } from './otlp.ts';
import type { Signal } from '../../src/wire/batch.ts';
import { messages, signalMessages, type Field, type MessageName } from '../../src/wire/schema.ts';

export type Model = { [member: string]: unknown };

/** As `JSON.parse` reads the canonical text: without the values that proto3 leaves out. */
function jsonModel(name: MessageName, message: Message): Model {
  const members = messages[name].flatMap((field) => {
    const value = Object.hasOwn(message, field.name) ? message[field.name] : undefined;
    if (value === undefined || value === null) return [];
    const model = field.repeated ? (value as unknown[]).map((item) => one(field, item)) : one(field, value);
    return isLeftOut(field, model) ? [] : [[field.name, model] as const];
  });
  return Object.fromEntries(members);
}

/** What protobufjs reads in an encoded request. */
export function decodedModel(signal: Signal, bytes: Uint8Array): Model {
  return jsonModel(signalMessages[signal].request, oracleDecode(signal, bytes));
}

function one(field: Field, value: unknown): unknown {
  if (field.type !== undefined) return jsonModel(field.type, value as Message);
  if (field.kind === 'bytes') return Buffer.from(value as Uint8Array).toString('base64');
  if (field.kind === 'hex') return Buffer.from(value as Uint8Array).toString('hex');
  if (field.kind.endsWith('64')) return String(value);
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function isLeftOut(field: Field, model: unknown): boolean {
  if (field.repeated) return (model as unknown[]).length === 0;
  if (field.presence) return false;
  return Object.is(model, 0) || model === '' || model === false || (model === '0' && field.kind !== 'string');
}
