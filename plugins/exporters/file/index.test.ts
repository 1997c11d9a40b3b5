import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { batchFromJson, PermanentError, RetryableError, type Batch } from 'sluice/plugin';
import { conformance, logsBatch, runExporter, spansBatch, type ExporterRun } from 'sluice/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import definition from './index.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-exporter-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('conformance', () => {
  const path = join(tmpdir(), `file-exporter-conformance-${process.pid}.json`);
  for (const check of conformance(definition, { config: { path } })) test(check.name, check.run);
});

function at(name: string): string {
  return join(directory, name);
}

function start(options: Record<string, unknown> = {}): Promise<ExporterRun> {
  return runExporter(definition, { path: at('data.json'), ...options });
}

function line(body: string, resource: Record<string, string> = {}): Batch {
  return logsBatch([{ body }], { resource });
}

/** The bodies in a file of JSON lines. */
async function bodies(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((text) => JSON.parse(text).resourceLogs[0].scopeLogs[0].logRecords[0].body.stringValue);
}

/** The messages of a file in which each stands after its length. */
async function framed(path: string): Promise<Buffer[]> {
  let rest = await readFile(path);
  const messages: Buffer[] = [];
  while (rest.length > 0) {
    const end = 4 + rest.readUInt32BE();
    messages.push(rest.subarray(4, end));
    rest = rest.subarray(end);
  }
  return messages;
}

test('each request is a line of OTLP/JSON that is in the file when it has its OK', async () => {
  const exporter = await start();
  const batch = spansBatch([{ name: 'GET /' }]);
  await exporter.send(batch);
  const text = await readFile(at('data.json'));
  expect(text.at(-1)).toBe(10);
  expect(Buffer.from(batchFromJson('traces', text, batch.meta).bytes).equals(batch.bytes)).toBe(true);
  await exporter.stop();
});

test('sends at the same time are written whole, in their order', async () => {
  const exporter = await start();
  const names = Array.from({ length: 50 }, (_, i) => `line ${i}`);
  await Promise.all(names.map((name) => exporter.send(line(name))));
  await exporter.stop();
  expect(await bodies(at('data.json'))).toEqual(names);
});

test('the file is for its owner only', async () => {
  const exporter = await start();
  await exporter.stop();
  expect((await stat(at('data.json'))).mode & 0o777).toBe(0o600);
});

test('a file that is there is begun anew, or added to with append', async () => {
  for (const append of [false, false, true]) {
    const exporter = await start({ append });
    await exporter.send(line('a'));
    await exporter.stop();
  }
  expect(await bodies(at('data.json'))).toEqual(['a', 'a']);
});

test('protobuf stands after its length', async () => {
  const exporter = await start({ format: 'proto' });
  const batches = [line('a'), line('b')];
  for (const batch of batches) await exporter.send(batch);
  await exporter.stop();
  expect(await framed(at('data.json'))).toEqual(batches.map(({ bytes }) => Buffer.from(bytes)));
});

test.each(['json', 'proto'])('compressed %s stands after its length', async (format) => {
  const exporter = await start({ format, compression: 'zstd' });
  const batch = line('a'.repeat(1000));
  await exporter.send(batch);
  await exporter.stop();
  const [message] = (await framed(at('data.json'))).map((bytes) => zstdDecompressSync(bytes));
  const plain = format === 'proto' ? message : batchFromJson('logs', message as Buffer, batch.meta).bytes;
  expect(Buffer.from(plain as Uint8Array)).toEqual(Buffer.from(batch.bytes));
});

test('a file that would grow beyond its limit is put aside, and only the newest are kept', async () => {
  const exporter = await start({ rotation: { max_megabytes: 1, max_backups: 2 } });
  const large = 'x'.repeat(700 * 1024);
  for (const body of ['1', '2', '3', '4', '5']) await exporter.send(line(body + large));
  await exporter.stop();
  const names = (await readdir(directory)).sort();
  expect(names).toEqual(['data-2026-01-01T00-00-00.002.json', 'data-2026-01-01T00-00-00.003.json', 'data.json']);
  expect((await Promise.all(names.map((name) => bodies(at(name))))).flat().map((body) => body[0])).toEqual([
    '3',
    '4',
    '5',
  ]);
});

test('a rotated file is added to after a restart, and an empty rotation section means the defaults', async () => {
  for (const body of ['a', 'b']) {
    const exporter = await start({ rotation: null });
    await exporter.send(line(body));
    await exporter.stop();
  }
  expect(await bodies(at('data.json'))).toEqual(['a', 'b']);
});

test('a full disk asks the sender to come back', async () => {
  const exporter = await runExporter(definition, { path: '/dev/full' });
  await expect(exporter.send(line('a'))).rejects.toThrow(RetryableError);
  await expect(exporter.send(line('a'))).rejects.toThrow('cannot write /dev/full: ENOSPC');
  await exporter.stop();
});

test('a directory that is missing fails the start, or is created on demand', async () => {
  const path = at('a/b/data.json');
  await expect(start({ path })).rejects.toThrow(`cannot open ${path}: ENOENT`);
  const exporter = await start({ path, create_directory: true, directory_permissions: '0700' });
  await exporter.stop();
  expect((await stat(at('a/b'))).mode & 0o777).toBe(0o700);
});

test('after the stop nothing is written, and the sender is asked to come back', async () => {
  const exporter = await start();
  await exporter.stop();
  await expect(exporter.send(line('late'))).rejects.toThrow(RetryableError);
});

describe('grouped by a resource attribute', () => {
  const grouped = { group_by: { enabled: true, resource_attribute: 'app' } };

  test('each value has a file of its own, with directories where it has slashes', async () => {
    const exporter = await start({ ...grouped, path: at('out/*.json') });
    await exporter.send(line('1', { app: 'shop' }));
    await exporter.send(line('2', { app: 'team/shop' }));
    await exporter.send(line('3', { app: 'shop' }));
    await exporter.stop();
    expect(await bodies(at('out/shop.json'))).toEqual(['1', '3']);
    expect(await bodies(at('out/team/shop.json'))).toEqual(['2']);
  });

  test('files closed to make room for others are added to when they are needed again', async () => {
    const exporter = await start({ path: at('*.json'), group_by: { ...grouped.group_by, max_open_files: 2 } });
    const apps = ['a', 'b', 'c', 'a', 'b', 'c'];
    for (const [i, app] of apps.entries()) await exporter.send(line(String(i), { app }));
    await exporter.stop();
    expect(await bodies(at('a.json'))).toEqual(['0', '3']);
    expect(await bodies(at('b.json'))).toEqual(['1', '4']);
    expect(await bodies(at('c.json'))).toEqual(['2', '5']);
  });

  test('data whose value leads outside stays inside', async () => {
    await mkdir(at('base'));
    const exporter = await start({ ...grouped, path: at('base/*.json') });
    await exporter.send(line('1', { app: '../../escaped' }));
    await exporter.send(line('2', { app: at('absolute') }));
    await exporter.stop();
    expect(await readdir(directory)).toEqual(['base']);
    expect(await bodies(at('base/escaped.json'))).toEqual(['1']);
  });

  test('symbolic links below the base are not followed', async () => {
    await mkdir(at('base'));
    await mkdir(at('elsewhere'));
    await symlink(at('elsewhere'), at('base/link'));
    await symlink(at('elsewhere/file.json'), at('base/file.json'));
    const exporter = await start({ ...grouped, path: at('base/*.json') });
    await expect(exporter.send(line('1', { app: 'link/x' }))).rejects.toThrow(PermanentError);
    await expect(exporter.send(line('2', { app: 'file' }))).rejects.toThrow(PermanentError);
    await exporter.stop();
    expect(await readdir(at('elsewhere'))).toEqual([]);
  });

  test('resources without a usable value are refused and named, the others are written', async () => {
    const exporter = await start({ ...grouped, path: at('*.json') });
    await expect(exporter.send(line('none'))).rejects.toThrow('resource has no attribute app');
    const mixed = batchFromJson(
      'logs',
      Buffer.from(JSON.stringify({ resourceLogs: [resource('ok'), resource('..'), resource(undefined)] })),
      { receivedAt: 0 },
    );
    expect(await exporter.send(mixed)).toEqual({
      rejected: 2,
      message: 'attribute app is no usable path: ".."; resource has no attribute app',
    });
    await exporter.stop();
    expect(await bodies(at('ok.json'))).toEqual(['body']);
  });

  test('a file in the way of a directory refuses the data for good', async () => {
    await writeFile(at('taken'), '');
    const exporter = await start({ ...grouped, path: at('*') });
    await expect(exporter.send(line('1', { app: 'taken/x' }))).rejects.toThrow(PermanentError);
    await exporter.stop();
  });
});

function resource(app: string | undefined): object {
  const attributes = app === undefined ? [] : [{ key: 'app', value: { stringValue: app } }];
  return { resource: { attributes }, scopeLogs: [{ logRecords: [{ body: { stringValue: 'body' } }] }] };
}

test.each([
  [{ path: '' }, 'path must be non-empty'],
  [{ path: 'a.json', directory_permissions: '0700' }, 'directory_permissions requires create_directory to be true'],
  [
    { path: 'a.json', create_directory: true, directory_permissions: '0999' },
    'expected an octal file mode such as "0755"',
  ],
  [{ path: 'a.json', group_by: { enabled: true } }, 'path must contain exactly one * when group_by is enabled'],
  [{ path: '*.json', group_by: { enabled: true } }, 'path must not start with * when group_by is enabled'],
])('%j is refused with: %s', (config, message) => {
  expect(definition.config.safeParse(config).error?.issues.map((issue) => issue.message)).toEqual([message]);
});
