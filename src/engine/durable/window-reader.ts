import { countExternal } from '../../wire/index.ts';
import type { File } from './fs.ts';

/**
 * Reads a file in pieces of at least `chunkBytes`, of which views are handed out. A piece is never written to again, so a
 * view stays good for as long as somebody holds it.
 */
export class WindowReader {
  readonly file: File;
  private readonly chunkBytes: number;
  private window: Buffer = Buffer.alloc(0);
  private start = 0;

  constructor(file: File, chunkBytes: number) {
    this.file = file;
    this.chunkBytes = chunkBytes;
  }

  /** `length` bytes from `position`, fewer where `end` or the end of the file comes first. */
  async view(position: number, length: number, end: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, end - position));
    const offset = position - this.start;
    if (offset >= 0 && offset + wanted <= this.window.length) return this.window.subarray(offset, offset + wanted);
    const ahead = Math.min(this.chunkBytes, end - position);
    try {
      await this.fill(position, Math.max(wanted, ahead));
    } catch (error) {
      // What lies beyond may be what the disk does not give back.
      if (ahead <= wanted) throw error;
      await this.fill(position, wanted);
    }
    return this.window.subarray(0, wanted);
  }

  private async fill(position: number, length: number): Promise<void> {
    countExternal(length);
    const piece = Buffer.allocUnsafeSlow(length);
    const count = await this.file.read(piece, position);
    this.window = piece.subarray(0, count);
    this.start = position;
  }
}
