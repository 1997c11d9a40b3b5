import type { Logger } from 'sluice/plugin';
import type { AppendFile } from './append-file.ts';

/** A bounded number of open files by path. The one that rested longest is closed to make room. */
export class OpenFiles {
  private readonly max: number;
  private readonly logger: Logger;
  // In the order of last use.
  private readonly files = new Map<string, AppendFile>();

  constructor(max: number, logger: Logger) {
    this.max = max;
    this.logger = logger;
  }

  async get(path: string, open: () => Promise<AppendFile>): Promise<AppendFile> {
    const known = this.files.get(path);
    if (known === undefined) await this.makeRoom();
    const file = known ?? (await open());
    this.files.delete(path);
    this.files.set(path, file);
    return file;
  }

  async sync(): Promise<void> {
    await Promise.all([...this.files.values()].map((file) => file.sync()));
  }

  /** Closes all, and throws the first error after that. */
  async close(): Promise<void> {
    const closing = [...this.files.values()].map((file) => file.close());
    this.files.clear();
    await Promise.allSettled(closing);
    await Promise.all(closing);
  }

  private async makeRoom(): Promise<void> {
    const [oldest] = this.files;
    if (this.files.size < this.max || oldest === undefined) return;
    const [path, file] = oldest;
    this.files.delete(path);
    await file
      .close()
      .catch((error: unknown) => this.logger.error({ path, err: error }, 'could not force the file to disk'));
  }
}
