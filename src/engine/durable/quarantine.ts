import { basename, join } from 'node:path';
import type { FileSystem } from './fs.ts';
import type { Settings } from './settings.ts';

export interface Damaged {
  readonly reason: string;
  /** Sequences from `first` to before `limit`. */
  readonly first: number;
  readonly limit: number;
  readonly segment: string;
  /** Where the bytes are in the segment. */
  readonly offset: number;
  readonly length: number;
}

const pieceBytes = 1024 * 1024;

/** Keeps damaged bytes for whoever wants to look at them: one file each, a line of JSON and then the bytes. */
export class Quarantine {
  private readonly fs: FileSystem;
  private readonly directory: string;
  private readonly maxBytes: number;
  private used: number | undefined;

  constructor(fs: FileSystem, directory: string, maxBytes: number) {
    this.fs = fs;
    this.directory = directory;
    this.maxBytes = maxBytes;
  }

  /** The file that has them now; undefined where the quarantine is full. */
  async keep(damaged: Damaged): Promise<string | undefined> {
    const { fs, directory } = this;
    this.used ??= await this.measure();
    if (this.used + damaged.length > this.maxBytes) return undefined;
    await fs.mkdir(directory);
    const path = join(directory, `${String(damaged.first).padStart(16, '0')}-${damaged.offset}-${damaged.reason}`);
    const target = await fs.open(path, 'replace');
    try {
      const facts = { ...damaged, segment: basename(damaged.segment) };
      const line = Buffer.from(`${JSON.stringify(facts)}\n`);
      await target.write([line], 0);
      await this.copy(damaged, target, line.length);
      await target.sync();
    } finally {
      await target.close();
    }
    await fs.syncDirectory(directory);
    this.used += damaged.length;
    return path;
  }

  private async copy(
    { segment, offset, length }: Damaged,
    target: Awaited<ReturnType<FileSystem['open']>>,
    at: number,
  ): Promise<void> {
    const source = await this.fs.open(segment, 'read');
    try {
      for (let done = 0; done < length;) {
        const piece = Buffer.allocUnsafe(Math.min(pieceBytes, length - done));
        const count = await source.read(piece, offset + done);
        if (count === 0) return;
        await target.write([piece.subarray(0, count)], at + done);
        done += count;
      }
    } finally {
      await source.close();
    }
  }

  private async measure(): Promise<number> {
    let bytes = 0;
    for (const name of await this.fs.list(this.directory)) {
      bytes += (await this.fs.stat(join(this.directory, name)))?.size ?? 0;
    }
    return bytes;
  }
}

export function quarantineOf({ fs, directory, quarantineBytes }: Settings): Quarantine {
  return new Quarantine(fs, join(directory, 'quarantine'), quarantineBytes);
}
