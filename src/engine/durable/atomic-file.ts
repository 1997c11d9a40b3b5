import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FileSystem } from './fs.ts';

const magic = Buffer.from('SLA1', 'latin1');
const headBytes = 20;
const suffixes = ['.a', '.b'] as const;

type Suffix = (typeof suffixes)[number];

interface Copy {
  readonly generation: number;
  readonly value: Uint8Array;
}

/**
 * A small value in two copies, of which the older is replaced whole: a crash leaves the old value or the new one, and where
 * the newest copy is damaged the one before it counts.
 */
export class AtomicFile {
  private readonly fs: FileSystem;
  private readonly path: string;
  private generation = 0;
  private newest: Suffix = '.b';

  constructor(fs: FileSystem, path: string) {
    this.fs = fs;
    this.path = path;
  }

  /** The newest copy that is whole. `damaged` says that a copy was found and is not. */
  async read(): Promise<{ readonly value: Uint8Array | undefined; readonly damaged: boolean }> {
    let value: Uint8Array | undefined;
    let damaged = false;
    for (const suffix of suffixes) {
      const copy = await this.load(this.path + suffix);
      if (copy === 'damaged') damaged = true;
      else if (copy !== undefined && copy.generation > this.generation) {
        ({ value, generation: this.generation } = copy);
        this.newest = suffix;
      }
    }
    return { value, damaged };
  }

  /** Resolves when the value is safe. One write at a time, after a `read`. */
  async write(value: Uint8Array): Promise<void> {
    const { fs, path } = this;
    const older = this.older;
    const temporary = `${path}.tmp`;
    const file = await fs.open(temporary, 'replace');
    try {
      await file.write([encodeHead(value, this.generation + 1), value], 0);
      await file.sync();
    } finally {
      void file.close().catch(() => undefined);
    }
    await fs.rename(temporary, path + older);
    this.generation += 1;
    this.newest = older;
    await fs.syncDirectory(dirname(path));
  }

  /** The older copy goes first, or it would come back as the value. */
  async remove(): Promise<void> {
    const directory = dirname(this.path);
    await this.fs.unlink(this.path + this.older);
    await this.fs.syncDirectory(directory);
    await this.fs.unlink(this.path + this.newest);
    await this.fs.syncDirectory(directory);
  }

  private get older(): Suffix {
    return this.newest === '.a' ? '.b' : '.a';
  }

  private async load(path: string): Promise<Copy | 'damaged' | undefined> {
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

function decode(content: Buffer): Copy | undefined {
  if (content.length < headBytes || !content.subarray(0, 4).equals(magic)) return undefined;
  const value = content.subarray(headBytes);
  if (value.length !== content.readUInt32LE(4)) return undefined;
  if (crc32(value, crc32(content.subarray(0, 16))) !== content.readUInt32LE(16)) return undefined;
  return { generation: content.readDoubleLE(8), value };
}
