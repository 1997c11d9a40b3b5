import { crc32 } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../testing/manual-clock.ts';
import { FakeFileSystem } from './testing/fake-fs.ts';
import { openQueue } from './open-queue.ts';
import type { Loss, Queue, QueueOptions } from './queue.ts';
import { checksumOf, frameBytes, writeFrame } from './record-format.ts';
import { blockBytes } from './segment-format.ts';

const directory = '/queue';
const header = Buffer.from('h');
const size = 100;
const recordBytes = frameBytes + header.length + size;
/** Five records a segment. */
const segmentBytes = blockBytes + 5 * recordBytes;
const [first, second, third] = [1, 6, 11].map((n) => `${directory}/${String(n).padStart(16, '0')}.seg`) as [
  string,
  string,
  string,
];

let fs: FakeFileSystem;
let losses: Loss[];
let troubles: string[];

beforeEach(() => {
  fs = new FakeFileSystem(() => 0);
  losses = [];
  troubles = [];
});

function open(options: Partial<QueueOptions> = {}): Promise<Queue> {
  const events = {
    lost: (loss: Loss) => losses.push(loss),
    trouble: (error: Error) => troubles.push(error.message),
  };
  return openQueue({ directory, fs, segmentBytes, clock: new ManualClock(), events, ...options });
}

/** Fifteen records in three segments, closed; the content of a record is its sequence. */
async function filled(consumed = 0): Promise<void> {
  const queue = await open();
  for (let n = 1; n <= 15; n++) await queue.append({ header, bytes: Buffer.alloc(size, n), items: 1 });
  for (let n = 1; n <= consumed; n++) {
    queue.ack((await queue.read())?.position ?? 0);
    await queue.flush();
  }
  await queue.close();
}

async function positions(queue: Queue): Promise<number[]> {
  const read: number[] = [];
  while (queue.depth.records > read.length) {
    const record = await queue.read(AbortSignal.timeout(200));
    if (record === undefined) break;
    expect(record.bytes[0]).toBe(record.position);
    read.push(record.position);
  }
  return read;
}

const all = Array.from({ length: 15 }, (_, index) => index + 1);
const without = (...gone: number[]): number[] => all.filter((n) => !gone.includes(n));

describe('a queue whose files are damaged', () => {
  it('quarantines the one record whose byte flipped, with its reason, and delivers all others', async () => {
    await filled();
    fs.file(first).flip(blockBytes + 2 * recordBytes + 80, 1);
    const queue = await open();
    expect(await positions(queue)).toEqual(without(3));
    expect(losses).toMatchObject([{ reason: 'corrupt', first: 3, limit: 4, items: 1 }]);
    const kept = Buffer.from(fs.file(losses[0]?.quarantined ?? '').read(0, 10_000));
    const end = kept.indexOf('\n');
    const facts: unknown = JSON.parse(kept.subarray(0, end).toString());
    expect(facts).toMatchObject({ reason: 'corrupt', first: 3, segment: '0000000000000001.seg', length: recordBytes });
    expect(kept.length - end - 1).toBe(recordBytes);
    expect(queue.depth.records).toBe(14);
  });

  it('goes on at the next record when a length is 0xFFFFFFFF, and reserves no memory for it', async () => {
    await filled();
    const file = fs.file(second);
    file.write(blockBytes + recordBytes + 20, Buffer.alloc(8, 0xff));
    const before = process.memoryUsage().arrayBuffers;
    const queue = await open();
    expect(await positions(queue)).toEqual(without(7));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * 1024 * 1024);
    expect(losses).toMatchObject([{ reason: 'corrupt', first: 7, limit: 8 }]);
  });

  it('loses nothing when the header and the seal of a segment are gone', async () => {
    await filled();
    for (const path of [first, third]) fs.file(path).write(0, Buffer.alloc(blockBytes));
    const queue = await open();
    expect(queue.depth).toMatchObject({ records: 15, items: 15, bytes: 15 * recordBytes });
    expect(await positions(queue)).toEqual(all);
    expect(losses).toEqual([]);
  });

  it('does not take bytes that a sender made up for a record, not even right after damage', async () => {
    const queue = await open();
    const forged = Buffer.alloc(frameBytes + 10);
    const frame = {
      sequence: 2,
      place: 0,
      headerLength: 0,
      length: 10,
      items: 1,
      time: 0,
      checksum: checksumOf(header, header),
    };
    writeFrame(forged, 0, { ...frame, salt: 12_345 });
    await queue.append({ header, bytes: forged, items: 1 });
    await queue.append({ header, bytes: Buffer.alloc(size, 2), items: 1 });
    await queue.close();
    fs.file(first).flip(blockBytes + 20, 1);
    const again = await open();
    expect(await positions(again)).toEqual([2]);
    expect(losses).toMatchObject([{ reason: 'corrupt', first: 1, limit: 2 }]);
  });

  it('refuses files of a later format version by name', async () => {
    await filled();
    const path = second;
    const block = Buffer.from(fs.file(path).read(0, 28));
    block.writeUInt32LE(9, 8);
    block.writeUInt32LE(crc32(block.subarray(0, 24)), 24);
    fs.file(path).write(0, block);
    await expect(open()).rejects.toThrow(`${path}: format version 9, and this program reads up to 1`);
  });
});

describe('a queue whose last segment was cut by a crash', () => {
  it.each([1, 30, recordBytes - 1])(
    'starts without the last %i bytes and loses only the record they are of',
    async (cut) => {
      const queue = await open();
      for (let n = 1; n <= 3; n++) await queue.append({ header, bytes: Buffer.alloc(size, n), items: 1 });
      fs.kill();
      const file = fs.file(first);
      file.resize(blockBytes + 3 * recordBytes - cut);
      const again = await open();
      expect(await positions(again)).toEqual([1, 2]);
      expect(losses).toMatchObject([{ reason: 'torn', first: 3, limit: 4 }]);
      expect(await again.append({ header, bytes: Buffer.alloc(size, 3), items: 1 })).toBe(3);
    },
  );

  it('takes the zeros of a preallocated segment for its end', async () => {
    const queue = await open();
    await queue.append({ header, bytes: Buffer.alloc(size, 1), items: 1 });
    fs.kill();
    const again = await open();
    expect(await positions(again)).toEqual([1]);
    expect(losses).toEqual([]);
  });
});

describe('a queue whose files are missing', () => {
  it('takes a missing oldest segment for consumed', async () => {
    await filled();
    await fs.unlink(first);
    const queue = await open();
    expect(await positions(queue)).toEqual(all.slice(5));
    expect(losses).toEqual([]);
  });

  it('reports a missing middle segment with its sequences', async () => {
    await filled();
    await fs.unlink(second);
    const queue = await open();
    expect(queue.depth.records).toBe(10);
    expect(await positions(queue)).toEqual(without(6, 7, 8, 9, 10));
    expect(losses).toMatchObject([{ reason: 'missing', first: 6, limit: 11 }]);
  });

  it('reports a missing newest segment and goes on after it', async () => {
    await filled();
    await fs.unlink(third);
    const queue = await open();
    expect(losses).toMatchObject([{ reason: 'missing', first: 11, limit: 16 }]);
    expect(await queue.append({ header, bytes: Buffer.alloc(1), items: 1 })).toBe(16);
  });
});

describe('a queue whose cursor is damaged', () => {
  it('goes on where the copy before said when the newest is damaged', async () => {
    const queue = await open();
    for (let n = 1; n <= 15; n++) await queue.append({ header, bytes: Buffer.alloc(size, n), items: 1 });
    for (const upTo of [2, 4]) {
      while (queue.depth.records > 15 - upTo) queue.ack((await queue.read())?.position ?? 0);
      await queue.flush();
    }
    fs.kill();
    fs.file(`${directory}/cursor.b`).flip(25, 255);
    const again = await open();
    expect(await positions(again)).toEqual(all.slice(2));
    expect(troubles.join()).toContain('cursor');
  });

  it('delivers all segments again rather than lose one when both copies are damaged, empty or absent', async () => {
    for (const harm of ['flip', 'empty', 'absent'] as const) {
      fs = new FakeFileSystem(() => 0);
      await filled(7);
      for (const path of [`${directory}/cursor.a`, `${directory}/cursor.b`]) {
        if (harm === 'flip') fs.file(path).flip(10, 1);
        else if (harm === 'empty') fs.file(path).resize(0);
        else await fs.unlink(path);
      }
      const queue = await open();
      expect(await positions(queue)).toEqual(all.slice(5));
      await queue.close();
    }
    expect(losses).toEqual([]);
  });
});

describe('a queue on a disk that does not give back what it has', () => {
  it('tries three times, reports the records of the segment, and goes on with the next', async () => {
    await filled();
    const queue = await open();
    fs.faults.unreadable = second;
    const read: number[] = [];
    let failures = 0;
    while (read.length < 10) {
      const record = await queue.read().catch(() => undefined);
      if (record === undefined) failures += 1;
      else read.push(record.position);
    }
    expect(read).toEqual(without(6, 7, 8, 9, 10));
    expect(failures).toBe(2);
    expect(losses).toMatchObject([{ reason: 'unreadable', first: 6, limit: 11 }]);
  });
});
