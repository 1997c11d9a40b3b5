const startSize = 2048;
const keptSize = 4 * 1024 * 1024;

/** The values of a page in PLAIN encoding, in one growing buffer that the next page uses again. */
export class PlainBytes {
  private buffer = Buffer.allocUnsafeSlow(startSize);
  private view = viewOf(this.buffer);
  length = 0;

  /** A BYTE_ARRAY: four bytes of length, then UTF-8. Returns how many bytes the text has. */
  text(value: string): number {
    this.ensure(4 + 3 * value.length);
    const size = this.buffer.write(value, this.length + 4, 'utf8');
    this.view.setUint32(this.length, size, true);
    this.length += 4 + size;
    return size;
  }

  /** Values that are encoded already. */
  append(encoded: Uint8Array): void {
    this.ensure(encoded.length);
    this.buffer.set(encoded, this.length);
    this.length += encoded.length;
  }

  int32(value: number): void {
    this.ensure(4);
    this.view.setInt32(this.length, value, true);
    this.length += 4;
  }

  int64(value: bigint): void {
    this.ensure(8);
    this.view.setBigInt64(this.length, value, true);
    this.length += 8;
  }

  /** An INT64 by its halves. */
  words(low: number, high: number): void {
    this.ensure(8);
    this.view.setInt32(this.length, low, true);
    this.view.setInt32(this.length + 4, high, true);
    this.length += 8;
  }

  double(value: number): void {
    this.ensure(8);
    this.view.setFloat64(this.length, value, true);
    this.length += 8;
  }

  byte(value: number): void {
    this.ensure(1);
    this.buffer[this.length++] = value;
  }

  /** What was written so far; valid until the next write. */
  written(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.buffer.length > keptSize) this.replace(Buffer.allocUnsafeSlow(startSize));
  }

  private ensure(size: number): void {
    const needed = this.length + size;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, needed));
    this.buffer.copy(larger, 0, 0, this.length);
    this.replace(larger);
  }

  private replace(buffer: Buffer<ArrayBuffer>): void {
    this.buffer = buffer;
    this.view = viewOf(buffer);
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
}
