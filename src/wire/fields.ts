/**
 * Reading encoded messages field by field, for code that looks at a few fields of a batch. The bytes have passed the
 * structural check, so lengths are trusted here. Hot loops inline their own reading.
 */

/** A cursor over the fields of one message. */
export class FieldReader {
  private readonly bytes: Uint8Array;
  private readonly end: number;
  private position: number;
  /** Field number and wire type of the current field. */
  number = 0;
  wireType = 0;
  /** Where the current field begins, tag included. */
  start = 0;
  /** Where its value begins: after the tag, and after the length where there is one. */
  valueStart = 0;
  /** Where it ends. */
  valueEnd = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position >= this.end) return false;
    this.start = this.position;
    const tag = this.varint();
    this.number = Math.floor(tag / 8);
    this.wireType = tag % 8;
    if (this.wireType === 2) {
      const length = this.varint();
      this.valueStart = this.position;
      this.position += length;
    } else {
      this.valueStart = this.position;
      if (this.wireType === 0) while ((this.bytes[this.position++] as number) > 127);
      else this.position += this.wireType === 1 ? 8 : 4;
    }
    this.valueEnd = this.position;
    return true;
  }

  private varint(): number {
    const b = this.bytes;
    let byte = b[this.position++] as number;
    if (byte < 128) return byte;
    let value = byte & 127;
    for (let scale = 128; ; scale *= 128) {
      byte = b[this.position++] as number;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }
}

/** How many bytes a number takes as a varint. */
export function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Writes a varint and returns where it ends. */
export function writeVarint(target: Uint8Array, at: number, value: number): number {
  let p = at;
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) target[p++] = (rest % 128) | 128;
  target[p++] = rest;
  return p;
}
