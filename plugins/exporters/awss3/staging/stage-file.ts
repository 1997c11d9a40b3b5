import { open, unlink, type FileHandle } from 'node:fs/promises';
import { encodeFrame } from './frame.ts';
import { encodeHeader, type StageHeader } from './stage-header.ts';
import type { Batch } from 'sluice/plugin';

interface Waiting {
  readonly buffers: readonly Uint8Array[];
  readonly size: number;
  readonly count: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A stage file that is being added to. What is added while one write and sync is under way shares the next. */
export class StageFile {
  readonly path: string;
  readonly header: StageHeader;
  private readonly handle: FileHandle;
  private readonly salt: number;
  private waiting: Waiting[] = [];
  private running: Promise<void> | undefined;
  /** Bytes that are safe on disk. */
  safe: number;
  /** Bytes that are safe or under way. */
  size: number;
  /** Records that are safe. */
  records = 0;
  /** Why nothing more can be added. */
  failure: Error | undefined;

  private constructor(path: string, header: StageHeader, salt: number, handle: FileHandle, size: number) {
    this.path = path;
    this.header = header;
    this.salt = salt;
    this.handle = handle;
    this.safe = this.size = size;
  }

  /** Makes the file. It is safe once something was added, and its directory was synced. */
  static async create(path: string, header: StageHeader, salt: number): Promise<StageFile> {
    const handle = await open(path, 'wx', 0o600);
    const bytes = encodeHeader(header, salt);
    try {
      await writeAll(handle, [bytes], 0);
    } catch (error) {
      await handle.close().catch(() => {});
      await unlink(path).catch(() => {});
      throw error;
    }
    return new StageFile(path, header, salt, handle, bytes.length);
  }

  /** Resolves when the batch is safe on disk. */
  append({ bytes, count, meta }: Batch): Promise<void> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    const frame = encodeFrame(this.salt, bytes, count, meta.receivedAt);
    const size = frame.length + bytes.length;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.push({ buffers: [frame, bytes], size, count, resolve, reject });
    this.size += size;
    this.running ??= this.run();
    return promise;
  }

  /** After what is under way. Nothing may be added any more. */
  async close(): Promise<void> {
    this.failure ??= new Error(`${this.path} takes no more`);
    await this.running;
    // After a failure there may be a part of a record behind what is safe.
    if (this.size > this.safe) await this.handle.truncate(this.safe).catch(() => {});
    await this.handle.close();
  }

  private async run(): Promise<void> {
    // Whatever else is added in this turn joins the first group.
    await Promise.resolve();
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        await writeAll(
          this.handle,
          group.flatMap(({ buffers }) => buffers),
          this.safe,
        );
        await this.handle.datasync();
      } catch (error) {
        // After a failed sync nobody knows what is on disk: the file is not written to again.
        this.failure = error as Error;
        for (const { reject } of [...group, ...this.waiting]) reject(error);
        this.waiting = [];
        break;
      }
      for (const { size, count, resolve } of group) {
        this.safe += size;
        this.records += count;
        resolve();
      }
    }
    this.running = undefined;
  }
}

async function writeAll(handle: FileHandle, buffers: readonly Uint8Array[], position: number): Promise<void> {
  let at = position;
  let rest = buffers;
  while (rest.length > 0) {
    let { bytesWritten } = await handle.writev(rest.slice(0, maxVectors), at);
    at += bytesWritten;
    const left: Uint8Array[] = [];
    for (const buffer of rest) {
      if (bytesWritten >= buffer.length) bytesWritten -= buffer.length;
      else {
        left.push(buffer.subarray(bytesWritten));
        bytesWritten = 0;
      }
    }
    if (left.length === rest.length && left[0]?.length === rest[0]?.length)
      throw Object.assign(new Error('EIO: the file takes no more bytes'), { code: 'EIO' });
    rest = left;
  }
}

/** The operating system takes no more buffers at a time. */
const maxVectors = 1024;
