import { open, rename, rm, type FileHandle } from 'node:fs/promises';

const claimedEnding = '-replay.jsonl';

/**
 * Takes a dead-letter file away from the service that may still write to it: the service sees that its file has gone, and begins
 * another. Gives the new path; undefined where somebody else was faster. The file stays a dead-letter file, for the next try.
 */
export async function claim(path: string): Promise<string | undefined> {
  if (path.endsWith(claimedEnding)) return path;
  const claimed = path.replace(/\.jsonl$/, claimedEnding);
  try {
    await rename(path, claimed);
    return claimed;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What is left of a claimed file. It takes the file's place at once, when all of it is on disk. */
export class Remainder {
  private readonly path: string;
  private file: FileHandle | undefined;

  constructor(path: string) {
    this.path = path;
  }

  async keep(line: string): Promise<void> {
    this.file ??= await open(this.draft, 'w', 0o600);
    await this.file.write(`${line}\n`);
  }

  /** From now on the file has what was kept, and is gone where that is nothing. */
  async settle(): Promise<void> {
    if (this.file === undefined) {
      await rm(this.path, { force: true });
      return;
    }
    await this.file.sync();
    await this.file.close();
    await rename(this.draft, this.path);
  }

  private get draft(): string {
    return `${this.path}.draft`;
  }
}
