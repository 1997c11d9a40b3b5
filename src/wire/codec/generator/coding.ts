import type { Member } from './model.ts';

type Scalar = Exclude<Member['field']['kind'], 'message'>;

interface Coding {
  readonly wireType: 0 | 1 | 2 | 5;
  /** The method of Reader and of Writer. */
  readonly read: string;
  readonly write: string;
  /** The method of Writer for one element of a packed list, where there are such lists. */
  readonly element?: string;
  /** When a property is not at its default and is written. `v` stands for the property. */
  readonly set: string;
}

const codings: Readonly<Record<Scalar, Coding>> = {
  string: { wireType: 2, read: 'string', write: 'string', set: "v !== ''" },
  hex: { wireType: 2, read: 'hex', write: 'hex', set: "v !== ''" },
  bytes: { wireType: 2, read: 'blob', write: 'blob', set: 'v.length > 0' },
  bool: { wireType: 0, read: 'bool', write: 'bool', set: 'v' },
  uint32: { wireType: 0, read: 'uint32', write: 'uint32', set: 'v !== 0' },
  sint32: { wireType: 0, read: 'sint32', write: 'sint32', set: 'v !== 0' },
  enum: { wireType: 0, read: 'int32', write: 'int32', set: 'v !== 0' },
  int64: { wireType: 0, read: 'int64', write: 'int64', set: 'v !== 0n' },
  uint64: { wireType: 0, read: 'uint64', write: 'int64', element: 'varint64', set: 'v !== 0n' },
  fixed32: { wireType: 5, read: 'fixed32', write: 'fixed32', set: 'v !== 0' },
  fixed64: { wireType: 1, read: 'fixed64', write: 'fixed64', element: 'eight', set: 'v !== 0n' },
  sfixed64: { wireType: 1, read: 'sfixed64', write: 'fixed64', set: 'v !== 0n' },
  // Minus zero is not the default.
  double: { wireType: 1, read: 'double', write: 'double', element: 'float64', set: '(v !== 0 || Object.is(v, -0))' },
};

export function codingOf({ field }: Member): Coding {
  if (field.kind === 'message') throw new Error(`${field.name} is a message`);
  return codings[field.kind];
}

/** Whether a repeated field is written as one packed field. Both forms are read. */
export function isPacked(member: Member): boolean {
  return member.field.repeated && member.field.kind !== 'message' && codingOf(member).wireType !== 2;
}

export function tagOf(member: Member): number {
  const wireType = member.field.kind === 'message' || isPacked(member) ? 2 : codingOf(member).wireType;
  return member.field.number * 8 + wireType;
}
