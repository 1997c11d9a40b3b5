import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { File, FileSystem } from './fs.ts';
import { cutSegmentName } from './segment-format.ts';
import { newSegment, type Segment } from './segment.ts';

/**
 * Makes and removes segment files. One consumed file is kept and used again: writing over pages and blocks that exist costs
 * less CPU than first touching new ones, and its sync has no metadata to write.
 */
export class SegmentFiles {
  private readonly fs: FileSystem;
  private readonly directory: string;
  private spare = false;

  constructor(fs: FileSystem, directory: string) {
    this.fs = fs;
    this.directory = directory;
  }

  /** An empty segment of `capacity` bytes whose name is safe; what the file holds beyond its header is undefined. */
  async create(first: number, capacity: number): Promise<{ segment: Segment; file: File }> {
    const { fs, directory } = this;
    const segment = newSegment(directory, first, randomInt(2 ** 32));
    const reuse = this.spare;
    this.spare = false;
    if (reuse) await fs.rename(this.sparePath, segment.path);
    const file = await fs.open(segment.path, reuse ? 'update' : 'replace');
    try {
      if (!reuse || ((await fs.stat(segment.path))?.size ?? 0) < capacity) await file.resize(capacity);
      await fs.syncDirectory(directory);
    } catch (error) {
      await file.close().catch(() => undefined);
      await fs.unlink(segment.path).catch(() => undefined);
      throw error;
    }
    return { segment, file };
  }

  /** Of a segment that is known to be consumed when the next start looks. Keeps the file where it has `capacity`. */
  async dispose(path: string, capacity: number): Promise<void> {
    const { fs } = this;
    if (!this.spare && (await fs.stat(path))?.size === capacity) {
      await fs.rename(path, this.sparePath);
      this.spare = true;
    } else await fs.unlink(path);
  }

  /** Says by its name where a segment ends that cannot be written to any more. */
  async cut(segment: Segment): Promise<void> {
    const path = join(this.directory, cutSegmentName(segment.first, segment.limit));
    await this.fs.rename(segment.path, path);
    segment.path = path;
    await this.fs.syncDirectory(this.directory);
  }

  async remove(path: string): Promise<void> {
    await this.fs.unlink(path);
  }

  async dropSpare(): Promise<void> {
    if (!this.spare) return;
    this.spare = false;
    await this.fs.unlink(this.sparePath);
  }

  private get sparePath(): string {
    return join(this.directory, 'spare');
  }
}
