/** What OTLP/JSON says of a request, from the object that `protobufjs.ts` has of it; and many ways to write it down. */
import { messages, type Field, type MessageName } from '../../schema.ts';
import type { Message } from './requests.ts';

/** Without the values that proto3 leaves out. */
export function withoutZeros(name: MessageName, message: Message): Message {
  return mapFields(name, message, (field, value) => {
    if (field.repeated && (value as unknown[]).length === 0) return undefined;
    if (field.type !== undefined) return deep(field, value, (item) => withoutZeros(field.type!, item));
    if (field.repeated || field.presence) return value;
    const isZero = Object.is(value, 0) || value === '' || value === false || (value === '0' && field.kind !== 'string');
    return isZero ? undefined : value;
  });
}

/** As `JSON.parse` would read the canonical text. */
export function jsonModel(name: MessageName, message: Message): Message {
  return mapFields(name, message, (field, value) => {
    if (field.type !== undefined) return deep(field, value, (item) => jsonModel(field.type!, item));
    return field.repeated ? (value as unknown[]).map((item) => scalar(field, item)) : scalar(field, value);
  });
}

function scalar(field: Field, value: unknown): unknown {
  if (field.kind === 'hex') return Buffer.from(value as string, 'base64').toString('hex');
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

function deep(field: Field, value: unknown, map: (item: Message) => unknown): unknown {
  return field.repeated ? (value as Message[]).map(map) : map(value as Message);
}

function mapFields(name: MessageName, message: Message, map: (field: Field, value: unknown) => unknown): Message {
  const entries = messages[name].flatMap((field) => {
    const value = message[field.name] === undefined ? undefined : map(field, message[field.name]);
    return value === undefined ? [] : [[field.name, value] as const];
  });
  return Object.fromEntries(entries);
}

/** A source of choices: a number from 0 up to below `n`. */
export type Pick = (n: number) => number;

/** The same text for the same seed. */
export function picker(seed: number): Pick {
  let state = seed | 1;
  return (n) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % n;
  };
}

/** JSON text of a model with members in any order, white space, escapes, other spellings, unknown and null members. */
export function looseJson(name: MessageName, model: Message, pick: Pick): string {
  const members = messages[name]
    .filter((field) => model[field.name] !== undefined)
    .map((field) => [pick(4) === 0 ? snakeCase(field.name) : field.name, looseValue(field, model[field.name], pick)]);
  const absent = messages[name].find((field) => model[field.name] === undefined);
  if (pick(6) === 0 && absent !== undefined) members.push([absent.name, 'null']);
  if (pick(6) === 0) members.push(['tomorrow', '{"a":[1,-2.5e3,{"b":null}],"c":"\\u0041\\n]}"}']);
  members.sort(() => pick(3) - 1);
  return list(
    '{}',
    members.map(([name, value]) => `${looseString(name!, pick)}${space(pick)}:${space(pick)}${value}`),
    pick,
  );
}

function looseValue(field: Field, value: unknown, pick: Pick): string {
  return field.repeated
    ? list(
        '[]',
        (value as unknown[]).map((item) => looseOne(field, item, pick)),
        pick,
      )
    : looseOne(field, value, pick);
}

function looseOne(field: Field, value: unknown, pick: Pick): string {
  if (field.type !== undefined) return looseJson(field.type, value as Message, pick);
  if (field.kind.endsWith('64')) return pick(2) === 0 ? JSON.stringify(value) : String(value);
  if (field.kind === 'hex') return looseString(pick(2) === 0 ? String(value).toUpperCase() : String(value), pick);
  if (field.kind === 'bytes' && pick(2) === 0)
    return `"${Buffer.from(value as string, 'base64').toString('base64url')}"`;
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  return typeof value === 'string' ? looseString(value, pick) : String(value);
}

function looseString(text: string, pick: Pick): string {
  if (pick(3) > 0) return JSON.stringify(text);
  return `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
}

function list([open, close]: string | readonly string[], items: readonly string[], pick: Pick): string {
  return `${open}${space(pick)}${items.join(`${space(pick)},${space(pick)}`)}${space(pick)}${close}`;
}

function space(pick: Pick): string {
  return ['', '', ' ', '\r\n\t'][pick(4)]!;
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
