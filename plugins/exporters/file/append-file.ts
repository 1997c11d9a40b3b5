import { constants, open, type FileHandle } from 'node:fs/promises';

/** What of a file handle is used here. */
export type Handle = Pick<FileHandle, 'write' | 'stat' | 'truncate' | 'datasync' | 'close'>;

export interface OpenOptions {
  /** Begin the file anew. */
  readonly truncate?: boolean;
  /** Refuse to write through a symbolic link. */
  readonly noFollow?: boolean;
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_TRUNC, O_WRONLY } = constants;

/** A file that only grows, by whole messages: what could not be written whole is cut off again. */
export class AppendFile {
  private readonly handle: Handle;
  private readonly regular: boolean;
  /** Where a message that could not be cut off begins. */
  private tornAt: number | undefined;
  private dirty = false;
  /** In bytes; 0 for pipes and devices. */
  size: number;

  private constructor(handle: Handle, regular: boolean, size: number) {
    this.handle = handle;
    this.regular = regular;
    this.size = size;
  }

  /** Opens the file, or makes it for the owner alone (0600). */
  static async open(path: string, options: OpenOptions = {}): Promise<AppendFile> {
    const flags =
      O_WRONLY |
      O_APPEND |
      O_CREAT |
      (options.truncate === true ? O_TRUNC : 0) |
      (options.noFollow === true ? O_NOFOLLOW : 0);
    return AppendFile.of(await open(path, flags, 0o600));
  }

  /** Takes over an open file. */
  static async of(handle: Handle): Promise<AppendFile> {
    const stat = await handle.stat();
    return new AppendFile(handle, stat.isFile(), stat.isFile() ? stat.size : 0);
  }

  /** Resolves when the operating system has the whole message. When it throws, nothing of the message is in the file. */
  async append(message: Uint8Array): Promise<void> {
    if (!this.regular) {
      await this.write(message);
      return;
    }
    if (this.tornAt !== undefined) await this.cut(this.tornAt);
    const start = (await this.handle.stat()).size;
    try {
      await this.write(message);
    } catch (error) {
      this.tornAt = start;
      // Where even this fails, the next append begins with it.
      await this.cut(start).catch(() => {});
      throw error;
    }
    this.size = start + message.length;
    this.dirty = true;
  }

  /** Resolves when everything appended so far is on the disk. */
  async sync(): Promise<void> {
    if (!this.dirty) return;
    this.dirty = false;
    await this.handle.datasync();
  }

  /** Forces the file to disk and lets go of it, even when the first fails. */
  async close(): Promise<void> {
    try {
      await this.sync();
    } finally {
      await this.handle.close();
    }
  }

  private async write(message: Uint8Array): Promise<void> {
    for (let written = 0; written < message.length;) {
      written += (await this.handle.write(message, written, message.length - written, null)).bytesWritten;
    }
  }

  private async cut(length: number): Promise<void> {
    await this.handle.truncate(length);
    this.size = length;
    this.tornAt = undefined;
  }
}
