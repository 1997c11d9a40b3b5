import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Batch } from 'sluice/plugin';
import { logsBatch, metricsBatch, runExporter, spansBatch, type ExporterRun } from 'sluice/testing';
import awss3 from '../../../plugins/exporters/awss3/index.ts';
import { credentials, type Bucket } from './bucket.ts';
import { hasRadosgw, Radosgw } from './radosgw.ts';
import { Versitygw, versitygwPath } from './versitygw.ts';

describe.skipIf(versitygwPath === undefined)('objects in versitygw (needs versitygw)', () => {
  keepsObjects(() => Versitygw.start());
});

describe.skipIf(!hasRadosgw)('objects in radosgw (needs radosgw, ceph-mon and ceph-osd)', () => {
  keepsObjects(() => Radosgw.start());
});

interface Server extends Bucket {
  stop(): Promise<void>;
}

/** What every server has to give back. */
function keepsObjects(open: () => Promise<Server>): void {
  let server: Server;
  beforeAll(async () => {
    for (const [name, value] of Object.entries(credentials)) vi.stubEnv(name, value);
    server = await open();
  }, 120_000);
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server?.stop();
  }, 120_000);

  const start = (uploader: object, rest: object): Promise<ExporterRun> =>
    runExporter(awss3, server.options(uploader, rest));

  it.each(['none', 'gzip', 'zstd'])('OTLP/protobuf of every signal, compression %s', async (compression) => {
    const batches: readonly Batch[] = [
      logsBatch([{ body: 'one' }, { body: 'two' }]),
      spansBatch([{ name: 'GET /' }]),
      metricsBatch([{ name: 'up', value: 1n }]),
    ];
    const prefix = `proto ${compression} =+ä`;
    const exporter = await start({ s3_prefix: prefix, compression }, { marshaler: 'otlp_proto' });
    for (const batch of batches) await exporter.send(batch);
    await exporter.stop();
    const objects = await server.objects(prefix);
    expect(objects).toHaveLength(batches.length);
    for (const { signal, bytes } of batches) {
      const object = objects.find(({ key }) => key.includes(`/${signal}_`));
      expect(object?.content.equals(Buffer.from(bytes)), signal).toBe(true);
      expect(object?.ContentType).toBe('application/x-protobuf');
      expect(object?.ContentEncoding).toBe(compression === 'none' ? undefined : compression);
    }
  });

  it('lines of JSON that went in parts, whole and in order, and no upload is left', async () => {
    const exporter = await start({ s3_prefix: 'large', part_size: '5MiB' }, { marshaler: 'ndjson' });
    const records = Array.from({ length: 6000 }, (_, id) => ({ body: `${id} ${'x'.repeat(2000)}` }));
    await exporter.send(logsBatch(records));
    await exporter.stop();
    const [object] = await server.objects('large');
    const lines = object?.content.toString().trimEnd().split('\n') ?? [];
    expect(lines.map((line) => (JSON.parse(line) as { body: string }).body)).toEqual(records.map(({ body }) => body));
    expect(object?.ETag).toMatch(/-3"$/);
    expect(await server.unfinished()).toEqual([]);
  }, 60_000);

  it('nothing in a bucket that is not there, which is tried again', async () => {
    const exporter = await start({ s3_bucket: 'not-there' }, {});
    await expect(exporter.send(logsBatch([{ body: 'one' }]))).rejects.toMatchObject({
      delivery: 'retryable',
      message: expect.stringContaining('NoSuchBucket') as string,
    });
    await exporter.stop();
  });
}
