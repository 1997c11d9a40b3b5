import {
  enumValues,
  messages,
  wireTypes,
  type EnumName,
  type Field,
  type FieldKind,
  type MessageName,
} from '../schema.ts';
import { colon, quote } from './characters.ts';
import { skipString } from './read-string.ts';
import { skipColon } from './skip.ts';
import { readText } from './read-text.ts';
import type { Transfer } from './transfer.ts';

/** Appends the value at `pos` without a tag and moves behind it; says whether it is the value that proto3 leaves out. */
export type Write = (s: Transfer, member: Member) => boolean;

/** What the reader of JSON needs to know of a field. */
export interface Member {
  readonly kind: FieldKind;
  readonly write: Write;
  /** A bit of its own among the fields of the message. */
  readonly bit: number;
  /** The one or two bytes in front of a value; `secondTag` is 0 where there is one. */
  readonly firstTag: number;
  readonly secondTag: number;
  readonly repeated: boolean;
  readonly packed: boolean;
  readonly presence: boolean;
  /** Whether it is a KeyValue, which has a short way. */
  readonly attribute: boolean;
  /** For messages: the members. */
  readonly members: Members | null;
  /** For messages: whether one is a record that `count` counts. */
  readonly counted: boolean;
  /** For enums: the numbers by name. */
  readonly numbers: ReadonlyMap<string, number> | null;
  /** For messages: how many bytes the last length took, the guess for the next. */
  lengthSize: number;
}

/** The members of a message, to be found by name. */
export interface Members {
  readonly slots: readonly (Name | null)[];
  readonly byName: ReadonlyMap<string, Member>;
}

/** A member's name with its closing quote, as words that are compared four bytes at a time. */
interface Name {
  readonly length: number;
  readonly first: number;
  /** The second word, for names that have more than two. */
  readonly second: number;
  /** The last four bytes. */
  readonly last: number;
  /** The words between these, if any. */
  readonly others: Int32Array;
  readonly member: Member;
  readonly other: Name | null;
}

const slotBits = 6;

function slotOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> (32 - slotBits);
}

/**
 * Reads the name at `pos` and moves to the value. Null for a name that the message does not have. Names are those of
 * OTLP/JSON and, as protobuf's JSON allows, those of the .proto files.
 */
export function findMember(s: Transfer, members: Members): Member | null {
  const view = s.inputView;
  const pos = s.pos + 1;
  const first = view.getInt32(pos, true);
  if (s.input[s.pos] === quote) {
    for (let name = members.slots[slotOf(first)]!; name !== null; name = name.other!) {
      if (name.first !== first || view.getInt32(pos + name.length - 4, true) !== name.last) continue;
      if (name.length > 8 && view.getInt32(pos + 4, true) !== name.second) continue;
      if (name.length > 12 && !sameOthers(view, pos + 8, name.others)) continue;
      s.pos = pos + name.length;
      if (s.input[s.pos] === colon && s.input[s.pos + 1]! > 0x20) s.pos++;
      else skipColon(s);
      return name.member;
    }
  }
  const member = findUnusual(s, members);
  skipColon(s);
  return member;
}

function sameOthers(view: DataView, pos: number, others: Int32Array): boolean {
  for (let i = 0; i < others.length; i++) if (view.getInt32(pos + 4 * i, true) !== others[i]) return false;
  return true;
}

function findUnusual(s: Transfer, members: Members): Member | null {
  const start = s.pos;
  if (!skipString(s)) return null;
  s.pos = start;
  return members.byName.get(readText(s, 'a name')) ?? null;
}

/** The members of every message, with how each kind of value is written. */
export function buildMembers(writers: Readonly<Record<FieldKind, Write>>): Readonly<Record<MessageName, Members>> {
  const names = Object.keys(messages) as MessageName[];
  // Messages hold each other, so all of them exist before their members do.
  const built = names.map((name) => [name, { slots: emptySlots(), byName: new Map<string, Member>() }] as const);
  const all = Object.fromEntries(built) as Record<MessageName, (typeof built)[0][1]>;
  for (const [message, { slots, byName }] of built) {
    for (const [index, field] of messages[message].entries()) {
      const member = memberOf(field, 1 << index, writers, all);
      for (const name of new Set([field.name, snakeCase(field.name)])) {
        byName.set(name, member);
        addName(slots, name, member);
      }
    }
  }
  return all;
}

function emptySlots(): (Name | null)[] {
  return Array.from({ length: 1 << slotBits }, () => null);
}

function memberOf(
  field: Field,
  bit: number,
  writers: Readonly<Record<FieldKind, Write>>,
  all: Readonly<Record<MessageName, Members>>,
): Member {
  const { kind, repeated, presence, type } = field;
  const packed = repeated && wireTypes[kind] !== 2;
  const tag = field.number * 8 + (packed ? 2 : wireTypes[kind]);
  return {
    kind,
    write: writers[kind],
    bit,
    firstTag: tag < 128 ? tag : (tag & 127) | 128,
    secondTag: tag >> 7,
    repeated,
    packed,
    presence,
    attribute: type === 'KeyValue',
    members: type === undefined ? null : all[type],
    counted: type !== undefined && /^(LogRecord|Span|.*DataPoint)$/.test(type),
    numbers: field.values === undefined ? null : numbersOf(field.values),
    lengthSize: 1,
  };
}

function numbersOf(values: EnumName): ReadonlyMap<string, number> {
  return new Map(enumValues[values].map((name, number) => [name, number]));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function addName(slots: (Name | null)[], name: string, member: Member): void {
  const bytes = Buffer.from(`${name}"`);
  const { length } = bytes;
  const first = bytes.readInt32LE(0);
  const second = length > 8 ? bytes.readInt32LE(4) : 0;
  const last = bytes.readInt32LE(length - 4);
  const others = Int32Array.from({ length: Math.max(0, Math.ceil((length - 12) / 4)) }, (_, i) =>
    bytes.readInt32LE(8 + 4 * i),
  );
  const slot = slotOf(first);
  slots[slot] = { length, first, second, last, others, member, other: slots[slot]! };
}
