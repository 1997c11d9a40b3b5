import { mkdir, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { syncDirectory } from 'sluice/plugin';
import type { ReadyFile } from './ready-file.ts';
import { saltOfName } from './stage-header.ts';
import { StageReader } from './stage-reader.ts';

export interface Recovered {
  readonly files: ReadyFile[];
  /** Files that do not say where they belong, put aside, with the records in them. */
  readonly aside: { readonly path: string; readonly count: number }[];
}

/** The stage files that an earlier run left in a directory, oldest first. */
export async function recover(directory: string): Promise<Recovered> {
  const files: ReadyFile[] = [];
  const aside: Recovered['aside'] = [];
  for (const name of (await readdir(directory)).toSorted()) {
    const salt = saltOfName(name);
    if (salt === undefined) continue;
    const path = join(directory, name);
    const reader = await StageReader.open(path, salt);
    try {
      const header = await reader.header();
      if (header !== undefined) {
        const { size } = await stat(path);
        files.push({ path, salt, header, size, limit: undefined, damages: new Set() });
        continue;
      }
      const count = await countIn(reader);
      if (count === 0) await unlink(path);
      else aside.push({ path: await putAside(directory, name), count });
    } finally {
      await reader.close();
    }
  }
  await syncDirectory(directory);
  return { files, aside };
}

async function countIn(reader: StageReader): Promise<number> {
  let count = 0;
  for await (const batch of reader.batches('logs', () => {})) count += batch.count;
  return count;
}

async function putAside(directory: string, name: string): Promise<string> {
  const folder = join(directory, 'quarantine');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await rename(join(directory, name), join(folder, name));
  await syncDirectory(folder);
  return join(folder, name);
}
