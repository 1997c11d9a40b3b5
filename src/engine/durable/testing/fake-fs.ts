import { basename, dirname } from 'node:path';
import { StorageError } from '../errors.ts';
import { FakeFile, type Draw } from './fake-file.ts';
import type { File, FileFacts, FileSystem, Lock, OpenMode } from '../fs.ts';

/** Names in a directory: as programs see them, as the disk has them, and what was done in between, in order. */
interface Directory {
  names: Map<string, FakeFile>;
  safe: Map<string, FakeFile>;
  unsynced: ((names: Map<string, FakeFile>) => void)[];
}

/** Ways to fail that a test can turn on. */
export interface Faults {
  /** Pages that all files together may have. */
  capacity: number;
  /** Syncs that fail from now on. */
  failingSyncs: number;
  /** Operations until the machine stops answering. */
  operationsLeft: number;
  /** Reads of this path fail. */
  unreadable: string | undefined;
}

/**
 * A disk in memory that tells what was written from what is safe. `crash` loses any part of what is not; a test then goes on
 * with the same object as the machine after its restart.
 */
export class FakeFileSystem implements FileSystem {
  readonly faults: Faults = {
    capacity: Number.POSITIVE_INFINITY,
    failingSyncs: 0,
    operationsLeft: Number.POSITIVE_INFINITY,
    unreadable: undefined,
  };
  /** How often files were synced and read. */
  readonly counts = { syncs: 0, reads: 0 };
  /** Holds syncs back while it is pending. */
  gate: Promise<void> = Promise.resolve();
  private readonly draw: Draw;
  private readonly directories = new Map<string, Directory>();
  private locks = new Set<string>();
  /** Counts restarts: what was opened before one is of no use after it. */
  private life = 0;

  constructor(draw: Draw) {
    this.draw = draw;
  }

  /** The process dies, and its files are as it left them. */
  kill(): void {
    this.life += 1;
    this.locks = new Set();
    this.faults.operationsLeft = Number.POSITIVE_INFINITY;
  }

  /** The power goes and comes back. */
  crash(): void {
    this.kill();
    const files = new Set<FakeFile>();
    for (const directory of this.directories.values()) {
      for (const change of directory.unsynced.splice(0, this.draw(directory.unsynced.length + 1)))
        change(directory.safe);
      directory.unsynced = [];
      directory.names = new Map(directory.safe);
      for (const file of directory.names.values()) files.add(file);
    }
    for (const file of files) file.crash(this.draw);
  }

  /** For a test that damages or looks at a file. */
  file(path: string): FakeFile {
    const file = this.find(path);
    if (file === undefined) throw failure('ENOENT', path);
    return file;
  }

  async mkdir(path: string): Promise<void> {
    await this.operate();
    // Directories are made once, at the start, and not what these tests are about.
    for (let at = path; at !== dirname(at); at = dirname(at)) this.directory(at);
  }

  async open(path: string, mode: OpenMode): Promise<File> {
    await this.operate();
    let file = this.find(path);
    if (mode === 'create' && file !== undefined) throw failure('EEXIST', path);
    if ((mode === 'update' || mode === 'read') && file === undefined) throw failure('ENOENT', path);
    if (file === undefined) {
      const made = new FakeFile();
      this.change(dirname(path), (names) => names.set(basename(path), made));
      file = made;
    } else if (mode === 'replace') file.resize(0);
    return this.handle(path, file);
  }

  async list(path: string): Promise<string[]> {
    await this.operate();
    const names = [...(this.directories.get(path)?.names.keys() ?? [])];
    for (const other of this.directories.keys())
      if (dirname(other) === path && other !== path) names.push(basename(other));
    return names;
  }

  async stat(path: string): Promise<FileFacts | undefined> {
    await this.operate();
    const file = this.find(path);
    if (file !== undefined) return { size: file.size, directory: false };
    return this.directories.has(path) ? { size: 0, directory: true } : undefined;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.operate();
    const file = this.file(from);
    this.change(dirname(from), (names) => {
      names.delete(basename(from));
      names.set(basename(to), file);
    });
  }

  async unlink(path: string): Promise<void> {
    await this.operate();
    if (this.find(path) !== undefined) this.change(dirname(path), (names) => names.delete(basename(path)));
  }

  async syncDirectory(path: string): Promise<void> {
    await this.operate();
    const directory = this.directory(path);
    for (const change of directory.unsynced.splice(0)) change(directory.safe);
  }

  async lock(path: string): Promise<Lock> {
    await this.operate();
    if (this.locks.has(path)) throw new StorageError('locked', `${path} is locked`);
    const { locks } = this;
    locks.add(path);
    return { release: async () => void locks.delete(path) };
  }

  private handle(path: string, file: FakeFile): File {
    const { life } = this;
    return {
      write: async (buffers, position) => {
        await this.operate(life);
        this.write(file, Buffer.concat(buffers), position, path);
      },
      put: (bytes, position) => {
        this.count(life);
        this.write(file, Buffer.from(bytes), position, path);
      },
      read: async (buffer, position) => {
        await this.operate(life);
        this.counts.reads += 1;
        if (this.faults.unreadable === path) throw failure('EIO', path);
        const bytes = file.read(position, buffer.length);
        buffer.set(bytes);
        return bytes.length;
      },
      sync: async () => {
        await this.gate;
        await this.operate(life);
        this.counts.syncs += 1;
        if (this.faults.failingSyncs > 0) {
          this.faults.failingSyncs -= 1;
          file.loseUnsynced(this.draw);
          throw failure('EIO', path);
        }
        file.sync();
      },
      resize: async (size) => {
        await this.operate(life);
        file.resize(size);
      },
      close: async () => undefined,
    };
  }

  private write(file: FakeFile, bytes: Buffer, position: number, path: string): void {
    const free = this.faults.capacity - this.usedPages();
    if (file.growth(position, bytes.length) <= free) {
      file.write(position, bytes);
      return;
    }
    let fitting = bytes.length;
    while (fitting > 0 && file.growth(position, fitting) > free) fitting -= Math.min(fitting, 512);
    file.write(position, bytes.subarray(0, fitting));
    throw failure('ENOSPC', path);
  }

  private usedPages(): number {
    let pages = 0;
    for (const { names } of this.directories.values()) for (const file of names.values()) pages += file.pages;
    return pages;
  }

  /** Every operation takes a turn, so that others come in between; none returns once the machine has stopped. */
  private async operate(life = this.life): Promise<void> {
    await Promise.resolve();
    this.count(life);
  }

  private count(life: number): void {
    if (life !== this.life || this.faults.operationsLeft <= 0) throw failure('EIO', 'the machine has stopped');
    this.faults.operationsLeft -= 1;
  }

  private find(path: string): FakeFile | undefined {
    return this.directories.get(dirname(path))?.names.get(basename(path));
  }

  private change(path: string, change: (names: Map<string, FakeFile>) => void): void {
    const directory = this.directory(path);
    change(directory.names);
    directory.unsynced.push(change);
  }

  private directory(path: string): Directory {
    let directory = this.directories.get(path);
    if (directory === undefined) {
      directory = { names: new Map(), safe: new Map(), unsynced: [] };
      this.directories.set(path, directory);
    }
    return directory;
  }
}

function failure(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
