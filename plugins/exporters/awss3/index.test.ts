import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Batch } from 'sluice/plugin';
import { conformance, logsBatch, parseConfig, runExporter, spansBatch, type ExporterRun } from 'sluice/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import definition from './index.ts';
import { DuckDB } from './parquet/test-data/duckdb.ts';
import { S3Double } from './test-data/s3-double.ts';

let s3: S3Double;
let directory: string;
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'key');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  s3 = await S3Double.start();
  directory = await mkdtemp(join(tmpdir(), 'awss3-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await s3.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Options as they stand in YAML. */
function options(uploader: object = {}, rest: object = {}) {
  const fixed = { s3_bucket: 'archive', endpoint: s3.endpoint, s3_force_path_style: true, retry_max_attempts: 1 };
  return { s3uploader: { ...fixed, s3_partition_timezone: 'utc', s3_partition_format: '%Y', ...uploader }, ...rest };
}

function start(uploader: object = {}, rest: object = {}): Promise<ExporterRun> {
  return runExporter(definition, options(uploader, rest));
}

function batch(body: string, resource: Record<string, string> = {}): Batch {
  return logsBatch([{ body }], { resource });
}

/** The objects by the folder they are in. */
function stored(): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [path, content] of s3.objects)
    (found[path.split('/').slice(0, -1).join('/')] ??= []).push(content.toString());
  return found;
}

describe('conformance', () => {
  for (const staging of [undefined, 'staged'])
    describe(staging ?? 'direct', () => {
      const place = join(tmpdir(), `awss3-conformance-${process.pid}`);
      const config = {
        s3uploader: { s3_bucket: 'archive', endpoint: 'http://127.0.0.1:9', retry_max_attempts: 1 },
        ...(staging !== undefined && { staging: { directory: place } }),
      };
      for (const check of conformance(definition, { config })) test(check.name, check.run);
      afterEach(() => rm(place, { recursive: true, force: true }));
    });
});

test('a request that was answered badly after it was done is written again under the same key', async () => {
  const exporter = await start({}, { marshaler: 'body' });
  const one = batch('a');
  s3.fault = () => ({ status: 503, code: 'SlowDown', done: true });
  await expect(exporter.send(one)).rejects.toMatchObject({ delivery: 'retryable', message: /HTTP 503 SlowDown/ });
  s3.fault = () => undefined;
  await exporter.send(one);
  expect(stored()).toEqual({ 'archive/2026': ['a\n'] });
  expect(s3.count('put')).toBe(2);
  await exporter.stop();
});

test('of a batch that goes to several places, only what failed is sent again', async () => {
  const exporter = await start({ s3_prefix: '{resource:service.name}' }, { marshaler: 'body' });
  const { concat } = await import('sluice/plugin');
  const both = concat([batch('a', { 'service.name': 'one' }), batch('b', { 'service.name': 'two' })]);
  s3.fault = (_operation, path) => (path.includes('/two/') ? { status: 500 } : undefined);
  await expect(exporter.send(both)).rejects.toMatchObject({ delivery: 'retryable' });
  s3.fault = () => undefined;
  await exporter.send(both);
  expect(stored()).toEqual({ 'archive/one/2026': ['a\n'], 'archive/two/2026': ['b\n'] });
  expect(s3.count('put')).toBe(3);
  await exporter.stop();
});

test.each([
  [403, 'AccessDenied', 'retryable'],
  [404, 'NoSuchBucket', 'retryable'],
  [400, 'RequestTimeout', 'retryable'],
  [400, 'InvalidStorageClass', 'retryable'],
  [500, 'InternalError', 'retryable'],
  [503, 'SlowDown', 'retryable'],
  [429, 'TooManyRequests', 'retryable'],
  [400, 'EntityTooLarge', 'permanent'],
  [413, 'Whatever', 'permanent'],
  [400, 'KeyTooLongError', 'permanent'],
])('HTTP %i %s is %s', async (status, code, delivery) => {
  const exporter = await start();
  s3.fault = () => ({ status, code });
  await expect(exporter.send(batch('a'))).rejects.toMatchObject({ delivery });
  await exporter.stop();
});

test('a server that is away is an error to try again after', async () => {
  const exporter = await start({ endpoint: 'http://127.0.0.1:9' });
  await expect(exporter.send(batch('a'))).rejects.toMatchObject({ delivery: 'retryable', message: /ECONNREFUSED/ });
  await exporter.stop();
});

test('a request is given up when its time is over', async () => {
  const exporter = await start();
  s3.fault = () => ({ delayMs: 10_000 });
  const sending = exporter.send(batch('a'), { signal: AbortSignal.timeout(100) });
  await expect(sending).rejects.toMatchObject({ delivery: 'retryable', message: /timeout/ });
  await exporter.stop();
});

test('resource attributes decide bucket and prefix, and a name that is no bucket is refused as bad data', async () => {
  const exporter = await start(
    { s3_prefix: 'fixed' },
    { marshaler: 'body', resource_attrs_to_s3: { s3_bucket: 'bucket', s3_prefix: 'team' } },
  );
  await exporter.send(batch('a', { bucket: 'other', team: '/x//../y/' }));
  await exporter.send(batch('b'));
  await expect(exporter.send(batch('c', { bucket: '../x' }))).rejects.toMatchObject({
    delivery: 'permanent',
    badData: true,
  });
  expect(stored()).toEqual({ 'other/x/y/2026': ['a\n'], 'archive/fixed/2026': ['b\n'] });
  await exporter.stop();
});

test('a key that would be too long is refused as bad data before anything is written', async () => {
  const exporter = await start({ s3_prefix: '{a}/{b}' });
  for (const value of ['x'.repeat(300), 'é'.repeat(5000)])
    await expect(exporter.send(batch('a', { a: value }))).rejects.toMatchObject({ badData: true });
  expect(s3.objects.size).toBe(0);
  await exporter.stop();
});

test('class, rules and encryption are asked for', async () => {
  const exporter = await start({
    storage_class: 'GLACIER_IR',
    acl: 'bucket-owner-full-control',
    server_side_encryption: 'aws:kms',
    sse_kms_key_id: 'key-1',
    compression: 'gzip',
  });
  await exporter.send(spansBatch([{ name: 'GET /' }]));
  expect(s3.asked.find(({ operation }) => operation === 'put')?.headers).toMatchObject({
    'x-amz-storage-class': 'GLACIER_IR',
    'x-amz-acl': 'bucket-owner-full-control',
    'x-amz-server-side-encryption': 'aws:kms',
    'x-amz-server-side-encryption-aws-kms-key-id': 'key-1',
    'content-encoding': 'gzip',
    'content-type': 'application/json',
  });
  const [[key, content]] = [...s3.objects] as [[string, Buffer]];
  expect(key).toMatch(/traces_[0-9a-f-]{36}\.json\.gz$/);
  expect(JSON.parse(gunzipSync(content).toString())).toHaveProperty('resourceSpans');
  await exporter.stop();
});

test('a role is taken on by STS, and its credentials are used', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_STS', s3.endpoint);
  const exporter = await start({ role_arn: 'arn:aws:iam::123456789012:role/archive', abort_uploads_after: 0 });
  await exporter.send(batch('a'));
  await exporter.send(batch('b'));
  const [role, ...puts] = s3.asked;
  expect(role?.operation).toBe('role');
  expect(role?.headers['authorization']).toContain('Credential=key/');
  expect(puts.map(({ operation }) => operation)).toEqual(['put', 'put']);
  for (const { headers } of puts)
    expect([headers['authorization'], headers['x-amz-security-token']]).toEqual([
      expect.stringContaining('Credential=ROLEKEY/') as string,
      'role-token',
    ]);
  await exporter.stop();
});

test.each([
  ['standard', 4, 4],
  ['standard', 1, 1],
  ['standard', 0, 1],
  ['nop', 4, 1],
])('in the retry mode %s with %i attempts the client asks %i times', async (mode, attempts, asked) => {
  const exporter = await start({ retry_mode: mode, retry_max_attempts: attempts, retry_max_backoff: '1ms' });
  s3.fault = () => ({ status: 503, code: 'SlowDown' });
  await expect(exporter.send(batch('a'))).rejects.toMatchObject({ delivery: 'retryable' });
  expect(s3.count('put')).toBe(asked);
  await exporter.stop();
});

test('uploads of ours that nobody finished are removed when they are old, and no others', async () => {
  const id = '01890a5d-ac96-774b-bcce-b302099a8057';
  const old = new Date(Date.UTC(2025, 11, 30));
  const add = (key: string, initiated: Date): void => void s3.uploads.set(key, { key, initiated, parts: new Map() });
  add(`archive/base/x/logs_${id}.json`, old);
  add(`archive/base/x/logs_${id}.json.gz`, old);
  add('archive/base/x/other.json', old);
  add(`archive/elsewhere/logs_${id}.json`, old);
  add(`archive/base/y/logs_${id}.json`, new Date(Date.UTC(2025, 11, 31, 1)));
  const exporter = await start({ s3_base_prefix: 'base' });
  await vi.waitFor(() => expect(s3.count('abort')).toBe(1));
  expect(s3.uploads.has(`archive/base/x/logs_${id}.json`)).toBe(false);
  await exporter.context.clock.advance(3_600_000);
  await vi.waitFor(() => expect(s3.count('abort')).toBe(2));
  expect([...s3.uploads.keys()].some((key) => key.startsWith('archive/base/y/'))).toBe(false);
  expect(s3.uploads.size).toBe(3);
  await exporter.stop();
});

test('the bodies of logs are all that a format of bodies takes', async () => {
  const exporter = await start({}, { marshaler: 'body' });
  await expect(exporter.send(spansBatch([{ name: 'x' }]))).rejects.toMatchObject({ delivery: 'permanent' });
  await exporter.stop();
});

test('a directory is for one exporter at a time', async () => {
  const staging = { directory };
  const first = await start({}, { staging });
  await expect(start({}, { staging })).rejects.toThrow(/locked by process/);
  await first.stop();
  await (await start({}, { staging })).stop();
  expect(await readdir(join(directory, 'awss3'))).toEqual([]);
});

test.each([undefined, 'staged'])(
  'Parquet of several batches is one file for a reader that is not ours (%s)',
  async (staging) => {
    const staged = staging === undefined ? {} : { staging: { directory, flush_on_stop: true } };
    const exporter = await start({}, { marshaler: 'parquet', ...staged });
    for (const body of ['a', 'b']) await exporter.send(batch(body, { 'service.name': 'shop' }));
    await exporter.stop();
    const duckdb = await DuckDB.open();
    try {
      const rows = await Promise.all(
        [...s3.objects].map(async ([path, content], i) => {
          expect(path).toMatch(/\.parquet$/);
          const file = join(directory, `${i}.parquet`);
          await writeFile(file, content);
          return await duckdb.query(`SELECT body, service_name FROM '${file}'`);
        }),
      );
      expect(rows).toHaveLength(staging === undefined ? 2 : 1);
      expect(rows.flat().toSorted((x, y) => String(x['body']).localeCompare(String(y['body'])))).toEqual([
        { body: 'a', service_name: 'shop' },
        { body: 'b', service_name: 'shop' },
      ]);
    } finally {
      duckdb.close();
    }
  },
);

test('Parquet compresses inside, and says so where it is to be compressed again', () => {
  expect(() => parseConfig(definition, options({ compression: 'gzip' }, { marshaler: 'parquet' }))).toThrow(
    'Parquet compresses inside',
  );
});
