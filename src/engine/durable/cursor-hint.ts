import { crc32 } from 'node:zlib';
import { decodeCursor, encodeCursor, type Cursor } from './cursor.ts';
import type { File, FileSystem } from './fs.ts';

const headBytes = 8;

/**
 * How far a queue is consumed, written in place and never synced: cheap, so that it is only milliseconds behind. It survives
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

  /** One write at a time. */
  async write(cursor: Cursor): Promise<void> {
    // At once: the ranges are those of the queue, which goes on.
    const value = encodeCursor(cursor);
    const head = Buffer.alloc(headBytes);
    head.writeUInt32LE(value.length, 0);
    head.writeUInt32LE(crc32(value), 4);
    this.file ??= await this.fs.open(this.path, (await this.fs.stat(this.path)) === undefined ? 'create' : 'update');
    await this.file.write([Buffer.concat([head, value])], 0);
  }

  /** Once the cursor says the same. */
  async remove(): Promise<void> {
    await this.file?.close();
    this.file = undefined;
    await this.fs.unlink(this.path);
  }
}
