/** A key made ready for looking it up in many messages. */
export interface AttributeKey {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** The first and last four bytes as words, to compare at a glance; 0 for shorter keys. */
  readonly first: number;
  readonly last: number;
}

export function attributeKey(name: string): AttributeKey {
  const bytes = Buffer.from(name);
  const long = bytes.length >= 4;
  return {
    name,
    bytes,
    first: long ? bytes.readInt32LE(0) : 0,
    last: long ? bytes.readInt32LE(bytes.length - 4) : 0,
  };
}
