/** A field of a small protobuf message: a number for varints, bytes for everything with a length. */
export interface Field {
  readonly number: number;
  readonly value: bigint | Uint8Array;
}

/**
 * The varint and length-delimited fields of a small message, such as an OTLP response; fixed-width ones are passed over.
 * Throws a RangeError where the bytes are no message.
 */
export function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const input = { bytes, offset: 0 };
  while (input.offset < bytes.length) {
    const tag = Number(readVarint(input));
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (wireType === 0) yield { number, value: readVarint(input) };
    else if (wireType === 2) yield { number, value: take(input, Number(readVarint(input))) };
    else if (wireType === 1) take(input, 8);
    else if (wireType === 5) take(input, 4);
    else throw new RangeError(`wire type ${wireType} at byte ${input.offset}`);
  }
}

interface Input {
  readonly bytes: Uint8Array;
  offset: number;
}

function readVarint(input: Input): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = input.bytes[input.offset];
    if (byte === undefined) break;
    input.offset += 1;
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return BigInt.asUintN(64, value);
  }
  throw new RangeError(`broken varint at byte ${input.offset}`);
}

function take(input: Input, length: number): Uint8Array {
  const end = input.offset + length;
  if (end > input.bytes.length)
    throw new RangeError(`${length} bytes wanted at byte ${input.offset}, which is too many`);
  const taken = input.bytes.subarray(input.offset, end);
  input.offset = end;
  return taken;
}

/** A varint field; nothing for 0, which is the default. */
export function varintField(number: number, value: bigint): number[] {
  if (value === 0n) return [];
  return [...varint(BigInt(number << 3)), ...varint(BigInt.asUintN(64, value))];
}

/** A field with a length: text as UTF-8, or bytes; nothing where it is empty. */
export function bytesField(number: number, value: string | Iterable<number>): number[] {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : Uint8Array.from(value);
  return bytes.length === 0 ? [] : [...varint(BigInt((number << 3) | 2)), ...varint(BigInt(bytes.length)), ...bytes];
}

function varint(value: bigint): number[] {
  const out: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) out.push(Number(rest & 0x7fn) | 0x80);
  out.push(Number(rest));
  return out;
}
