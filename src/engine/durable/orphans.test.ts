import { expect, it } from 'vitest';
import { FakeFileSystem } from './testing/fake-fs.ts';
import { openQueue } from './open-queue.ts';
import { findOrphans, queueDirectory } from './orphans.ts';

const storage = '/storage';

async function filled(fs: FakeFileSystem, owner: string, count: number): Promise<void> {
  const queue = await openQueue({ directory: queueDirectory(storage, owner), fs });
  for (let n = 0; n < count; n++) await queue.append({ header: Buffer.alloc(0), bytes: Buffer.alloc(10), items: 3 });
  await queue.close();
}

it('finds queues that are not empty and belong to nobody, with their depth, and leaves them as they are', async () => {
  const fs = new FakeFileSystem(() => 0);
  await filled(fs, 'exporter/otlp_http/main', 2);
  await filled(fs, 'exporter/otlp_http/gone', 5);
  await filled(fs, 'exporter/empty', 0);
  const directory = queueDirectory(storage, 'exporter/otlp_http/gone');
  const before = await fs.list(directory);
  const orphans = await findOrphans(storage, new Set(['exporter/otlp_http/main']), fs);
  expect(orphans).toMatchObject([
    { owner: 'exporter/otlp_http/gone', directory, depth: { records: 5, items: 15 }, error: undefined },
  ]);
  expect(await fs.list(directory)).toEqual(before);
});

it('says of a queue that cannot be read why, instead of leaving it out', async () => {
  const fs = new FakeFileSystem(() => 0);
  await filled(fs, 'exporter/a', 1);
  fs.faults.unreadable = `${queueDirectory(storage, 'exporter/a')}/0000000000000001.seg`;
  const [orphan] = await findOrphans(storage, new Set(), fs);
  expect(orphan).toMatchObject({ owner: 'exporter/a', depth: undefined, error: { fault: 'io' } });
});

it('finds none where there is no storage yet', async () => {
  expect(await findOrphans(storage, new Set(), new FakeFileSystem(() => 0))).toEqual([]);
});
