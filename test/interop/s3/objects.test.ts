import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Batch } from 'sluice/plugin';
import { logsBatch, ManualClock, metricsBatch, runExporter, spansBatch, type ExporterRun } from 'sluice/testing';
import awss3 from '../../../plugins/exporters/awss3/index.ts';
import { credentials } from './bucket.ts';
import { Minio, minioPath } from './minio.ts';

describe.skipIf(minioPath === undefined)('objects in MinIO (needs minio)', () => {
  let minio: Minio;
  beforeAll(async () => {
    for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
    minio = await Minio.start();
  }, 60_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await minio?.stop();
  });

  const start = (uploader: object, rest: object = {}): Promise<ExporterRun> =>
    runExporter(awss3, minio.options(uploader, rest));

  const batches: readonly Batch[] = [
    logsBatch([{ body: 'one' }, { body: 'two' }], { resource: { 'service.name': 'shop' } }),
    spansBatch([{ name: 'GET /' }]),
    metricsBatch([{ name: 'up', value: 1n }]),
  ];

  it.each(['none', 'gzip', 'zstd'])('has the batch as OTLP/protobuf, compression %s', async (compression) => {
    const prefix = `proto-${compression}`;
    const exporter = await start({ s3_prefix: prefix, compression }, { marshaler: 'otlp_proto' });
    for (const batch of batches) await exporter.send(batch);
    await exporter.stop();
    const objects = await minio.objects(prefix);
    const suffix = { none: '', gzip: '\\.gz', zstd: '\\.zst' }[compression] as string;
    const shape = `^${prefix}/year=2026/month=01/day=01/hour=00/minute=00/(logs|metrics|traces)_[0-9a-f-]{36}\\.binpb${suffix}$`;
    for (const { key } of objects) expect(key).toMatch(new RegExp(shape));
    for (const batch of batches) {
      const object = objects.find(({ key }) => key.includes(`/${batch.signal}_`));
      expect(object?.content.equals(Buffer.from(batch.bytes))).toBe(true);
      expect(object?.ContentType).toBe('application/x-protobuf');
      expect(object?.ContentEncoding).toBe(compression === 'none' ? undefined : compression);
    }
  });

  it('has an object for each service where the key asks for it, and none outside its prefix', async () => {
    const exporter = await start(
      { s3_base_prefix: 'by-service', s3_prefix: '{service.name}', s3_partition_format: '%Y' },
      { marshaler: 'body' },
    );
    for (const name of ['shop', '../../etc/passwd', 'a\u0000b\nc', '', '/abs'])
      await exporter.send(logsBatch([{ body: name }], { resource: { 'service.name': name } }));
    await exporter.stop();
    const keys = (await minio.keys('by-service')).map((key) => key.split('/').slice(1, -1).join('/')).toSorted();
    expect(keys).toEqual(['_abs/2026', '___.._etc_passwd/2026', 'a_b_c/2026', 'shop/2026', 'unknown/2026'].toSorted());
  });

  it('has records by the time at which they happened, where that is asked for', async () => {
    const exporter = await start(
      { s3_prefix: 'event', s3_partition_format: '%Y-%m-%d/%H', partition_time: 'event' },
      { marshaler: 'otlp_json' },
    );
    const at = (iso: string): bigint => BigInt(Date.parse(iso)) * 1_000_000n;
    await exporter.send(
      logsBatch([
        { body: 'a', timeUnixNano: at('2025-12-31T23:59:59Z') },
        { body: 'b', timeUnixNano: at('2026-01-01T00:10:00Z') },
        { body: 'c', timeUnixNano: at('2025-12-31T23:01:00Z') },
        { body: 'd', timeUnixNano: at('2222-01-01T00:00:00Z') },
      ]),
    );
    await exporter.stop();
    const found = (await minio.objects('event')).flatMap(({ key, content }) =>
      bodies(content).map((body) => `${key.split('/').slice(1, 3).join(' ')} ${body}`),
    );
    expect(found.toSorted()).toEqual(['2025-12-31 23 a', '2025-12-31 23 c', '2026-01-01 00 b', '2026-01-01 00 d']);
  });

  it('has large batches, which went in parts, whole, and no upload is left', async () => {
    const exporter = await start({ s3_prefix: 'large', part_size: '5MiB' }, { marshaler: 'ndjson' });
    const records = Array.from({ length: 6000 }, (_, id) => ({ body: `${id} ${'x'.repeat(2000)}` }));
    await exporter.send(logsBatch(records));
    await exporter.stop();
    const [object] = await minio.objects('large');
    const lines = object?.content.toString().trimEnd().split('\n') ?? [];
    expect(lines.map((line) => (JSON.parse(line) as { body: string }).body)).toEqual(records.map(({ body }) => body));
    expect(object?.ETag).toMatch(/-3"$/);
    expect(await minio.unfinished()).toEqual([]);
  });

  it('loses uploads of ours that nobody finished and that are old, and keeps those of others', async () => {
    const begin = (Key: string): Promise<unknown> =>
      minio.client.send(new CreateMultipartUploadCommand({ Bucket: minio.bucket, Key }));
    const ours = 'sweep/logs_01890a5d-ac96-774b-bcce-b302099a8057.json';
    for (const key of [ours, 'sweep/other.json']) await begin(key);
    const startAt = (time: number): Promise<ExporterRun> =>
      runExporter(awss3, minio.options({ s3_base_prefix: 'sweep' }), { clock: new ManualClock(time) });
    await (await startAt(Date.now())).stop();
    expect(await minio.unfinished(ours)).toEqual([ours]);
    const later = await startAt(Date.now() + 25 * 3_600_000);
    await vi.waitFor(async () => expect(await minio.unfinished(ours)).toEqual([]), 5000);
    expect(await minio.unfinished('sweep/other.json')).toEqual(['sweep/other.json']);
    await later.stop();
  });

  it('gets what a wrong bucket refused once there is one, and says what is wrong', async () => {
    const exporter = await start({ s3_bucket: 'not-there', s3_prefix: 'late' });
    await expect(exporter.send(batches[0] as Batch)).rejects.toMatchObject({
      delivery: 'retryable',
      message: expect.stringContaining('NoSuchBucket') as string,
    });
    await exporter.stop();
  });
});

function bodies(json: Buffer): string[] {
  const request = JSON.parse(json.toString()) as {
    resourceLogs: { scopeLogs: { logRecords: { body: { stringValue: string } }[] }[] }[];
  };
  return request.resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) => logRecords.map(({ body }) => body.stringValue)),
  );
}
