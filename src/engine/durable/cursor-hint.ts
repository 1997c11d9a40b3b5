import { crc32 } from 'node:zlib';
import { decodeCursor, encodeCursor, type Cursor } from './cursor.ts';
import type { File, FileSystem } from './fs.ts';

const headBytes = 8;

/**
 * How far a queue is consumed, written in place and never synced: a few microseconds, so that it is hardly behind. It survives
 * the death of the process, and spares the destination duplicates; a power failure may lose it, and then the cursor counts.
 * What it says was true when it was written and stays true, so it may be older than the cursor, or newer.
 */
export class CursorHint {
  private readonly fs: FileSystem;
  private readonly path: string;
  private file: File | undefined;

  constructor(fs: FileSystem, path: string) {
    this.fs = fs;
    this.path = path;
  }

  /** Undefined where there is none, or none that is whole. */
  async read(): Promise<Cursor | undefined> {
    const facts = await this.fs.stat(this.path);
    if (facts === undefined || facts.size <= headBytes) return undefined;
    const content = Buffer.alloc(facts.size);
    const file = await this.fs.open(this.path, 'read');
    try {
      await file.read(content, 0);
    } finally {
      await file.close();
    }
    const value = content.subarray(headBytes, headBytes + content.readUInt32LE(0));
    // What is shorter than a mark and a sequence is no cursor, whatever its checksum.
    return value.length >= 16 && crc32(value) === content.readUInt32LE(4) ? decodeCursor(value) : undefined;
  }

  /** Before the first `write`, which does nothing without it. */
  async open(): Promise<void> {
    this.file = await this.fs.open(this.path, (await this.fs.stat(this.path)) === undefined ? 'create' : 'update');
  }

  /** Written when it returns. */
  write(cursor: Cursor): void {
    const value = encodeCursor(cursor);
    const bytes = Buffer.allocUnsafe(headBytes + value.length);
    bytes.writeUInt32LE(value.length, 0);
    bytes.writeUInt32LE(crc32(value), 4);
    bytes.set(value, headBytes);
    this.file?.put(bytes, 0);
  }

  /** Once the cursor says the same. */
  async remove(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
    await this.fs.unlink(this.path);
  }
}
