import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Batch } from 'sluice/plugin';
import { logsBatch, runExporter, type ExporterRun } from 'sluice/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import definition from '../index.ts';
import { S3Double } from '../test-data/s3-double.ts';

let s3: S3Double;
let directory: string;
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  s3 = await S3Double.start();
  directory = await mkdtemp(join(tmpdir(), 'awss3-staging-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await s3.stop();
  await rm(directory, { recursive: true, force: true });
});

const run = promisify(execFile);
const mount = (...args: string[]): Promise<unknown> => run('mount', args);
const umount = (path: string): Promise<unknown> => run('umount', ['-l', path]);
const mayMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;

function start(staging: object = {}, uploader: object = {}): Promise<ExporterRun> {
  const fixed = { s3_bucket: 'archive', endpoint: s3.endpoint, s3_force_path_style: true, retry_max_attempts: 1 };
  return runExporter(definition, {
    s3uploader: { ...fixed, s3_partition_timezone: 'utc', s3_partition_format: '%H-%M', ...uploader },
    marshaler: 'body',
    staging: { directory, ...staging },
  });
}

const line = (body: string, service = 'shop'): Batch =>
  logsBatch([{ body }], { resource: { 'service.name': service } });

/** The bodies in all objects, by folder. */
function stored(): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [path, content] of s3.objects) {
    const folder = path.split('/').slice(1, -1).join('/');
    (found[folder] ??= []).push(...content.toString().trimEnd().split('\n'));
  }
  return found;
}

/** The stage files. */
async function staged(): Promise<string[]> {
  return (await readdir(join(directory, 'awss3'))).filter((name) => name.endsWith('.stage'));
}

const patience = 40_000;
vi.setConfig({ testTimeout: 2 * patience });

/** Moves the clock on until `check` holds. */
async function until(exporter: ExporterRun, check: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + patience;
  while (!(await check())) {
    if (performance.now() > end) throw new Error('it does not happen');
    await exporter.context.clock.advance(500);
    await sleep(5);
  }
}

/** Ends an exporter as a crash does: nothing is closed, and its files stay as they are. */
async function crash(exporter: ExporterRun): Promise<void> {
  const copy = `${directory}-copy`;
  await cp(directory, copy, { recursive: true });
  await exporter.stop(0);
  await rm(directory, { recursive: true });
  await cp(copy, directory, { recursive: true });
  await rm(copy, { recursive: true });
  await rm(join(directory, 'awss3', 'lock'), { force: true });
}

test('records are on disk when they have their OK, and in one object when its time has come', async () => {
  const exporter = await start({ max_age: '1m' });
  await Promise.all(['a', 'b', 'c'].map((body) => exporter.send(line(body))));
  expect(s3.objects.size).toBe(0);
  const [name] = await staged();
  expect((await readFile(join(directory, 'awss3', name as string))).includes('shop')).toBe(true);
  await exporter.context.clock.advance(30_000);
  await exporter.send(line('d'));
  expect(s3.objects.size).toBe(0);
  await exporter.context.clock.advance(30_000);
  await until(exporter, () => s3.objects.size === 1);
  // The key has the time at which the object was begun.
  expect(stored()).toEqual({ '00-00': ['a', 'b', 'c', 'd'] });
  await until(exporter, async () => (await staged()).length === 0);
  await exporter.stop();
});

test('an object is uploaded when it is large enough, as it will be stored', async () => {
  const exporter = await start({ target_size: '20KiB' }, { compression: 'gzip' });
  const send = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) await exporter.send(line(`${i}${'x'.repeat(1000)}`));
  };
  await send(20);
  await until(exporter, () => s3.objects.size === 1);
  const [first] = s3.objects.values();
  expect(first?.length).toBeLessThan(2000);
  // The first was small for its size, and so the next is given more.
  await send(40);
  await sleep(50);
  expect(s3.objects.size).toBe(1);
  await exporter.stop();
});

test('each place has its own object, and beyond the most of them the oldest goes early', async () => {
  const exporter = await start({ max_partitions: 2 }, { s3_prefix: '{service.name}' });
  for (const service of ['one', 'two', 'one', 'three']) await exporter.send(line(service, service));
  await until(exporter, () => s3.objects.size === 1);
  expect(stored()).toEqual({ 'one/00-00': ['one', 'one'] });
  expect(await staged()).toHaveLength(2);
  await exporter.stop();
});

test('what a stop leaves is uploaded after the next start', async () => {
  const first = await start();
  await first.send(line('a'));
  await first.stop();
  expect(s3.objects.size).toBe(0);
  const second = await start();
  await until(second, () => s3.objects.size === 1);
  expect(stored()).toEqual({ '00-00': ['a'] });
  await second.stop();
});

test('everything is uploaded at the stop, where that is asked for', async () => {
  const exporter = await start({ flush_on_stop: true }, { s3_prefix: '{service.name}' });
  await exporter.send(line('a', 'one'));
  await exporter.send(line('b', 'two'));
  await exporter.stop();
  expect(stored()).toEqual({ 'one/00-00': ['a'], 'two/00-00': ['b'] });
  expect(await staged()).toEqual([]);
});

describe('when uploads fail', () => {
  test('they are tried again for ever, which shows, and the sender knows nothing of it', async () => {
    const exporter = await start({ max_age: '1s' });
    s3.fault = () => ({ status: 403, code: 'AccessDenied' });
    await exporter.send(line('a'));
    await until(exporter, () => s3.count('put') >= 5);
    expect(exporter.context.reports.at(-1)).toMatchObject({
      status: 'recoverable_error',
      message: expect.stringContaining('AccessDenied') as string,
    });
    s3.fault = () => undefined;
    await until(exporter, () => exporter.context.reports.at(-1)?.status === 'ok');
    expect(await staged()).toEqual([]);
    expect(stored()).toEqual({ '00-00': ['a'] });
    await exporter.stop();
  });

  test('one place that fails does not hold up the others', async () => {
    const exporter = await start({ max_age: '1s', concurrency: 1 }, { s3_prefix: '{service.name}' });
    s3.fault = (_operation, path) => (path.includes('/bad/') ? { status: 404, code: 'NoSuchBucket' } : undefined);
    for (const service of ['bad', 'one', 'two']) await exporter.send(line(service, service));
    await until(exporter, () => s3.objects.size === 2);
    expect(Object.keys(stored()).toSorted()).toEqual(['one/00-00', 'two/00-00']);
    await exporter.stop();
  });

  test.each([
    ['a failed answer to what was done', { status: 500, done: true }],
    ['a failure in the body of a good answer', { inBody: true, code: 'InternalError' }],
    ['a failure', { status: 500 }],
  ])('an upload in parts that ends in %s is there once, whole, and nothing is left of it', async (_name, fault) => {
    const exporter = await start({ max_age: '1s' }, { part_size: '5MiB' });
    let failures = 2;
    s3.fault = (operation) => (operation === 'complete' && failures-- > 0 ? fault : undefined);
    const bodies = Array.from({ length: 6 }, (_, i) => String(i).repeat(1_000_000));
    for (const body of bodies) await exporter.send(line(body));
    await until(exporter, async () => (await staged()).length === 0);
    expect(s3.objects.size).toBe(1);
    expect(stored()).toEqual({ '00-00': bodies });
    expect(s3.uploads.size).toBe(0);
    expect(s3.count('complete')).toBe(3);
    await exporter.stop();
  });

  test.skipIf(!mayMount)('a full disk holds the senders back, and costs nothing (needs mount)', async () => {
    await mount('-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', directory);
    try {
      const exporter = await start();
      s3.fault = () => ({ status: 503 });
      const sent: string[] = [];
      const send = (body: string): Promise<unknown> =>
        exporter.send(line(body)).then(
          () => void sent.push(body),
          (error: unknown) => error,
        );
      const errors = await Promise.all(Array.from({ length: 200 }, (_, i) => send(`${i}${'x'.repeat(10_000)}`)));
      const refused = errors.filter((error) => error !== undefined);
      expect(refused.length).toBeGreaterThan(0);
      for (const error of refused)
        expect(error).toMatchObject({ delivery: 'retryable', message: expect.stringContaining('ENOSPC') as string });
      s3.fault = () => undefined;
      await until(exporter, async () => (await send('last')) === undefined);
      await exporter.stop();
      const next = await start();
      await until(next, async () => (await staged()).length === 0);
      expect((stored()['00-00'] ?? []).toSorted()).toEqual(sent.toSorted());
      expect(next.context.drops).toEqual([]);
      await next.stop();
    } finally {
      await umount(directory);
    }
  });

  test('a batch that is larger than the directory may be is to be halved', async () => {
    const exporter = await start({ max_bytes: '1KB' });
    await expect(exporter.send(line('x'.repeat(2000)))).rejects.toMatchObject({ tooLarge: true });
    await exporter.stop();
  });

  test('a full directory holds the senders back and uploads early', async () => {
    const exporter = await start({ max_bytes: '20KB', target_size: '1MB' });
    s3.fault = () => ({ status: 503 });
    const sent: string[] = [];
    const refused = async (): Promise<unknown> => {
      for (let i = 0; i < 100; i++) {
        const body = `${i}${'x'.repeat(1000)}`;
        const error: unknown = await exporter.send(line(body)).then(
          () => void sent.push(body),
          (reason: unknown) => reason,
        );
        if (error !== undefined) return error;
      }
      return undefined;
    };
    expect(await refused()).toMatchObject({ delivery: 'retryable', message: expect.stringContaining('max_bytes') });
    s3.fault = () => undefined;
    await until(exporter, () => s3.objects.size > 0);
    await until(exporter, () =>
      exporter.send(line('last')).then(
        () => true,
        () => false,
      ),
    );
    await exporter.stop();
    const next = await start();
    await until(next, async () => (await staged()).length === 0);
    expect((stored()['00-00'] ?? []).toSorted()).toEqual([...sent, 'last'].toSorted());
    await next.stop();
  });
});

describe('after a crash', () => {
  test('what was staged is uploaded, without what was being written', async () => {
    const first = await start();
    for (const body of ['a', 'b']) await first.send(line(body));
    await crash(first);
    const [name] = await staged();
    const path = join(directory, 'awss3', name as string);
    const whole = await readFile(path);
    await writeFile(path, Buffer.concat([whole, whole.subarray(whole.lastIndexOf('SLS1'), -10)]));
    const second = await start();
    await until(second, async () => (await staged()).length === 0);
    expect(stored()).toEqual({ '00-00': ['a', 'b'] });
    expect(second.context.drops).toEqual([]);
    await second.stop();
  });

  test.each([
    ['the bytes of a record', (whole: Buffer) => whole.indexOf('hurt')],
    ['the frame of a record', (whole: Buffer) => whole.lastIndexOf('SLS1', whole.indexOf('hurt')) + 9],
  ])('damage to %s costs that record, is counted, and is kept aside', async (_name, placeOf) => {
    const first = await start();
    for (const body of ['a', 'hurt', 'b']) await first.send(line(body));
    await crash(first);
    const [name] = await staged();
    const path = join(directory, 'awss3', name as string);
    const bytes = await readFile(path);
    const place = placeOf(bytes);
    bytes[place] = (bytes[place] as number) ^ 0x40;
    await writeFile(path, bytes);
    const second = await start();
    await until(second, async () => (await staged()).length === 0);
    expect(stored()).toEqual({ '00-00': ['a', 'b'] });
    expect(second.context.drops).toEqual([{ count: 1, signal: 'logs', reason: 'stage_damaged' }]);
    expect(await readdir(join(directory, 'awss3', 'quarantine'))).toHaveLength(1);
    await second.stop();
  });

  test.each([0, 1])('damage to copy %i of what the file is about costs nothing', async (copy) => {
    const first = await start();
    await first.send(line('a'));
    await crash(first);
    const [name] = await staged();
    const path = join(directory, 'awss3', name as string);
    const bytes = await readFile(path);
    const place = bytes.indexOf('"bucket"', copy === 0 ? 0 : bytes.indexOf('"bucket"') + 1);
    bytes[place] = 0;
    await writeFile(path, bytes);
    const second = await start();
    await until(second, async () => (await staged()).length === 0);
    expect(stored()).toEqual({ '00-00': ['a'] });
    await second.stop();
  });

  test('the upload of the same object that was cut short is removed, and its key is the same', async () => {
    const first = await start({ max_age: '1s' }, { part_size: '5MiB' });
    s3.fault = (operation) => (operation === 'complete' ? { delayMs: 60_000 } : undefined);
    const bodies = Array.from({ length: 7 }, (_, i) => String(i).repeat(1_000_000));
    for (const body of bodies) await first.send(line(body));
    await until(first, () => s3.count('complete') === 1);
    const [upload] = s3.uploads;
    s3.fault = (operation) => (operation === 'abort' ? { status: 500 } : undefined);
    await crash(first);
    s3.fault = () => undefined;
    expect(s3.uploads.size).toBe(1);
    const second = await start({}, { part_size: '5MiB' });
    await until(second, async () => (await staged()).length === 0);
    expect([...s3.objects.keys()]).toEqual([upload?.[1].key]);
    expect(stored()).toEqual({ '00-00': bodies });
    expect(s3.uploads.size).toBe(0);
    await second.stop();
  });
});
