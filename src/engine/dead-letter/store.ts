import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../flow/index.ts';
import type { Batch, Signal } from '../../wire/index.ts';
import { letterLine, readLetter, type Letter } from './letter.ts';

export interface DeadLetterOptions {
  readonly directory: string;
  /** Most to keep, in bytes. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Told of letters that went because there was no room for all. */
  readonly onEvicted: (count: number, signal: Signal) => void;
}

const fileBytes = 16 * 1024 * 1024;
const ending = '.jsonl';

/**
 * What destinations refused for good: files of JSON lines, the oldest first by name. A letter is on disk when `write` resolves.
 * A file may be renamed by whoever wants to empty it: what is written meanwhile goes to another.
 */
export class DeadLetterStore {
  private readonly options: DeadLetterOptions;
  private file:
    { readonly path: string; readonly inode: number; readonly handle: FileHandle; size: number } | undefined;
  private chain: Promise<void> = Promise.resolve();

  constructor(options: DeadLetterOptions) {
    this.options = options;
  }

  /** Rejects where the disk does not take it; nothing is half written then. */
  write(batch: Batch, component: string, reason: string): Promise<void> {
    const written = this.chain.then(() =>
      this.append(letterLine(batch, { time: new Date(this.options.clock.now()).toISOString(), component, reason })),
    );
    this.chain = written.catch(() => undefined);
    return written;
  }

  async close(): Promise<void> {
    await this.chain;
    await this.file?.handle.close();
    this.file = undefined;
  }

  private async append(line: Buffer): Promise<void> {
    for (;;) {
      const file = await this.current(line.length);
      try {
        await file.handle.write(line, 0, line.length, file.size);
        await file.handle.datasync();
      } catch (error) {
        await file.handle.truncate(file.size).catch(() => undefined);
        throw error;
      }
      file.size += line.length;
      const found = await stat(file.path).catch(() => undefined);
      if (found?.ino === file.inode) return;
      // Somebody took the file away to empty it, and may not have seen this line.
      this.file = undefined;
      await file.handle.close();
    }
  }

  private async current(extra: number): Promise<NonNullable<typeof this.file>> {
    if (this.file !== undefined && this.file.size + extra <= fileBytes) return this.file;
    await this.file?.handle.close();
    this.file = undefined;
    const { directory, clock } = this.options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await this.makeRoom(extra);
    const name = `${new Date(clock.now()).toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}${ending}`;
    const path = join(directory, name);
    const handle = await open(path, 'a', 0o600);
    const { size, ino } = await handle.stat();
    return (this.file = { path, inode: ino, handle, size });
  }

  /** Lets the oldest files go until a new one fits. */
  private async makeRoom(extra: number): Promise<void> {
    const { directory, maxBytes, onEvicted } = this.options;
    const files = await Promise.all(
      (await letterFiles(directory)).map(async (name) => ({ name, size: (await stat(join(directory, name))).size })),
    );
    let total = files.reduce((sum, { size }) => sum + size, Math.max(extra, Math.min(fileBytes, maxBytes / 4)));
    for (const { name, size } of files) {
      if (total <= maxBytes) return;
      for await (const { letter } of lettersIn(join(directory, name))) onEvicted(letter.count, letter.signal);
      await unlink(join(directory, name));
      total -= size;
    }
  }
}

/** The dead-letter files of a folder, the oldest first; none where there is no such folder. */
export async function letterFiles(directory: string): Promise<string[]> {
  const names = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(ending)).sort();
}

/** The letters of one file. A line that a crash cut short ends it. */
export async function* lettersIn(path: string): AsyncGenerator<{ readonly letter: Letter; readonly request: string }> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    try {
      yield readLetter(line);
    } catch {
      return;
    }
  }
}
