import type { JsonShape } from './json-shape.ts';
import type { Kernel } from './kernel.ts';
import { numberKinds, type NumberKind } from './number-kind.ts';

type Member = JsonShape['members'][number];

// src/wire/scan/kernel/shapes.as knows the same numbers.
const headerSize = 16;
const memberSize = 16;
const offsets = {
  count: 0,
  attributesTag: 4,
  message: 8,
  kind: 0,
  flags: 1,
  field: 2,
  name: 4,
  nameSize: 8,
  detail: 12,
};
const number = 5;
const kinds: Readonly<Record<Exclude<Member['as'], NumberKind>, number>> = {
  string: 0,
  hex: 1,
  time: 2,
  value: 3,
  attributes: 4,
  numbers: 6,
  count: 7,
  names: 8,
  bool: 9,
  json: 10,
  objects: 11,
  inside: 12,
  elapsed: 13,
  text: 14,
};
const flags = { always: 1, instead: 2, signed: 4 };

/** Text may be read a vector past its end. */
const slack = 16;

/** Writes a shape down where the kernel reads it, and gives its address; `addressOf` does the same for those within it. */
export function layOutShape(kernel: Kernel, shape: JsonShape, addressOf: (inner: JsonShape) => number): number {
  const details = shape.members.map((member) => detailOf(kernel, member, addressOf));
  const names = shape.members.map((member) => layOutText(kernel, nameOf(member)));
  const message = kernel.createMessage();
  const address = kernel.allocate(headerSize + memberSize * shape.members.length);
  const view = new DataView(kernel.memory.buffer, address);
  view.setUint32(offsets.count, shape.members.length, true);
  view.setUint32(offsets.attributesTag, shape.attributes === 0 ? 0 : shape.attributes * 8 + 2, true);
  view.setUint32(offsets.message, message, true);
  for (const [index, member] of shape.members.entries()) {
    const at = headerSize + memberSize * index;
    const [name, size] = names[index]!;
    view.setUint8(at + offsets.kind, kindOf(member));
    view.setUint8(at + offsets.flags, flagsOf(member));
    view.setUint16(at + offsets.field, 'field' in member ? member.field : 0, true);
    view.setUint32(at + offsets.name, name, true);
    view.setUint32(at + offsets.nameSize, size, true);
    view.setUint32(at + offsets.detail, details[index]!, true);
  }
  return address;
}

function kindOf({ as }: Member): number {
  return isNumber(as) ? number : kinds[as];
}

function isNumber(as: Member['as']): as is NumberKind {
  return as in numberKinds;
}

function flagsOf(member: Member): number {
  const set = Object.keys(flags) as (keyof typeof flags)[];
  return set.reduce(
    (sum, flag) => sum + ((member as Partial<Record<typeof flag, boolean>>)[flag] === true ? flags[flag] : 0),
    0,
  );
}

function nameOf(member: Member): string {
  const name = 'name' in member ? `,${JSON.stringify(member.name)}:` : '';
  return member.as === 'json' ? name + member.json : name;
}

function detailOf(kernel: Kernel, member: Member, addressOf: (inner: JsonShape) => number): number {
  if (member.as === 'objects' || member.as === 'inside') return addressOf(member.of);
  if (member.as === 'numbers') return numberKinds[member.of];
  if (member.as === 'elapsed') return member.since;
  if (member.as === 'names') return layOutNames(kernel, member.names);
  return isNumber(member.as) ? numberKinds[member.as] : 0;
}

/** How many there are, and then where each is and its size. */
function layOutNames(kernel: Kernel, names: readonly string[]): number {
  const texts = names.map((name) => layOutText(kernel, name));
  const address = kernel.allocate(4 + 8 * names.length);
  new Int32Array(kernel.memory.buffer, address).set([names.length, ...texts.flat()]);
  return address;
}

function layOutText(kernel: Kernel, text: string): [address: number, size: number] {
  const bytes = Buffer.from(text);
  const address = kernel.allocate(bytes.length + slack);
  new Uint8Array(kernel.memory.buffer, address).set(bytes);
  return [address, bytes.length];
}
