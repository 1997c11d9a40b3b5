import type { FileHandle } from 'node:fs/promises';

const windowBytes = 1024 * 1024;

/** Reads a file from front to back in pieces. */
export class Window {
  private readonly handle: FileHandle;
  private readonly limit: number;
  private buffer: Buffer = Buffer.alloc(0);
  private from = 0;

  /** Of the file, the bytes before `limit`. */
  constructor(handle: FileHandle, limit: number) {
    this.handle = handle;
    this.limit = limit;
  }

  /** The bytes at a place, fewer only at the end. They stay as they are. */
  async at(position: number, length: number): Promise<Buffer> {
    const end = Math.min(this.limit, position + length);
    if (position < this.from || end > this.from + this.buffer.length) await this.fill(position, end);
    return this.buffer.subarray(position - this.from, Math.max(0, end - this.from));
  }

  private async fill(position: number, end: number): Promise<void> {
    const size = Math.max(0, Math.min(this.limit - position, Math.max(windowBytes, end - position)));
    const buffer = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await this.handle.read(buffer, filled, size - filled, position + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    this.buffer = buffer.subarray(0, filled);
    this.from = position;
  }
}
