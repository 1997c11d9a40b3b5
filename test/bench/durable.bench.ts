/**
 * The durable queue: CPU a record, wait of an append, memory while a backlog drains.
 *
 *     node --conditions=@sluice/source test/bench/durable.bench.ts [seconds] [backlog in MB]
 *
 * A record of the queue is a batch of 512 telemetry records, 180 KB. The files are made in the folder for temporary files; TMPDIR
 * chooses another. The backlog is drained by a process of its own, which has nothing else in its memory.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openQueue, type Queue } from '../../src/engine/durable/index.ts';

const seconds = Number(process.argv[2] ?? 5);
const backlog = Number(process.argv[3] ?? 2048) * 1024 * 1024;
const items = 512;
const bytes = Buffer.from(Array.from({ length: 180_000 }, (_, index) => (index * 2_654_435_761) >>> 24));
const header = Buffer.from('{"signal":"logs"}');
const drained = process.env['DURABLE_BENCH_DRAIN'];
const directory = drained ?? mkdtempSync(join(tmpdir(), 'durable-bench-'));

async function withQueue(run: (queue: Queue) => Promise<void>): Promise<void> {
  const queue = await openQueue({ directory, limits: { bytes: 64 * 1024 ** 3 } });
  await run(queue);
  await queue.close();
}

async function consume(queue: Queue, until: AbortSignal): Promise<void> {
  for (let record = await queue.read(until); record !== undefined; record = await queue.read(until)) {
    queue.ack(record.position);
  }
}

/** Writers that append again as soon as they may, or `rate` batches a second between them. */
async function passThrough(name: string, writers: number, rate = Infinity): Promise<void> {
  await withQueue(async (queue) => {
    const stop = new AbortController();
    const waits: number[] = [];
    const consumers = Array.from({ length: 4 }, () => consume(queue, stop.signal));
    let until = performance.now() + 1000;
    const write = async (): Promise<void> => {
      while (performance.now() < until) {
        const start = performance.now();
        await queue.append({ header, bytes, items });
        waits.push(performance.now() - start);
        if (rate !== Infinity) await sleep(Math.max(0, (1000 * writers) / rate - (performance.now() - start)));
      }
    };
    await Promise.all(Array.from({ length: writers }, write));
    waits.length = 0;
    until = performance.now() + seconds * 1000;
    const started = performance.now();
    const before = process.cpuUsage();
    await Promise.all(Array.from({ length: writers }, write));
    const { user, system } = process.cpuUsage(before);
    const elapsed = (performance.now() - started) / 1000;
    waits.sort((a, b) => a - b);
    const at = (part: number): string => (waits[Math.floor(waits.length * part)] ?? Number.NaN).toFixed(1);
    const cpu = (user + system) / waits.length / items;
    const perSecond = Math.round((waits.length * items) / elapsed / 1000);
    console.log(
      `${name.padEnd(34)} ${cpu.toFixed(3)} us a record (user ${(user / waits.length / items).toFixed(3)})  ` +
        `${perSecond}k records/s  append p50 ${at(0.5)} ms  p99 ${at(0.99)} ms`,
    );
    stop.abort();
    await Promise.all(consumers);
  });
}

function resident(): number {
  return process.memoryUsage.rss() / 1024 / 1024;
}

async function fill(): Promise<void> {
  await withQueue(async (queue) => {
    const before = process.cpuUsage();
    let left = Math.ceil(backlog / bytes.length);
    const count = left;
    const write = async (): Promise<void> => {
      while (left-- > 0) await queue.append({ header, bytes, items });
    };
    await Promise.all(Array.from({ length: 16 }, write));
    const { user, system } = process.cpuUsage(before);
    console.log(`append without reading: ${((user + system) / count / items).toFixed(3)} us a record`);
  });
}

async function drain(): Promise<void> {
  const opening = performance.now();
  await withQueue(async (queue) => {
    const { records, bytes: size } = queue.depth;
    console.log(`open with ${(size / 2 ** 30).toFixed(2)} GiB: ${(performance.now() - opening).toFixed(0)} ms`);
    const before = process.cpuUsage();
    const idle = resident();
    let most = 0;
    let total = 0;
    const stop = new AbortController();
    const consumer = async (): Promise<void> => {
      for (let record = await queue.read(stop.signal); record !== undefined; record = await queue.read(stop.signal)) {
        total += record.bytes.length;
        queue.ack(record.position);
        most = Math.max(most, resident());
        if (queue.depth.records === 0) stop.abort();
        // As a sender would: other work comes in between.
        await new Promise(setImmediate);
      }
    };
    const started = performance.now();
    await Promise.all(Array.from({ length: 10 }, consumer));
    const { user, system } = process.cpuUsage(before);
    const rate = total / (performance.now() - started) / 1000;
    console.log(
      `drain: ${((user + system) / records / items).toFixed(3)} us a record, ${rate.toFixed(0)} MB/s, ` +
        `resident ${idle.toFixed(0)} MB before, at most ${most.toFixed(0)} MB`,
    );
  });
}

if (drained !== undefined) await drain();
else {
  try {
    for (const writers of [8, 16, 32]) await passThrough(`pass-through, ${writers} writers`, writers);
    await passThrough('pass-through, 50k records/s', 8, 50_000 / items);
    await fill();
    const env = { ...process.env, DURABLE_BENCH_DRAIN: directory };
    spawnSync(process.execPath, ['--conditions=@sluice/source', fileURLToPath(import.meta.url)], {
      env,
      stdio: 'inherit',
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}
