import { execFileSync } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { folder } from './process.ts';

/** The folder of the only queue in a storage folder. */
export function queueIn(storage: string): string {
  const queues = join(storage, 'queues');
  const [name] = readdirSync(queues);
  if (name === undefined) throw new Error(`no queue in ${queues}`);
  return join(queues, name);
}

/** The storage as a crash at this moment leaves it: a copy of its files, without the locks of who still uses them. */
export function crashImage(storage: string): string {
  const image = folder();
  // Segments are mostly holes.
  execFileSync('cp', ['-a', '--sparse=always', `${storage}/.`, image]);
  for (const lock of [join(image, 'lock'), join(queueIn(image), 'lock')]) rmSync(lock, { force: true });
  return image;
}

/** The newest segment file of a queue. */
export function newestSegment(storage: string): string {
  const directory = queueIn(storage);
  const name = readdirSync(directory)
    .filter((file) => file.endsWith('.seg'))
    .toSorted()
    .at(-1);
  if (name === undefined) throw new Error(`no segment in ${directory}`);
  return join(directory, name);
}

/** Where the frames of records begin in the first 256 KiB of a segment, and where the text of the last one ends. */
export function recordsIn(segment: string): { readonly frames: readonly number[]; readonly end: number } {
  const bytes = Buffer.alloc(256 * 1024);
  const fd = openSync(segment, 'r');
  readSync(fd, bytes, 0, bytes.length, 0);
  closeSync(fd);
  const frames: number[] = [];
  for (let at = bytes.indexOf('SLR1'); at >= 0; at = bytes.indexOf('SLR1', at + 4)) frames.push(at);
  return { frames, end: bytes.lastIndexOf(';') + 1 };
}

/** The files that keep how far a queue is consumed. */
export function cursorsIn(storage: string): string[] {
  const directory = queueIn(storage);
  return readdirSync(directory)
    .filter((name) => name.startsWith('cursor'))
    .map((name) => join(directory, name));
}
