/** Other encodings of the same message, for tests. */
import { FieldReader, writeVarint } from '../../fields.ts';
import { messages, type Field, type MessageName } from '../../schema.ts';
import type { Pick } from './json-text.ts';

const itemSizes: Partial<Record<Field['kind'], number>> = { fixed64: 8, double: 8 };

/**
 * The same message with the fields of every message in another order. Values of one repeated field keep their order, with
 * other fields between them; packed numbers are taken apart; unknown fields are put in.
 */
export function shuffled(name: MessageName, bytes: Uint8Array, pick: Pick): Uint8Array {
  const queues = new Map<number, Uint8Array[]>();
  for (const reader = new FieldReader(bytes); reader.next();) {
    const field = messages[name].find(({ number }) => number === reader.number)!;
    const value = bytes.subarray(reader.valueStart, reader.valueEnd);
    const queue = queues.get(field.number) ?? [];
    queues.set(field.number, queue);
    if (field.type !== undefined) queue.push(delimited(field.number, shuffled(field.type, value, pick)));
    else if (reader.wireType === 2 && field.repeated && field.kind in itemSizes)
      queue.push(...takenApart(field, value));
    else queue.push(bytes.subarray(reader.start, reader.valueEnd));
  }
  queues.set(90, [delimited(90, Buffer.from('of a later release'))]);
  const fields: Uint8Array[] = [];
  while (queues.size > 0) {
    const [number, queue] = [...queues][pick(queues.size)]!;
    fields.push(queue.shift()!);
    if (queue.length === 0) queues.delete(number);
  }
  return Buffer.concat(fields);
}

function takenApart(field: Field, packed: Uint8Array): Uint8Array[] {
  const size = itemSizes[field.kind]!;
  const half = Math.floor(packed.length / size / 2) * size;
  const single = Array.from({ length: half / size }, (_, i) => [
    field.number * 8 + 1,
    ...packed.subarray(i * size, (i + 1) * size),
  ]);
  return [...single.map((bytes) => Uint8Array.from(bytes)), delimited(field.number, packed.subarray(half))];
}

function delimited(number: number, content: Uint8Array): Uint8Array {
  const head = new Uint8Array(20);
  const size = writeVarint(head, writeVarint(head, 0, number * 8 + 2), content.length);
  return Buffer.concat([head.subarray(0, size), content]);
}
