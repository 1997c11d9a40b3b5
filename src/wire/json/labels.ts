import { messages, wireTypes, type FieldKind, type MessageName } from '../schema.ts';
import type { Transfer } from './transfer.ts';

/** Appends the value at `pos` as JSON and moves behind it; says whether it is the value that proto3 leaves out. */
export type Emit = (s: Transfer, label: Label) => boolean;

/** What the writer of JSON needs to know of a field. */
export interface Label {
  readonly emit: Emit;
  /** Its place among the fields of the message, and that as a bit. */
  readonly index: number;
  readonly place: number;
  readonly number: number;
  /** The wire type of one value. */
  readonly wireType: number;
  readonly repeated: boolean;
  readonly presence: boolean;
  /** Whether the last value is the one that counts, as it is for a scalar. */
  readonly last: boolean;
  /** Whether it is one of the message's oneof: of these, only the last one on the wire counts. */
  readonly exclusive: boolean;
  /** Whether it is a KeyValue, which has a short way. */
  readonly attribute: boolean;
  /** `,"name":` with zeros behind it, as words, and its length without them. */
  readonly words: Int32Array;
  readonly length: number;
  /** For messages: the fields. */
  readonly labels: Labels | null;
}

export interface Labels {
  /** In the order of the schema, which is the order of output. */
  readonly fields: readonly Label[];
  readonly byNumber: readonly (Label | null)[];
}

const maxNumber = Math.max(...Object.values(messages).flatMap((fields) => fields.map((field) => field.number)));
/** No message has more fields. */
export const maxFields = Math.max(...Object.values(messages).map((fields) => fields.length));

/** The fields of every message, with how each kind of value is written. */
export function buildLabels(emitters: Readonly<Record<FieldKind, Emit>>): Readonly<Record<MessageName, Labels>> {
  const names = Object.keys(messages) as MessageName[];
  // Messages hold each other, so all of them exist before their fields do.
  const built = names.map((name) => {
    const byNumber: (Label | null)[] = Array.from({ length: maxNumber + 1 }, () => null);
    return [name, { fields: [] as Label[], byNumber }] as const;
  });
  const all = Object.fromEntries(built) as Record<MessageName, (typeof built)[0][1]>;
  for (const [message, { fields, byNumber }] of built) {
    for (const [index, field] of messages[message].entries()) {
      const label: Label = {
        emit: emitters[field.kind],
        index,
        place: 1 << index,
        number: field.number,
        wireType: wireTypes[field.kind],
        repeated: field.repeated,
        presence: field.presence,
        last: field.type === undefined && !field.repeated,
        exclusive: field.oneof,
        attribute: field.type === 'KeyValue',
        words: toWords(`,"${field.name}":`),
        length: field.name.length + 4,
        labels: field.type === undefined ? null : all[field.type],
      };
      fields.push(label);
      byNumber[field.number] = label;
    }
  }
  return all;
}

function toWords(text: string): Int32Array {
  const bytes = Buffer.alloc(Math.ceil(text.length / 4) * 4);
  bytes.write(text);
  return Int32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readInt32LE(4 * i));
}
