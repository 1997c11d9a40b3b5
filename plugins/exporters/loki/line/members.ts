import { fieldsOf, type Field } from '../fields.ts';

/** Where a member of a map stands. `valueStart` is -1 where it has no value. */
export interface Member {
  keyStart: number;
  keyEnd: number;
  valueStart: number;
  valueEnd: number;
}

const listOfAnyValue = 6;

/** The members of an AnyValue that is a map; undefined for any other. The bytes are well-formed. */
export function membersOf(bytes: Uint8Array, start: number, end: number): Member[] | undefined {
  let list: Field | undefined;
  for (const field of fieldsOf(bytes, start, end)) if (field.number > 0 && field.number < 8) list = field;
  if (list?.number !== listOfAnyValue) return undefined;
  return [...fieldsOf(bytes, list.start, list.end)].filter(({ number }) => number === 1).map(memberOf);

  function memberOf(field: Field): Member {
    const member = { keyStart: 0, keyEnd: 0, valueStart: -1, valueEnd: -1 };
    for (const { number, start: from, end: to } of fieldsOf(bytes, field.start, field.end)) {
      if (number === 1) Object.assign(member, { keyStart: from, keyEnd: to });
      else if (number === 2) Object.assign(member, { valueStart: from, valueEnd: to });
    }
    return member;
  }
}
