import { copyFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { CursorHint } from './cursor-hint.ts';
import { openQueue } from './index.ts';
import { nodeFileSystem } from './node-fs.ts';

const cursor = { low: 7, next: 20, ranges: [{ first: 9, limit: 11 }] };
let directory = '';
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'sluice-hint-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const hintAt = (path: string): CursorHint => new CursorHint(nodeFileSystem, path);

describe('the hint of a cursor', () => {
  it('is read back as it was last written, also after a longer one', async () => {
    const path = join(directory, 'hint');
    const hint = hintAt(path);
    await hint.open();
    hint.write({ ...cursor, ranges: [...cursor.ranges, { first: 12, limit: 13 }] });
    hint.write(cursor);
    expect(await hintAt(path).read()).toEqual(cursor);
    await hint.remove();
    expect(await hintAt(path).read()).toBeUndefined();
  });

  it('is none where it is empty, zeros, cut short or of other bytes', async () => {
    const path = join(directory, 'hint');
    const hint = hintAt(path);
    await hint.open();
    hint.write(cursor);
    truncateSync(path, 30);
    expect(await hintAt(path).read()).toBeUndefined();
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(64), Buffer.alloc(64, 255)]) {
      writeFileSync(path, bytes);
      expect(await hintAt(path).read()).toBeUndefined();
    }
    await hint.remove();
  });

  it('keeps a queue that was killed from delivering again what the cursor does not know of yet, from the next turn on', async () => {
    const clock = new ManualClock();
    const path = join(directory, 'queue');
    const queue = await openQueue({ directory: path, clock });
    const record = { header: Buffer.from('h'), bytes: Buffer.alloc(100), items: 1 };
    for (let i = 0; i < 9; i++) await queue.append(record);
    const positions: number[] = [];
    for (let i = 0; i < 8; i++) positions.push((await queue.read())?.position ?? -1);
    queue.ack(positions[0] ?? 0);
    await expect.poll(() => readdirSync(path).includes('cursor.hint'), { timeout: 2000 }).toBe(true);
    await clock.advance(10);
    for (const position of positions) queue.ack(position);
    await Promise.resolve();
    const copy = join(directory, 'copy');
    await nodeFileSystem.mkdir(copy);
    for (const name of readdirSync(path)) if (name !== 'lock') copyFileSync(join(path, name), join(copy, name));
    expect(readdirSync(copy).filter((name) => /^cursor\.[ab]$/.test(name))).toEqual([]);
    const after = await openQueue({ directory: copy });
    expect((await after.read())?.position).toBe(9);
    await after.close();
    await queue.close();
  });

  it('is not written any more when the queue is closed, whatever is consumed late', async () => {
    const clock = new ManualClock();
    const queue = await openQueue({ directory, clock });
    await queue.append({ header: Buffer.from('h'), bytes: Buffer.alloc(100), items: 1 });
    const held = await queue.read();
    const closed = queue.close();
    await clock.advance(10);
    await closed;
    const names = readdirSync(directory);
    queue.ack(held?.position ?? -1);
    await clock.advance(1000);
    expect(readdirSync(directory)).toEqual(names);
    expect(names).not.toContain('cursor.hint');
  });
});
