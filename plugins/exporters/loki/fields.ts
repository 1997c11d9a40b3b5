/** A field of an encoded message. */
export interface Field {
  readonly number: number;
  /** Of a varint; otherwise 0. */
  readonly value: number;
  /** Where the value stands; behind its length, where it has one. */
  readonly start: number;
  readonly end: number;
}

/** The fields of the message from `from` to `to`, which is well-formed. */
export function* fieldsOf(bytes: Uint8Array, from: number, to: number): Generator<Field> {
  let at = from;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < to) {
    const tag = varint();
    const wireType = tag & 7;
    const length = wireType === 2 ? varint() : 0;
    const start = at;
    const value = wireType === 0 ? varint() : 0;
    if (wireType !== 0) at += wireType === 2 ? length : wireType === 1 ? 8 : 4;
    yield { number: Math.floor(tag / 8), value, start, end: at };
  }
}
