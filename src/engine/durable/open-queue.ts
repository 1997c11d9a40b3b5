import { join } from 'node:path';
import { lockDirectory } from './directory-lock.ts';
import { asStorageError } from './errors.ts';
import type { FileSystem } from './fs.ts';
import { quarantineOf } from './quarantine.ts';
import type { Queue, QueueOptions } from './queue.ts';
import { recover, type DamagedTail, type Recovered } from './recover.ts';
import type { Loaded } from './scan.ts';
import { sealSegment } from './seal.ts';
import { SegmentQueue } from './segment-queue.ts';
import { withDefaults, type Settings } from './settings.ts';

/**
 * Opens the queue of a directory, making it where there is none. What its last process left is found by looking at the
 * files, without loading them. Rejects with `locked` where another process has it, `newer_format` or `io`.
 */
export async function openQueue(options: QueueOptions): Promise<Queue> {
  const settings = withDefaults(options);
  const { fs, directory, events } = settings;
  try {
    const lock = await lockDirectory(directory, fs);
    try {
      const recovered = await recover(fs, directory);
      await tidy(settings, recovered);
      // Before anything is consumed. Without it, a crash costs some more duplicates, and nothing else.
      await recovered.hint.open().catch(() => undefined);
      for (const loss of recovered.losses) events.lost?.(loss);
      return new SegmentQueue(settings, lock, recovered);
    } catch (error) {
      await lock.release();
      throw error;
    }
  } catch (error) {
    throw asStorageError(error, `opening the queue in ${directory}`);
  }
}

/** Nothing here has to succeed: the next start does it again. */
async function tidy(settings: Settings, { cursorDamaged, tail, obsolete, unsealed }: Recovered): Promise<void> {
  const { fs, directory, events } = settings;
  try {
    if (cursorDamaged) {
      const error = new Error('a copy is damaged; using the other, or delivering again');
      events.trouble?.(asStorageError(error, join(directory, 'cursor')));
    }
    if (tail !== undefined) await setAside(settings, tail);
    for (const path of obsolete) await fs.unlink(path);
    for (const loaded of unsealed) await sealRecovered(fs, loaded);
  } catch (error) {
    events.trouble?.(asStorageError(error, `tidying ${directory}`));
  }
}

async function setAside(settings: Settings, { path, torn, known }: DamagedTail): Promise<void> {
  const { events } = settings;
  const { first, limit, offset, next } = torn;
  const safe = Math.min(Math.max(first, known), limit);
  const reason = first < safe ? 'corrupt' : 'torn';
  const damaged = { reason, first, limit, segment: path, offset, length: next - offset };
  let quarantined: string | undefined;
  try {
    quarantined = await quarantineOf(settings).keep(damaged);
  } catch (error) {
    events.trouble?.(asStorageError(error, `keeping damaged bytes of ${path}`));
  }
  const loss = { items: undefined, segment: path, quarantined };
  if (first < safe) events.lost?.({ ...loss, reason: 'corrupt', first, limit: safe });
  if (safe < limit) events.lost?.({ ...loss, reason: 'torn', first: safe, limit });
}

async function sealRecovered(fs: FileSystem, { segment, items }: Loaded): Promise<void> {
  const file = await fs.open(segment.path, 'update');
  try {
    await file.resize(segment.end);
    await sealSegment(file, segment, items);
  } finally {
    await file.close();
  }
}
