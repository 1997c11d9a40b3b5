import { open as openCallback } from 'node:fs';
import * as fs from 'node:fs/promises';
import { errorCode } from './errors.ts';
import type { File, FileFacts, FileSystem, Lock, OpenMode } from './fs.ts';
import { NodeFile } from './node-file.ts';
import { takeLock } from './node-lock.ts';

const flags: Readonly<Record<OpenMode, string>> = { create: 'wx+', replace: 'w+', update: 'r+', read: 'r' };

/** The files of this machine. Files are made with mode 0600, directories with 0700. */
export const nodeFileSystem: FileSystem = {
  async mkdir(path: string): Promise<void> {
    await fs.mkdir(path, { recursive: true, mode: 0o700 });
  },

  open(path: string, mode: OpenMode): Promise<File> {
    return new Promise((resolve, reject) =>
      openCallback(path, flags[mode], 0o600, (error, fd) => (error ? reject(error) : resolve(new NodeFile(fd)))),
    );
  },

  async list(path: string): Promise<string[]> {
    return (await absent(fs.readdir(path))) ?? [];
  },

  async stat(path: string): Promise<FileFacts | undefined> {
    const facts = await absent(fs.stat(path));
    return facts && { size: facts.size, directory: facts.isDirectory() };
  },

  rename: (from: string, to: string): Promise<void> => fs.rename(from, to),

  async unlink(path: string): Promise<void> {
    await absent(fs.unlink(path));
  },

  async syncDirectory(path: string): Promise<void> {
    const directory = await fs.open(path, 'r');
    try {
      await directory.sync();
    } finally {
      await directory.close();
    }
  },

  lock: (path: string): Promise<Lock> => takeLock(path),
};

/** Undefined instead of an error where the file does not exist. */
async function absent<T>(operation: Promise<T>): Promise<T | undefined> {
  try {
    return await operation;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
