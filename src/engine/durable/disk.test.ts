import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openQueue, type Loss, type Queue } from './index.ts';
import { ownIdentity } from '../../plugin/disk/process-identity.ts';

let directory: string;
let child: ChildProcess | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'durable-'));
});

afterEach(() => {
  child?.kill('SIGKILL');
  child = undefined;
  rmSync(directory, { recursive: true, force: true });
});

/** Starts a process that appends to the queue. Its list grows by every position that was acknowledged. */
async function startHolder(path: string): Promise<number[]> {
  const program = fileURLToPath(new URL('testing/holder.ts', import.meta.url));
  child = spawn(process.execPath, ['--conditions=@sluice/source', program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const safe: number[] = [];
  let rest = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    safe.push(...lines.filter((line) => line !== 'open').map(Number));
  });
  while (safe.length < 5) await sleep(10);
  return safe;
}

async function positions(queue: Queue): Promise<number[]> {
  const found: number[] = [];
  for (let left = queue.depth.records; left > 0; left--) {
    const record = await queue.read();
    if (record === undefined) break;
    expect(record.header).toEqual(Buffer.from(String(record.position)));
    expect(record.bytes.every((byte) => byte === record.position % 256)).toBe(true);
    queue.ack(record.position);
    found.push(record.position);
  }
  return found;
}

describe('a queue on a real disk', () => {
  it('keeps a second process out, and is taken over with all that was acknowledged when the first is killed', async () => {
    const safe = await startHolder(directory);
    await expect(openQueue({ directory })).rejects.toThrow(
      `is locked by process ${child?.pid}: one process at a time can use a directory`,
    );
    child?.kill('SIGKILL');
    if (child !== undefined) await once(child, 'close');
    const losses: Loss[] = [];
    const started = performance.now();
    const queue = await openQueue({ directory, events: { lost: (loss) => losses.push(loss) } });
    expect(performance.now() - started).toBeLessThan(2000);
    const found = await positions(queue);
    expect(found.slice(0, safe.length)).toEqual(safe);
    expect(losses.filter(({ reason }) => reason !== 'torn')).toEqual([]);
    await queue.close();
  });

  it('is readable by its owner alone, and leaves nothing but its cursor when it was drained', async () => {
    const path = join(directory, 'queue');
    const queue = await openQueue({ directory: path });
    await queue.append({ header: Buffer.from('1'), bytes: Buffer.alloc(10, 1), items: 1 });
    expect(statSync(path).mode & 0o777).toBe(0o700);
    for (const name of readdirSync(path)) expect(statSync(join(path, name)).mode & 0o777).toBe(0o600);
    await positions(queue);
    await queue.close();
    expect(readdirSync(path).every((name) => name.startsWith('cursor.'))).toBe(true);
    // The lock was given free.
    await (await openQueue({ directory: path })).close();
  });

  it('takes over a lock of before the last boot, of a reused process id, and of a container that fell silent', async () => {
    const own = await ownIdentity();
    for (const stale of [
      { ...own, boot: 'another' },
      { ...own, started: '1' },
      { ...own, namespace: 'another' },
    ]) {
      const lock = join(directory, 'lock');
      writeFileSync(lock, JSON.stringify(stale));
      if (stale.namespace !== own.namespace) utimesSync(lock, 0, 0);
      await (await openQueue({ directory })).close();
    }
  });
});

describe('a queue on a disk that is full', () => {
  let mounted = false;

  beforeEach(() => {
    try {
      execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=4m', 'durable', directory], { stdio: 'ignore' });
      mounted = true;
    } catch {
      mounted = false;
    }
  });

  afterEach(() => {
    if (mounted) execFileSync('/bin/umount', [directory]);
  });

  it('refuses by name, drains, recovers without a restart, and has exactly what it acknowledged', async (context) => {
    if (!mounted) context.skip('tmpfs cannot be mounted here: not root');
    const queue = await openQueue({ directory: join(directory, 'queue'), segmentBytes: 1024 * 1024 });
    writeFileSync(join(directory, 'filler'), Buffer.alloc(1024 * 1024));
    const safe: number[] = [];
    const append = async (): Promise<unknown> => {
      const next = safe.length + 1;
      const record = { header: Buffer.from(String(next)), bytes: Buffer.alloc(50_000, next), items: 1 };
      try {
        safe.push(await queue.append(record));
        return undefined;
      } catch (error) {
        return error;
      }
    };
    let refused = await append();
    while (refused === undefined) refused = await append();
    expect(refused).toMatchObject({ fault: 'disk_full' });
    expect(safe.length).toBeGreaterThan(30);
    rmSync(join(directory, 'filler'));
    await sleep(150);
    expect(await append()).toBeUndefined();
    expect(await positions(queue)).toEqual(safe);
    await queue.close();
  });
});
