import type { Signal } from '../../batch.ts';
import { FieldReader } from '../../fields.ts';
import { messages, signalMessages, type Field, type MessageName } from '../../schema.ts';

/** How to write a request anew without changing what it says. */
export interface Spelling {
  readonly order: 'ascending' | 'descending' | 'shuffled';
  /** How often a length or tag is padded, or a single field is written twice, from 0 to 1. */
  readonly oddity: number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** The same request in another spelling; fields of one number keep their order. */
export function respell(signal: Signal, bytes: Uint8Array, spelling: Spelling): Uint8Array {
  return message(signalMessages[signal].request, bytes, spelling);
}

function message(type: MessageName, bytes: Uint8Array, spelling: Spelling): Uint8Array {
  const reader = new FieldReader(bytes);
  const fields: { number: number; bytes: Uint8Array }[] = [];
  while (reader.next()) {
    const known = messages[type].find(({ number }) => number === reader.number);
    const value = bytes.subarray(reader.valueStart, reader.valueEnd);
    for (const each of spelled(known, reader.wireType, value, spelling)) {
      fields.push({
        number: reader.number,
        bytes: Buffer.concat([tag(reader.number * 8 + reader.wireType, spelling), each]),
      });
    }
  }
  return Buffer.concat(ordered(fields, spelling).map((field) => field.bytes));
}

/** What stands behind the tag, once, or twice with the first time meaning nothing. */
function spelled(field: Field | undefined, wireType: number, value: Uint8Array, spelling: Spelling): Uint8Array[] {
  if (wireType !== 2) return field !== undefined && !field.repeated && odd(spelling) ? [value, value] : [value];
  if (field?.type === undefined) {
    const text = prefixed(value, spelling);
    return field !== undefined && !field.repeated && odd(spelling)
      ? [prefixed(Buffer.from('junk'), spelling), text]
      : [text];
  }
  const content = message(field.type, value, spelling);
  const mergeable = field.type === 'Resource' || field.type === 'InstrumentationScope' || field.type === 'Status';
  return mergeable && odd(spelling)
    ? [prefixed(Buffer.alloc(0), spelling), prefixed(content, spelling)]
    : [prefixed(content, spelling)];
}

function odd(spelling: Spelling): boolean {
  return spelling.random() < spelling.oddity;
}

function tag(value: number, spelling: Spelling): Uint8Array {
  return varint(value, odd(spelling) ? 1 : 0);
}

function prefixed(value: Uint8Array, spelling: Spelling): Uint8Array {
  return Buffer.concat([varint(value.length, odd(spelling) ? 2 : 0), value]);
}

function varint(value: number, padding: number): Uint8Array {
  const digits = [value & 127];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) digits.push(rest & 127);
  for (let i = 0; i < padding; i++) digits.push(0);
  return Uint8Array.from(digits, (digit, i) => (i < digits.length - 1 ? digit | 128 : digit));
}

function ordered<F extends { readonly number: number }>(fields: readonly F[], { order, random }: Spelling): F[] {
  if (order === 'ascending') return fields.toSorted((a, b) => a.number - b.number);
  if (order === 'descending') return fields.toSorted((a, b) => b.number - a.number);
  const shuffled = fields.map((field) => ({ number: field.number, key: random() })).toSorted((a, b) => a.key - b.key);
  const queues = Map.groupBy(fields, ({ number }) => number);
  return shuffled.map(({ number }) => queues.get(number)?.shift() as F);
}
