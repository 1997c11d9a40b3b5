import { open } from 'node:fs/promises';

/** Makes names that were added, renamed or removed in a directory safe on disk. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
