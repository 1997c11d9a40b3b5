import { lstat, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PermanentError } from 'sluice/plugin';
import { AppendFile } from './append-file.ts';
import type { GroupPath } from './group-path.ts';

/**
 * Opens a file below its base directory and creates the directories on the way. Nothing below the base may be a symbolic
 * link: data must not choose a place elsewhere. Throws PermanentError where something is in the way.
 */
export async function openConfined({ base, names }: GroupPath, mode: number): Promise<AppendFile> {
  await mkdir(base, { recursive: true, mode });
  let path = base;
  for (const name of names.slice(0, -1)) {
    path = join(path, name);
    await ownDirectory(path, mode);
  }
  path = join(path, names.at(-1) as string);
  try {
    return await AppendFile.open(path, { noFollow: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP' || code === 'EISDIR')
      throw new PermanentError(`${path} is not a file of its own: ${code}`, { cause: error });
    throw error;
  }
}

async function ownDirectory(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (!(await lstat(path)).isDirectory()) throw new PermanentError(`${path} is not a directory`, { cause: error });
  }
}
