import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { FakeFileSystem } from './testing/fake-fs.ts';
import { openQueue } from './open-queue.ts';
import type { NewRecord, Queue, QueueOptions, QueueRecord } from './queue.ts';
import { blockBytes } from './segment-format.ts';

const directory = '/queue';
const size = 151;

let fs: FakeFileSystem;
let clock: ManualClock;

beforeEach(() => {
  fs = new FakeFileSystem(() => 0);
  clock = new ManualClock();
});

function open(options: Partial<QueueOptions> = {}): Promise<Queue> {
  return openQueue({ directory, fs, clock, segmentBytes: blockBytes + 1000, ...options });
}

/** 151 bytes on disk. */
function record(n: number): NewRecord {
  return { header: Buffer.from('abc'), bytes: Buffer.alloc(100, n), items: 2 };
}

async function next(queue: Queue): Promise<QueueRecord> {
  const found = await queue.read();
  if (found === undefined) throw new Error('the queue is closed');
  return found;
}

async function fill(queue: Queue, count: number): Promise<void> {
  for (let n = 1; n <= count; n++) await queue.append(record(n));
}

async function segments(): Promise<string[]> {
  return (await fs.list(directory)).filter((name) => name.endsWith('.seg')).toSorted();
}

describe('append', () => {
  it('resolves no earlier than the sync that covers the record, and survives losing the power right then', async () => {
    const queue = await open();
    const gate = Promise.withResolvers<void>();
    fs.gate = gate.promise;
    let resolved = false;
    const appended = queue.append(record(1)).then(() => (resolved = true));
    for (let turn = 0; turn < 5; turn++) await setImmediate();
    expect(resolved).toBe(false);
    expect(queue.depth.records).toBe(0);
    gate.resolve();
    await appended;
    fs.crash();
    const again = await open();
    expect((await next(again)).bytes).toEqual(Buffer.alloc(100, 1));
  });

  it('shares one sync among all that is appended while another is under way', async () => {
    const queue = await open({ segmentBytes: 1_000_000 });
    await queue.append(record(0));
    fs.counts.syncs = 0;
    const all = Array.from({ length: 50 }, (_, n) => queue.append(record(n)));
    expect(await Promise.all(all)).toEqual(Array.from({ length: 50 }, (_, n) => n + 2));
    expect(fs.counts.syncs).toBe(1);
  });

  it('rejects what is over a limit of the queue, and takes it again after an ack', async () => {
    for (const limits of [{ records: 2 }, { items: 4 }, { bytes: 2 * size }]) {
      const queue = await open({ limits, directory: `/${Object.keys(limits)[0]}` });
      await fill(queue, 2);
      await expect(queue.append(record(3))).rejects.toMatchObject({ fault: 'full' });
      const room = queue.room(100, 2);
      queue.ack((await next(queue)).position);
      await room;
      await queue.append(record(3));
      expect(queue.depth).toMatchObject({ records: 2, items: 4, bytes: 2 * size });
    }
  });

  it('counts what is still on its way to the disk against the limit', async () => {
    const queue = await open({ limits: { records: 2 } });
    const results = await Promise.allSettled([1, 2, 3].map((n) => queue.append(record(n))));
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
  });

  it('rejects a record that is larger than any may be', async () => {
    const queue = await open({ maxRecordBytes: 100 });
    await expect(queue.append(record(1))).rejects.toMatchObject({ fault: 'too_large' });
  });

  it('gives a record that is larger than a segment a segment of its own', async () => {
    const queue = await open();
    await fill(queue, 1);
    await queue.append({ header: Buffer.alloc(0), bytes: Buffer.alloc(50_000, 7), items: 1 });
    await fill(queue, 1);
    await queue.close();
    const again = await open();
    const lengths = [await next(again), await next(again), await next(again)].map(({ bytes }) => bytes.length);
    expect(lengths).toEqual([100, 50_000, 100]);
  });
});

describe('a full disk', () => {
  it('refuses appends, lets consumers drain, and takes appends again by itself when there is room', async () => {
    const queue = await open();
    await fill(queue, 12);
    fs.faults.capacity = 0;
    // What is in the last page already needs no room.
    const refused = await Promise.allSettled(Array.from({ length: 60 }, (_, n) => queue.append(record(n))));
    expect(refused.at(-1)).toMatchObject({ status: 'rejected', reason: { fault: 'disk_full' } });
    const safe = queue.depth.records;
    expect(safe).toBe(12 + refused.filter(({ status }) => status === 'fulfilled').length);
    for (let n = 0; n < safe; n++) queue.ack((await next(queue)).position);
    fs.faults.capacity = Infinity;
    await clock.advance(100);
    expect(await queue.append(record(1))).toBe(safe + 1);
    await queue.close();
    const again = await open();
    expect((await next(again)).position).toBe(safe + 1);
  });

  it('gives the room of consumed segments back although the cursor cannot be written', async () => {
    const queue = await open();
    await fill(queue, 20);
    const before = await segments();
    fs.faults.capacity = 0;
    for (let n = 0; n < 15; n++) queue.ack((await next(queue)).position);
    await queue.flush();
    expect((await segments()).length).toBeLessThan(before.length);
  });
});

describe('a sync that fails', () => {
  it('refuses the records it was for and never writes to that file again', async () => {
    const queue = await open();
    await fill(queue, 2);
    fs.faults.failingSyncs = 1;
    await expect(queue.append(record(3))).rejects.toMatchObject({ fault: 'io' });
    expect(await queue.append(record(4))).toBe(3);
    expect(await segments()).toEqual(['0000000000000001-0000000000000003.seg', '0000000000000003.seg']);
    fs.crash();
    const again = await open();
    const found = [await next(again), await next(again), await next(again)];
    expect(found.map(({ bytes }) => bytes[0])).toEqual([1, 2, 4]);
    expect(again.depth.records).toBe(3);
  });
});

describe('read', () => {
  it('gives each record to one of several consumers, in order', async () => {
    const queue = await open();
    const reading = [queue.read(), queue.read(), queue.read()];
    await fill(queue, 3);
    expect((await Promise.all(reading)).map((found) => found?.position)).toEqual([1, 2, 3]);
  });

  it('serves consumers that keep up from memory', async () => {
    const queue = await open();
    for (let n = 0; n < 30; n++) {
      await queue.append(record(n));
      queue.ack((await next(queue)).position);
    }
    expect(fs.counts.reads).toBe(0);
  });

  it('reads a backlog that is larger than its memory from the disk', async () => {
    const queue = await open({ memoryBytes: 3 * size });
    await fill(queue, 30);
    for (let n = 1; n <= 30; n++) expect((await next(queue)).bytes[0]).toBe(n);
    expect(fs.counts.reads).toBeGreaterThan(0);
  });

  it('ends without a record when its signal aborts or the queue closes, and loses none by that', async () => {
    const queue = await open();
    const stop = new AbortController();
    const [aborted, waiting] = [queue.read(stop.signal), queue.read()];
    stop.abort();
    expect(await aborted).toBeUndefined();
    await queue.append(record(1));
    expect((await waiting)?.position).toBe(1);
    const last = queue.read();
    await queue.close();
    expect(await last).toBeUndefined();
    await expect(queue.append(record(2))).rejects.toMatchObject({ fault: 'closed' });
    expect((await next(await open())).position).toBe(1);
  });

  it('hands out no more than consumers may hold', async () => {
    const queue = await open({ maxOutstanding: 2 });
    await fill(queue, 3);
    const held = [await next(queue), await next(queue)];
    const third = queue.read();
    await setImmediate();
    queue.ack(held[1]?.position ?? 0);
    expect((await third)?.position).toBe(3);
  });
});

describe('ack', () => {
  it('is kept in any order, so that only what was not acked comes back', async () => {
    const queue = await open();
    await fill(queue, 20);
    for (let n = 1; n <= 20; n++) {
      const { position } = await next(queue);
      if (position % 5 !== 0) queue.ack(position);
    }
    await queue.flush();
    fs.crash();
    const again = await open();
    expect(again.depth).toMatchObject({ records: 4, items: 8, bytes: 4 * size });
    const found = [await next(again), await next(again), await next(again), await next(again)];
    expect(found.map(({ position }) => position)).toEqual([5, 10, 15, 20]);
  });

  it('is on disk soon after, without being asked for', async () => {
    const queue = await open({ persistMs: 50 });
    await fill(queue, 2);
    queue.ack((await next(queue)).position);
    await clock.advance(50);
    fs.crash();
    expect((await next(await open())).position).toBe(2);
  });

  it('of all records of a segment removes its file', async () => {
    const queue = await open();
    await fill(queue, 18);
    expect(await segments()).toHaveLength(3);
    for (let n = 1; n <= 18; n++) queue.ack((await next(queue)).position);
    await queue.flush();
    expect(await segments()).toEqual(['0000000000000013.seg']);
    await queue.close();
    expect((await fs.list(directory)).toSorted()).toEqual(['cursor.a', 'cursor.b']);
    expect(await (await open()).append(record(1))).toBe(19);
  });

  it('changes nothing when it comes twice or for a record that was not read', async () => {
    const queue = await open();
    await fill(queue, 3);
    const { position } = await next(queue);
    for (const one of [position, position, 2, 99]) queue.ack(one);
    expect(queue.depth.records).toBe(2);
  });
});

describe('age', () => {
  it('drops records over the limit and says which', async () => {
    const expired: number[] = [];
    const queue = await open({ maxAgeMs: 1000, events: { expired: ({ position }) => expired.push(position) } });
    await fill(queue, 2);
    await clock.advance(600);
    await queue.append(record(3));
    await clock.advance(600);
    expect((await next(queue)).position).toBe(3);
    expect(expired).toEqual([1, 2]);
    expect(queue.depth.records).toBe(1);
  });

  it('makes room in a full queue although nobody reads', async () => {
    const queue = await open({ maxAgeMs: 1000, limits: { records: 2 } });
    await fill(queue, 2);
    await clock.advance(1500);
    await expect(queue.append(record(3))).rejects.toMatchObject({ fault: 'full' });
    await queue.room(100, 1);
    await queue.append(record(3));
    expect(queue.depth.records).toBe(1);
  });

  it('of the oldest record is told, after a restart too', async () => {
    const queue = await open();
    const start = clock.now();
    expect(queue.depth.oldest).toBeUndefined();
    await queue.append(record(1));
    await clock.advance(10);
    await queue.append(record(2));
    expect(queue.depth.oldest).toBe(start);
    queue.ack((await next(queue)).position);
    expect(queue.depth.oldest).toBe(start + 10);
    await queue.close();
    expect((await open()).depth.oldest).toBe(start + 10);
  });
});
