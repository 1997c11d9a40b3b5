import { signalMessages, messages, type MessageName } from '../../src/wire/schema.ts';
import type { Signal } from '../../src/wire/batch.ts';
import { FieldReader, varintSize, writeVarint } from '../../src/wire/fields.ts';

/** Which order the fields of every message take: as a Collector writes them, or any, by a seed. */
export type FieldOrder = 'descending' | { readonly seed: number };

interface Chunk {
  readonly number: number;
  readonly bytes: Uint8Array;
}

/**
 * The same well-formed request with the fields of every message in another order. Values of a repeated field keep theirs,
 * so it means what it meant.
 */
export function reorder(signal: Signal, bytes: Uint8Array, order: FieldOrder): Uint8Array {
  if (order === 'descending') return rewrite(signalMessages[signal].request, bytes, descending);
  const random = randomOf(order.seed);
  return rewrite(signalMessages[signal].request, bytes, (chunks) => interleaved(chunks, random));
}

/** The same request with fields of unknown numbers at the end of some of its messages, of each wire type. */
export function addUnknown(signal: Signal, bytes: Uint8Array, seed: number): Uint8Array {
  const random = randomOf(seed);
  const foreign = ['a00601', 'a1060102030405060708', 'a20603616263', 'a50601020304', 'f8ffffff0f7f'].map((hex) =>
    Buffer.from(hex, 'hex'),
  );
  return rewrite(signalMessages[signal].request, bytes, (chunks) => {
    const added = foreign.filter(() => random() < 0.1).map((field) => ({ number: 100, bytes: field }));
    return [...chunks, ...added];
  });
}

function rewrite(
  name: MessageName,
  bytes: Uint8Array,
  change: (chunks: readonly Chunk[]) => readonly Chunk[],
): Uint8Array {
  const chunks: Chunk[] = [];
  const reader = new FieldReader(bytes);
  while (reader.next()) {
    const type = messages[name].find(({ number }) => number === reader.number)?.type;
    const value = bytes.subarray(reader.valueStart, reader.valueEnd);
    const whole = bytes.subarray(reader.start, reader.valueEnd);
    chunks.push({
      number: reader.number,
      bytes: type === undefined ? whole : nested(reader.number, rewrite(type, value, change)),
    });
  }
  return Buffer.concat(change(chunks).map((chunk) => chunk.bytes));
}

function nested(number: number, value: Uint8Array): Uint8Array {
  const tag = number * 8 + 2;
  const field = new Uint8Array(varintSize(tag) + varintSize(value.length) + value.length);
  field.set(value, writeVarint(field, writeVarint(field, 0, tag), value.length));
  return field;
}

function descending(chunks: readonly Chunk[]): readonly Chunk[] {
  return chunks.toSorted((a, b) => b.number - a.number);
}

/** Each chunk in a random place, except that those of one number stay in order. */
function interleaved(chunks: readonly Chunk[], random: () => number): readonly Chunk[] {
  const queues = Map.groupBy(chunks, ({ number }) => number);
  const numbers = chunks.map(({ number }) => number);
  for (let i = numbers.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [numbers[i], numbers[j]] = [numbers[j]!, numbers[i]!];
  }
  return numbers.map((number) => queues.get(number)!.shift()!);
}

/** Mulberry32: numbers from 0 up to 1, the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
