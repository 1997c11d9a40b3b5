import {
  existsSync,
  openSync,
  closeSync,
  readdirSync,
  readSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { HttpSink } from './http-sink.ts';
import { startService, type InProcess } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { Sender } from './sender.ts';
import { crashImage, cursorsIn, newestSegment, queueIn, recordsIn } from './storage.ts';

const requests = 20;
const perRequest = 5;

/** A queue of 20 requests on disk whose destination was away; and the same as a crash leaves it. */
async function backlog(oracle: Oracle): Promise<string> {
  const storage = folder();
  const [nowhere] = (await freePorts(1)) as [number];
  const exporters = { otlp_http: { endpoint: `http://127.0.0.1:${nowhere}` } };
  const { http, service } = await startService({ exporters, storage });
  const sender = new Sender(oracle, http, 1);
  for (let request = 0; request < requests; request++) {
    expect((await sender.send(perRequest)).status).toBe(200);
  }
  await sender.close();
  const image = crashImage(storage);
  await service.stop(0);
  return image;
}

/** Starts with a storage folder and a destination that is there, and waits until nothing more comes. */
async function recover(storage: string, oracle: Oracle, missing: number): Promise<InProcess> {
  const sink = await HttpSink.open({ taken: (ids) => oracle.arrived(ids) });
  onTestFinished(() => sink.close());
  const running = await startService({ exporters: { otlp_http: { endpoint: sink.url } }, storage });
  const queued = (): number => running.metric('otelcol_exporter_queue_size');
  await eventually(
    () =>
      `the arrival of all but ${missing}: ${JSON.stringify(oracle.tally())}, ${queued()} queued; ${running.log.join('')}`,
    () => (oracle.missing().length <= missing && queued() === 0 ? true : undefined),
  );
  return running;
}

function patch(path: string, offset: number, change: (bytes: Buffer) => void, length = 4): void {
  const fd = openSync(path, 'r+');
  const bytes = Buffer.alloc(length);
  readSync(fd, bytes, 0, length, offset);
  change(bytes);
  writeSync(fd, bytes, 0, length, offset);
  closeSync(fd);
}

/** The ids of the request at a place in the queue. */
const idsOf = (request: number): number[] =>
  Array.from({ length: perRequest }, (_, index) => request * perRequest + index);

const damaged = { reason: 'queue_corrupt' };

describe('a queue whose files a crash or the disk has damaged', () => {
  it.each([1, 2, 40, 100, 400])(
    'fault 4: starts with %i bytes cut off its end, and loses the cut record only',
    async (cut) => {
      const oracle = new Oracle();
      const storage = await backlog(oracle);
      const segment = newestSegment(storage);
      truncateSync(segment, recordsIn(segment).end - cut);
      const { log } = await recover(storage, oracle, perRequest);
      expect(oracle.missing()).toEqual(idsOf(requests - 1));
      expect(oracle.tally().duplicated).toBe(0);
      expect(log.join('')).toMatch(/crash cut short/);
    },
  );

  it('fault 5: loses one record to one flipped byte, counts and keeps it, and delivers all others', async () => {
    const oracle = new Oracle();
    const storage = await backlog(oracle);
    const segment = newestSegment(storage);
    patch(segment, (recordsIn(segment).frames[7] as number) + 150, (bytes) => (bytes[0] = (bytes[0] as number) ^ 0x10));
    const { metric, log } = await recover(storage, oracle, perRequest);
    expect(oracle.missing()).toEqual(idsOf(7));
    expect(oracle.tally().duplicated).toBe(0);
    expect(metric('otelcol_dropped_items', damaged)).toBe(perRequest);
    expect(log.join('')).toMatch(/damaged or gone.*"reason":"corrupt"/);
    expect(readdirSync(join(queueIn(storage), 'quarantine'))).toHaveLength(1);
  });

  it('fault 6: finds the next record after a length of 4 GiB, without taking such memory', async () => {
    const oracle = new Oracle();
    const storage = await backlog(oracle);
    const segment = newestSegment(storage);
    patch(segment, (recordsIn(segment).frames[4] as number) + 24, (bytes) => bytes.writeUInt32LE(0xffffffff));
    const before = process.memoryUsage.rss();
    await recover(storage, oracle, perRequest);
    expect(oracle.missing()).toEqual(idsOf(4));
    expect(process.memoryUsage.rss() - before).toBeLessThan(256 * 1024 * 1024);
  });

  it.each([
    { what: 'all copies are empty', spoil: (path: string): void => truncateSync(path, 0) },
    { what: 'all copies are overwritten', spoil: (path: string): void => writeFileSync(path, Buffer.alloc(64, 0x5a)) },
    { what: 'all copies are gone', spoil: (path: string): void => unlinkSync(path) },
  ])('fault 7: delivers everything when of the file that says how far it is consumed $what', async ({ spoil }) => {
    const oracle = new Oracle();
    const first = await backlog(oracle);
    await (await recover(first, oracle, 0)).service.stop();
    const storage = await backlogAfter(first, oracle);
    for (const path of cursorsIn(storage)) spoil(path);
    await recover(storage, oracle, 0);
    expect(oracle.tally()).toMatchObject({ delivered: 2 * requests * perRequest, lost: 0 });
  });

  it('fault 13: takes the oldest segment for consumed when it is gone and the cursor does not know', async () => {
    const oracle = new Oracle();
    const first = await backlog(oracle);
    const storage = await backlogAfter(first, oracle);
    const segments = readdirSync(queueIn(storage))
      .filter((name) => name.endsWith('.seg'))
      .toSorted();
    expect(segments.length).toBeGreaterThan(1);
    unlinkSync(join(queueIn(storage), segments[0] as string));
    await recover(storage, oracle, requests * perRequest);
    expect(oracle.missing()).toEqual(Array.from({ length: requests }, (_, request) => idsOf(request)).flat());
    expect(existsSync(queueIn(storage))).toBe(true);
  });
});

/** Adds another 20 requests, in a segment of their own, to a queue that was stopped; as a crash leaves it. */
async function backlogAfter(storage: string, oracle: Oracle): Promise<string> {
  const [nowhere] = (await freePorts(1)) as [number];
  const exporters = { otlp_http: { endpoint: `http://127.0.0.1:${nowhere}` } };
  const { http, service } = await startService({ exporters, storage });
  const sender = new Sender(oracle, http, 1);
  for (let request = 0; request < requests; request++) await sender.send(perRequest);
  await sender.close();
  const image = crashImage(storage);
  await service.stop(0);
  return image;
}
