import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../flow/index.ts';
import { logsBatch } from '../../testing/batches.ts';
import { DeadLetterStore, letterFiles, lettersIn } from './store.ts';

let directory = '';
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(): DeadLetterStore {
  directory = mkdtempSync(join(tmpdir(), 'sluice-letters-'));
  return new DeadLetterStore({ directory, maxBytes: 1e6, clock: systemClock, onEvicted: () => {} });
}

async function reasonsIn(name: string): Promise<string[]> {
  return (await Array.fromAsync(lettersIn(join(directory, name)))).map(({ letter }) => letter.reason);
}

describe('the dead-letter store', () => {
  it('writes to another file when its own was taken away, and leaves nothing to the one who took it', async () => {
    const store = open();
    await store.write(logsBatch([{ body: 'a' }]), 'exporter/otlp_http', 'first');
    const [name = ''] = await letterFiles(directory);
    renameSync(join(directory, name), join(directory, 'taken'));
    await store.write(logsBatch([{ body: 'b' }]), 'exporter/otlp_http', 'second');
    await store.write(logsBatch([{ body: 'c' }]), 'exporter/otlp_http', 'third');
    await store.close();
    const [other = ''] = await letterFiles(directory);
    expect(await reasonsIn(other)).toEqual(['second', 'third']);
    expect(readFileSync(join(directory, 'taken'), 'utf8')).toContain('"reason":"first"');
  });

  it('keeps letters that come at the same time in their order, and reads them back', async () => {
    const store = open();
    const reasons = ['one', 'two', 'three'];
    await Promise.all(reasons.map((reason) => store.write(logsBatch([{ body: reason }]), 'exporter/x', reason)));
    await store.close();
    const [name = ''] = await letterFiles(directory);
    expect(await reasonsIn(name)).toEqual(reasons);
  });
});
