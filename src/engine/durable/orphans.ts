import { join } from 'node:path';
import { asStorageError, type StorageError } from './errors.ts';
import { fileNameOf, textOf } from './file-names.ts';
import type { FileSystem } from './fs.ts';
import { nodeFileSystem } from './node-fs.ts';
import type { Depth } from './queue.ts';
import { recover } from './recover.ts';

const folder = 'queues';

/** Where the queue of a component is, within the directory of a storage extension. */
export function queueDirectory(storageDirectory: string, owner: string): string {
  return join(storageDirectory, folder, fileNameOf(owner));
}

/** A queue that no configured component owns. */
export interface Orphan {
  readonly owner: string;
  readonly directory: string;
  /** Undefined where the queue cannot be read. */
  readonly depth: Depth | undefined;
  readonly error: StorageError | undefined;
}

/**
 * The queues in the directory of a storage extension that belong to none of `owners` and are not empty. They are kept, and
 * looked at without being changed.
 */
export async function findOrphans(
  storageDirectory: string,
  owners: ReadonlySet<string>,
  fs: FileSystem = nodeFileSystem,
): Promise<Orphan[]> {
  const owned = new Set([...owners].map(fileNameOf));
  const orphans: Orphan[] = [];
  for (const name of (await fs.list(join(storageDirectory, folder))).toSorted()) {
    const directory = join(storageDirectory, folder, name);
    if (owned.has(name) || (await fs.stat(directory))?.directory !== true) continue;
    const orphan = await inspect(fs, directory);
    if (orphan.depth?.records !== 0) orphans.push({ owner: textOf(name), directory, ...orphan });
  }
  return orphans;
}

async function inspect(fs: FileSystem, directory: string): Promise<Pick<Orphan, 'depth' | 'error'>> {
  try {
    const { segments } = await recover(fs, directory);
    let [records, items, bytes] = [0, 0, 0];
    for (const { remaining } of segments) {
      records += remaining.records;
      items += remaining.items;
      bytes += remaining.bytes;
    }
    return { depth: { records, items, bytes, oldest: segments[0]?.firstTime }, error: undefined };
  } catch (error) {
    return { depth: undefined, error: asStorageError(error, `looking at the queue in ${directory}`) };
  }
}
