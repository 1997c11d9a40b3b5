import * as fs from 'node:fs';
import { LockedError, takeLock } from '../../plugin/disk/lock.ts';
import { errorCode, StorageError } from './errors.ts';
import type { File, FileFacts, FileSystem, Lock, OpenMode } from './fs.ts';
import { NodeFile } from './node-file.ts';

const flags: Readonly<Record<OpenMode, string>> = { create: 'wx+', replace: 'w+', update: 'r+', read: 'r' };

/**
 * The files of this machine. Files are made with mode 0600, directories with 0700. Callbacks, because the promises of
 * node:fs cost several times as much.
 */
export const nodeFileSystem: FileSystem = {
  mkdir: (path: string): Promise<void> =>
    call<unknown>((done) => fs.mkdir(path, { recursive: true, mode: 0o700 }, done)).then(() => undefined),

  open: (path: string, mode: OpenMode): Promise<File> =>
    call<number>((done) => fs.open(path, flags[mode], 0o600, done)).then((fd) => new NodeFile(fd)),

  list: async (path: string): Promise<string[]> =>
    (await absent(call<string[]>((done) => fs.readdir(path, done)))) ?? [],

  async stat(path: string): Promise<FileFacts | undefined> {
    const facts = await absent(call<fs.Stats>((done) => fs.stat(path, done)));
    return facts && { size: facts.size, directory: facts.isDirectory() };
  },

  rename: (from: string, to: string): Promise<void> => call<void>((done) => fs.rename(from, to, done)),

  unlink: (path: string): Promise<void> => absent(call<void>((done) => fs.unlink(path, done))),

  async syncDirectory(path: string): Promise<void> {
    const fd = await call<number>((done) => fs.open(path, 'r', done));
    try {
      await call<void>((done) => fs.fsync(fd, done));
    } finally {
      fs.close(fd, () => undefined);
    }
  },

  async lock(path: string): Promise<Lock> {
    try {
      return await takeLock(path);
    } catch (error) {
      throw error instanceof LockedError ? new StorageError('locked', error.message) : error;
    }
  },
};

function call<T>(start: (done: (error: Error | null, value?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => start((error, value) => (error ? reject(error) : resolve(value as T))));
}

/** Undefined instead of an error where the file does not exist. */
async function absent<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
