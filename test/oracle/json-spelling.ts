/** Many ways to write the same request in JSON. */
import { messages, type Field, type MessageName } from '../../src/wire/schema.ts';
import type { Model } from './json-model.ts';

/** A source of choices: a number from 0 up to below `n`. */
export type Pick = (n: number) => number;

export function pickBy(random: () => number): Pick {
  return (n) => Math.floor(random() * n);
}

/** JSON text of a model with members in any order, white space, escapes, other spellings, unknown and null members. */
export function looseJson(name: MessageName, model: Model, pick: Pick): string {
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
  if (field.type !== undefined) return looseJson(field.type, value as Model, pick);
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
