import { withBytes, type Batch, type Signal } from './batch.ts';
import { FieldReader } from './fields.ts';
import { countBelow, recordPath, type Range } from './tree.ts';

/**
 * Cuts a batch into one per value of a resource attribute. The key of the map is the value as text, and undefined for
 * resources that lack the attribute. Resources keep their order; only whole resources move.
 */
export function groupByResourceAttribute<S extends Signal>(
  batch: Batch<S>,
  key: string,
): Map<string | undefined, Batch<S>> {
  const groups = new Map<string | undefined, { pieces: Uint8Array[]; count: number }>();
  const wanted = Buffer.from(key);
  const reader = new FieldReader(batch.bytes);
  while (reader.next()) {
    if (reader.number !== 1 || reader.wireType !== 2) continue;
    const range = { start: reader.valueStart, end: reader.valueEnd };
    const value = resourceAttribute(batch.bytes, range, wanted);
    const group = groups.get(value) ?? { pieces: [], count: 0 };
    group.pieces.push(batch.bytes.subarray(reader.start, reader.valueEnd));
    group.count += countBelow(batch.bytes, range, recordPath[batch.signal], 1);
    groups.set(value, group);
  }
  if (groups.size === 1) return new Map([...groups.keys()].map((value) => [value, batch]));
  return new Map(
    [...groups].map(([value, { pieces, count }]) => [value, withBytes(batch, Buffer.concat(pieces), count)]),
  );
}

function resourceAttribute(bytes: Uint8Array, resourceItem: Range, key: Uint8Array): string | undefined {
  const items = new FieldReader(bytes, resourceItem.start, resourceItem.end);
  while (items.next()) {
    if (items.number !== 1 || items.wireType !== 2) continue;
    const attributes = new FieldReader(bytes, items.valueStart, items.valueEnd);
    while (attributes.next()) {
      if (attributes.number !== 1 || attributes.wireType !== 2) continue;
      const value = valueOf(bytes, { start: attributes.valueStart, end: attributes.valueEnd }, key);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

/** The value of a KeyValue as text, where its key is the wanted one. */
function valueOf(bytes: Uint8Array, keyValue: Range, key: Uint8Array): string | undefined {
  let matches = key.length === 0;
  let value: string | undefined;
  const reader = new FieldReader(bytes, keyValue.start, keyValue.end);
  while (reader.next()) {
    if (reader.number === 1 && reader.wireType === 2)
      matches = Buffer.compare(bytes.subarray(reader.valueStart, reader.valueEnd), key) === 0;
    else if (reader.number === 2 && reader.wireType === 2)
      value = scalarText(bytes, { start: reader.valueStart, end: reader.valueEnd });
  }
  return matches ? (value ?? '') : undefined;
}

/** A scalar AnyValue as text; lists and maps have none. */
function scalarText(bytes: Uint8Array, anyValue: Range): string | undefined {
  let text: string | undefined;
  const reader = new FieldReader(bytes, anyValue.start, anyValue.end);
  while (reader.next()) {
    const { number, wireType, valueStart, valueEnd } = reader;
    const slice = Buffer.from(bytes.buffer, bytes.byteOffset + valueStart, valueEnd - valueStart);
    if (number === 1 && wireType === 2) text = slice.toString('utf8');
    else if (number === 2 && wireType === 0) text = String(slice.some((byte) => (byte & 127) !== 0));
    else if (number === 3 && wireType === 0) text = BigInt.asIntN(64, varint(slice)).toString();
    else if (number === 4 && wireType === 1) text = String(slice.readDoubleLE());
  }
  return text;
}

function varint(slice: Uint8Array): bigint {
  return slice.reduceRight((value, byte) => (value << 7n) | BigInt(byte & 127), 0n);
}
