import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { AppendFile, type Handle } from './append-file.ts';

let directory: string;
let path: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'append-file-'));
  path = join(directory, 'data');
});
afterEach(() => rm(directory, { recursive: true }));

/** A file on a disk that is full after `room` more bytes. */
async function onSmallDisk(room: number): Promise<{ file: AppendFile; disk: { room: number; truncates: boolean } }> {
  const handle = await open(path, 'a');
  const disk = { room, truncates: true };
  const small: Handle = {
    stat: handle.stat.bind(handle),
    datasync: handle.datasync.bind(handle),
    close: handle.close.bind(handle),
    async truncate(length) {
      if (!disk.truncates) throw new Error('EIO');
      await handle.truncate(length);
    },
    write: (async (buffer: Uint8Array, offset: number, length: number) => {
      if (disk.room === 0) throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
      const { bytesWritten } = await handle.write(buffer, offset, Math.min(length, disk.room), null);
      disk.room -= bytesWritten;
      return { bytesWritten, buffer };
    }) as Handle['write'],
  };
  return { file: await AppendFile.of(small), disk };
}

test('a message that does not fit on the disk leaves no part of itself behind', async () => {
  const { file, disk } = await onSmallDisk(8);
  await file.append(Buffer.from('first\n'));
  await expect(file.append(Buffer.from('second\n'))).rejects.toThrow('ENOSPC');
  expect(await readFile(path, 'utf8')).toBe('first\n');
  disk.room = 100;
  await file.append(Buffer.from('third\n'));
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('first\nthird\n');
});

test('a part that could not be cut off is cut off before the next message', async () => {
  const { file, disk } = await onSmallDisk(8);
  await file.append(Buffer.from('first\n'));
  disk.truncates = false;
  await expect(file.append(Buffer.from('second\n'))).rejects.toThrow('ENOSPC');
  expect(await readFile(path, 'utf8')).toBe('first\nse');
  disk.room = 100;
  await expect(file.append(Buffer.from('third\n'))).rejects.toThrow('EIO');
  disk.truncates = true;
  await file.append(Buffer.from('third\n'));
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('first\nthird\n');
});

test('a file that is there is added to, or begun anew on demand', async () => {
  await writeFile(path, 'old\n');
  const added = await AppendFile.open(path);
  expect(added.size).toBe(4);
  await added.append(Buffer.from('new\n'));
  await added.close();
  expect(await readFile(path, 'utf8')).toBe('old\nnew\n');
  const anew = await AppendFile.open(path, { truncate: true });
  await anew.close();
  expect(await readFile(path, 'utf8')).toBe('');
});

test('a file that somebody else emptied goes on from its beginning', async () => {
  const file = await AppendFile.open(path);
  await file.append(Buffer.from('before\n'));
  await writeFile(path, '');
  await file.append(Buffer.from('after\n'));
  expect(file.size).toBe(6);
  await file.close();
  expect(await readFile(path, 'utf8')).toBe('after\n');
});
