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
    await hint.write({ ...cursor, ranges: [...cursor.ranges, { first: 12, limit: 13 }] });
    await hint.write(cursor);
    expect(await hintAt(path).read()).toEqual(cursor);
    await hint.remove();
    expect(await hintAt(path).read()).toBeUndefined();
  });

  it('is none where it is empty, zeros, cut short or of other bytes', async () => {
    const path = join(directory, 'hint');
    const hint = hintAt(path);
    await hint.write(cursor);
    truncateSync(path, 30);
    expect(await hintAt(path).read()).toBeUndefined();
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(64), Buffer.alloc(64, 255)]) {
      writeFileSync(path, bytes);
      expect(await hintAt(path).read()).toBeUndefined();
    }
    await hint.remove();
  });

  it('keeps a queue that was killed from delivering again what the cursor does not know of yet', async () => {
    const clock = new ManualClock();
    const queue = await openQueue({ directory: join(directory, 'queue'), clock });
    const record = { header: Buffer.from('h'), bytes: Buffer.alloc(100), items: 1 };
    for (let i = 0; i < 4; i++) await queue.append(record);
    for (let i = 0; i < 3; i++) queue.ack((await queue.read())?.position ?? -1);
    await clock.advance(10);
    const copy = join(directory, 'copy');
    await expect
      .poll(() => readdirSync(join(directory, 'queue')).includes('cursor.hint'), { timeout: 2000 })
      .toBe(true);
    await nodeFileSystem.mkdir(copy);
    for (const name of readdirSync(join(directory, 'queue'))) {
      if (name !== 'lock') copyFileSync(join(directory, 'queue', name), join(copy, name));
    }
    expect(readdirSync(copy).filter((name) => /^cursor\.[ab]$/.test(name))).toEqual([]);
    const after = await openQueue({ directory: copy });
    expect((await after.read())?.position).toBe(4);
    await after.close();
    await queue.close();
  });
});
