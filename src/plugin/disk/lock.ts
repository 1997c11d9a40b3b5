import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** A holder that cannot be seen (another container) touches its lock this often and is believed gone after the other. */
const beatMs = 2000;
const silentMs = 10_000;

/** Another process has the lock; the message names it. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** A lock that this process holds. */
export interface Lock {
  release(): Promise<void>;
}

/** Makes the directory, and keeps other processes out of it. Rejects with {@link LockedError} where one has it. */
export async function lockDirectory(directory: string): Promise<Lock> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  return await takeLock(join(directory, 'lock'));
}

/**
 * Takes a lock file that names its holder. The lock of a process that no longer runs is taken over; one that cannot be seen
 * from here counts as gone when it has not touched the file for ten seconds, and is waited for that long.
 */
export async function takeLock(path: string): Promise<Lock> {
  const own = await ownIdentity();
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600, flag: 'wx' });
  try {
    // A link appears at once with its whole content, and only if the name is free.
    while (!(await linked(draft, path))) await removeIfStale(path, draft, own);
  } finally {
    await rm(draft, { force: true });
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), beatMs);
  beat.unref();
  return {
    async release() {
      clearInterval(beat);
      await rm(path, { force: true });
    },
  };
}

async function linked(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Removes the lock of a holder that is gone; rejects where it is not. */
async function removeIfStale(path: string, draft: string, own: ProcessIdentity): Promise<void> {
  const content = await readFile(path, 'utf8').catch(() => undefined);
  if (content === undefined) return;
  const holder = parse(content);
  for (;;) {
    const running = holder === undefined ? undefined : await isRunning(holder, own);
    if (running === false) break;
    const facts = await stat(path).catch(() => undefined);
    if (facts === undefined) return;
    if (running === true) {
      const message = `${path} is locked by process ${holder?.pid}: one process at a time can use a directory`;
      throw new LockedError(message);
    }
    const age = Date.now() - facts.mtimeMs;
    if (age > silentMs) break;
    await sleep(silentMs - age + 100);
    const again = await stat(path).catch(() => undefined);
    if (again !== undefined && again.mtimeMs > facts.mtimeMs) {
      const message = `${path} is locked by process ${holder?.pid ?? 'unknown'} of another container or machine, which is alive`;
      throw new LockedError(message);
    }
  }
  await takeAway(path, `${draft}.stale`, content);
}

/** Two processes may find the same stale lock: the second must not remove the fresh lock of the first. */
async function takeAway(path: string, aside: string, stale: string): Promise<void> {
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  if ((await readFile(aside, 'utf8')) !== stale) await linked(aside, path);
  await rm(aside, { force: true });
}

function errorCode(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code;
}

function parse(content: string): ProcessIdentity | undefined {
  try {
    const value = JSON.parse(content) as Partial<ProcessIdentity> | null;
    const { pid, started, boot, namespace } = value ?? {};
    if (typeof pid !== 'number' || typeof started !== 'string') return undefined;
    if (typeof boot !== 'string' || typeof namespace !== 'string') return undefined;
    return { pid, started, boot, namespace };
  } catch {
    return undefined;
  }
}
