import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FileSystem } from './fs.ts';

const magic = Buffer.from('SLA1', 'latin1');
const headBytes = 20;

/** A small file that is replaced whole: a crash leaves the old value or the new one, and damage the one before. */
export class AtomicFile {
  private readonly fs: FileSystem;
  private readonly path: string;
  private generation = 0;
  /** Whether the file is good, so that it may take the place of the previous copy. */
  private good = false;

  constructor(fs: FileSystem, path: string) {
    this.fs = fs;
    this.path = path;
  }

  /** The newest copy that is whole. `damaged` says that a copy was found and is not. */
  async read(): Promise<{ readonly value: Uint8Array | undefined; readonly damaged: boolean }> {
    const current = await this.load(this.path);
    const previous = await this.load(this.previous);
    const newest = [current, previous].filter((copy) => copy !== undefined && copy !== 'damaged');
    newest.sort((a, b) => b.generation - a.generation);
    this.good = current !== undefined && current === newest[0];
    this.generation = Math.max(this.generation, newest[0]?.generation ?? 0);
    return { value: newest[0]?.value, damaged: current === 'damaged' || previous === 'damaged' };
  }

  /** Resolves when the value is safe. One write at a time, after a `read`. */
  async write(value: Uint8Array): Promise<void> {
    const { fs, path } = this;
    const temporary = `${path}.tmp`;
    const file = await fs.open(temporary, 'replace');
    try {
      await file.write([encodeHead(value, this.generation + 1), value], 0);
      await file.sync();
    } finally {
      await file.close();
    }
    if (this.good) {
      this.good = false;
      await fs.rename(path, this.previous);
    }
    await fs.rename(temporary, path);
    this.generation += 1;
    this.good = true;
    await fs.syncDirectory(dirname(path));
  }

  /** The previous copy goes first, or it would come back as the value. */
  async remove(): Promise<void> {
    await this.fs.unlink(this.previous);
    await this.fs.unlink(this.path);
    this.good = false;
    await this.fs.syncDirectory(dirname(this.path));
  }

  private get previous(): string {
    return `${this.path}.previous`;
  }

  private async load(path: string): Promise<{ generation: number; value: Uint8Array } | 'damaged' | undefined> {
    const facts = await this.fs.stat(path);
    if (facts === undefined) return undefined;
    const content = Buffer.alloc(facts.size);
    const file = await this.fs.open(path, 'read');
    try {
      await file.read(content, 0);
    } finally {
      await file.close();
    }
    return decode(content) ?? 'damaged';
  }
}

function encodeHead(value: Uint8Array, generation: number): Buffer {
  const head = Buffer.alloc(headBytes);
  magic.copy(head, 0);
  head.writeUInt32LE(value.length, 4);
  head.writeDoubleLE(generation, 8);
  head.writeUInt32LE(crc32(value, crc32(head.subarray(0, 16))), 16);
  return head;
}

function decode(content: Buffer): { generation: number; value: Uint8Array } | undefined {
  if (content.length < headBytes || !content.subarray(0, 4).equals(magic)) return undefined;
  const value = content.subarray(headBytes);
  if (value.length !== content.readUInt32LE(4)) return undefined;
  if (crc32(value, crc32(content.subarray(0, 16))) !== content.readUInt32LE(16)) return undefined;
  return { generation: content.readDoubleLE(8), value };
}
