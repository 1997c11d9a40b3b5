/** Bytes that come in chunks and go away from the front. */
export class ByteQueue {
  private buffer = Buffer.allocUnsafe(0);
  private start = 0;
  private end = 0;

  /** What is in the queue; valid until the next push. */
  get bytes(): Uint8Array {
    return this.buffer.subarray(this.start, this.end);
  }

  push(chunk: Uint8Array): void {
    const length = this.end - this.start;
    if (this.end + chunk.length > this.buffer.length) {
      const room = Math.max(2 * length, length + chunk.length, 64 * 1024);
      const larger = room > this.buffer.length ? Buffer.allocUnsafe(room) : this.buffer;
      this.buffer.copy(larger, 0, this.start, this.end);
      this.buffer = larger;
      this.start = 0;
      this.end = length;
    }
    this.buffer.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** A copy of the first bytes, which go away. */
  take(length: number): Uint8Array {
    const taken = new Uint8Array(this.bytes.subarray(0, length));
    this.start += length;
    return taken;
  }
}
