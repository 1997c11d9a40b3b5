import { lstat, readdir, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { syncDirectory, type Clock, type Logger } from 'sluice/plugin';
import { AppendFile } from './append-file.ts';
import { backupName, outdated } from './backups.ts';
import type { Rotation } from './config.ts';

const MiB = 1024 * 1024;

/** A file that is put aside under a dated name before it grows beyond its limit; old ones are deleted. */
export class RotatingFile {
  private readonly path: string;
  private readonly rotation: Rotation;
  private readonly context: { readonly clock: Clock; readonly logger: Logger };
  private file: AppendFile | undefined;
  private lastPutAside = 0;

  constructor(path: string, rotation: Rotation, context: { readonly clock: Clock; readonly logger: Logger }) {
    this.path = path;
    this.rotation = rotation;
    this.context = context;
  }

  async open(): Promise<AppendFile> {
    this.file ??= await AppendFile.open(this.path);
    return this.file;
  }

  /** As {@link AppendFile.append}. A message larger than the limit has a file to itself. */
  async append(message: Uint8Array): Promise<void> {
    const { size } = await this.open();
    if (size > 0 && size + message.length > this.rotation.max_megabytes * MiB) await this.rotate();
    await (await this.open()).append(message);
  }

  async sync(): Promise<void> {
    await this.file?.sync();
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  /** Data matters more than size: where the file cannot be put aside, it grows on. */
  private async rotate(): Promise<void> {
    const { clock, logger } = this.context;
    try {
      await this.close();
      await rename(this.path, await this.freeName());
      await this.open();
      await syncDirectory(dirname(this.path));
    } catch (error) {
      logger.warn({ path: this.path, err: error }, 'could not put the file aside; it grows on');
    }
    try {
      const directory = dirname(this.path);
      for (const name of outdated(this.path, await readdir(directory), clock.now(), this.rotation))
        await unlink(join(directory, name));
    } catch (error) {
      logger.warn({ path: this.path, err: error }, 'could not delete files that were put aside');
    }
  }

  /** A dated name that no file has yet. Names grow, though two rotations fall into one millisecond or the clock goes back. */
  private async freeName(): Promise<string> {
    for (let time = Math.max(this.context.clock.now(), this.lastPutAside + 1); ; time += 1) {
      const name = join(dirname(this.path), backupName(this.path, new Date(time), this.rotation.localtime));
      this.lastPutAside = time;
      if (!(await exists(name))) return name;
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}
