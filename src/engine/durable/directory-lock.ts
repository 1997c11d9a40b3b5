import { join } from 'node:path';
import { asStorageError } from './errors.ts';
import type { FileSystem, Lock } from './fs.ts';
import { nodeFileSystem } from './node-fs.ts';

/** Makes the directory, and keeps other processes out of it. Rejects with `locked` where one has it, naming it. */
export async function lockDirectory(directory: string, fs: FileSystem = nodeFileSystem): Promise<Lock> {
  try {
    await fs.mkdir(directory);
    return await fs.lock(join(directory, 'lock'));
  } catch (error) {
    throw asStorageError(error, `locking ${directory}`);
  }
}
