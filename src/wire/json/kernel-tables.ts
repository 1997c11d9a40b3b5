import type { FieldKind, MessageName } from '../schema.ts';
import type { Member, Members } from './members.ts';

// The kernel's memory. src/wire/json/kernel/memory.as and values.as know the same numbers.

/** Where the input starts. */
export const inputAt = 0x10000;
/** Zeros between the input and the output. */
export const padding = 64;

const anyValueAt = 0;
const entriesAt = 64;
const entrySize = 64;

/** Where what stands in the entry of a member or a message. */
const offsets = {
  mask: 32,
  next: 36,
  bit: 40,
  tags: 44,
  kind: 46,
  flags: 47,
  message: 48,
  first: 52,
  last: 56,
  lengthSize: 60,
} as const;

const kinds: readonly FieldKind[] = [
  'string',
  'bytes',
  'hex',
  'bool',
  'uint32',
  'int64',
  'uint64',
  'sint32',
  'fixed32',
  'fixed64',
  'sfixed64',
  'double',
  'enum',
  'message',
];

const flags = ['repeated', 'packed', 'presence', 'counted', 'attribute'] as const satisfies (keyof Member)[];

/** Writes down every message and its members, in each spelling; gives the address of each message's entry. */
export function layOut(
  memory: ArrayBuffer,
  all: Readonly<Record<MessageName, Members>>,
): Readonly<Record<MessageName, number>> {
  const view = new DataView(memory);
  const names = Object.keys(all) as MessageName[];
  const addresses = new Map(names.map((name, i) => [all[name], entriesAt + entrySize * i]));
  let end = entriesAt + entrySize * names.length;
  for (const [members, message] of addresses) {
    const first = end;
    for (const [name, member] of members.byName) {
      layOutMember(view, end, name, member);
      view.setUint32(end + offsets.message, member.members === null ? 0 : addresses.get(member.members)!, true);
      end += entrySize;
      // The first guess: members come in the order of the schema.
      view.setUint32(end - entrySize + offsets.next, end, true);
    }
    view.setUint32(end - entrySize + offsets.next, first, true);
    view.setUint32(message + offsets.next, first, true);
    view.setUint32(message + offsets.first, first, true);
    view.setUint32(message + offsets.last, end, true);
  }
  if (end > inputAt) throw new RangeError('the tables have no room in front of the input');
  view.setUint32(anyValueAt, addresses.get(all.AnyValue)!, true);
  return Object.fromEntries(names.map((name) => [name, addresses.get(all[name])!])) as Record<MessageName, number>;
}

function layOutMember(view: DataView, at: number, name: string, member: Member): void {
  const text = Buffer.from(`${name}":`);
  if (text.length > offsets.mask) throw new RangeError(`the name ${name} is too long for its entry`);
  new Uint8Array(view.buffer, at).set(text);
  view.setUint32(at + offsets.mask, 2 ** text.length - 1, true);
  view.setUint32(at + offsets.bit, member.bit, true);
  view.setUint8(at + offsets.tags, member.firstTag);
  view.setUint8(at + offsets.tags + 1, member.secondTag);
  view.setUint8(at + offsets.kind, kinds.indexOf(member.kind));
  const set = flags.map((flag, i) => Number(member[flag]) << i);
  view.setUint8(
    at + offsets.flags,
    set.reduce((sum, bit) => sum | bit, 0),
  );
  view.setUint8(at + offsets.lengthSize, member.lengthSize);
}
