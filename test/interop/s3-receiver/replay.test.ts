import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { logsBatch, metricsBatch, spansBatch } from 'sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchFromJson, decode, wireToJson, type Batch } from '../../../src/plugin/index.ts';
import { eventually, startSluice, type Program } from '../program.ts';
import { environment, minio, MinIO } from './minio.ts';

const minutes = 20;
const objectsAMinute = 3;
const recordsAnObject = 1000;
const all = minutes * objectsAMinute * recordsAnObject;

/** How an object of these requests is written: a name for its end, and its bytes. */
const forms: readonly ((batches: readonly Batch[]) => readonly [string, Uint8Array])[] = [
  (batches) => ['json', lines(batches)],
  (batches) => ['json.gz', gzipSync(lines(batches))],
  (batches) => ['binpb', joined(batches)],
  (batches) => ['binpb.zst', zstdCompressSync(joined(batches))],
  (batches) => ['binpb.gz', gzipSync(joined(batches))],
];

const lines = (batches: readonly Batch[]): Uint8Array =>
  Buffer.concat(batches.flatMap(({ signal, bytes }) => [wireToJson(signal, bytes), Buffer.from('\n')]));
const joined = (batches: readonly Batch[]): Uint8Array => Buffer.concat(batches.map(({ bytes }) => bytes));

describe.skipIf(minio === undefined)('the awss3 receiver and MinIO (needs minio)', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-s3-replay-'));
  let server: MinIO;
  let program: Program | undefined;

  beforeAll(async () => {
    server = await MinIO.start('telemetry');
    for (let minute = 0; minute < minutes; minute++) {
      const partition = `base/app/year=2026/month=01/day=31/hour=15/minute=${String(minute).padStart(2, '0')}`;
      for (let i = 0; i < objectsAMinute; i++) {
        const index = minute * objectsAMinute + i;
        const [end, body] = (forms[index % forms.length] as (typeof forms)[0])(requests(index));
        await put(`${partition}/logs_${i}.${end}`, body);
      }
      await put(`${partition}/traces_0.json.gz`, gzipSync(lines([spansBatch([{ name: `span ${minute}` }])])));
      await put(`${partition}/metrics_0.binpb`, metricsBatch([{ name: `metric ${minute}`, value: 1n }]).bytes);
    }
    await put(
      'base/app/year=2026/month=01/day=31/hour=15/minute=20/logs_0.json',
      lines([logsBatch([{ body: 'late' }])]),
    );
  }, 60_000);

  afterAll(async () => {
    await program?.stop();
    await server?.stop();
    rmSync(scratch, { recursive: true });
  });

  function requests(index: number): Batch[] {
    const ids = Array.from({ length: recordsAnObject }, (_, i) => index * recordsAnObject + i);
    return [ids.slice(0, 300), ids.slice(300)].map((part) =>
      logsBatch(part.map((id) => ({ body: `id ${id}`, attributes: { id: BigInt(id), text: 'x'.repeat(100) } }))),
    );
  }

  async function put(key: string, body: Uint8Array): Promise<void> {
    await server.client.send(new PutObjectCommand({ Bucket: 'telemetry', Key: key, Body: body }));
  }

  /** `name` is of the run: what it writes and what it keeps. */
  function start(name: string): Program {
    const config = join(scratch, `${name}.yaml`);
    const pipeline = (signal: string): string => `${signal}: { receivers: [awss3], exporters: [file/${signal}] }`;
    const exporter = (signal: string): string =>
      `file/${signal}: { path: '${join(scratch, `${name}.${signal}.json`)}', append: true }`;
    const signals = ['logs', 'traces', 'metrics'];
    writeFileSync(
      config,
      `
receivers:
  awss3:
    starttime: '2026-01-31 15:00'
    endtime: '2026-01-31T15:20:00Z'
    storage: file_storage
    s3downloader:
      s3_bucket: telemetry
      s3_prefix: base/app
      s3_partition_timezone: utc
      endpoint: '${server.endpoint}'
      s3_force_path_style: true
exporters: { ${signals.map(exporter).join(', ')} }
extensions: { file_storage: { directory: '${join(scratch, name)}', create_directory: true } }
service:
  extensions: [file_storage]
  telemetry: { metrics: { level: none } }
  pipelines: { ${signals.map(pipeline).join(', ')} }
`,
    );
    program = startSluice(['run', '--config', config], environment);
    return program;
  }

  function arrived(name: string, signal: 'logs' | 'traces' | 'metrics' = 'logs'): Batch[] {
    const path = join(scratch, `${name}.${signal}.json`);
    const whole = existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
    return whole.map((line) => batchFromJson(signal, Buffer.from(line), { receivedAt: 0 }));
  }

  /** How often each id arrived. */
  function tally(name: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const batch of arrived(name))
      for (const { scopes } of decode(batch as Batch<'logs'>).resources)
        for (const { records } of scopes)
          for (const { body } of records) counts.set(body as string, (counts.get(body as string) ?? 0) + 1);
    return counts;
  }

  const count = (batches: readonly Batch[]): number => batches.reduce((sum, batch) => sum + batch.count, 0);
  const complete = (run: Program): Promise<true> =>
    eventually(
      () => `the end of the replay: ${run.output().slice(-3000)}`,
      () => (run.output().includes('replay complete') ? true : undefined),
      60_000,
    );

  it('replays every record once', async () => {
    const run = start('whole');
    await complete(run);
    expect(await run.stop()).toBe(0);
    const counts = tally('whole');
    expect(counts.size).toBe(all);
    expect([...counts.values()].every((times) => times === 1)).toBe(true);
    expect(count(arrived('whole', 'traces'))).toBe(minutes);
    expect(count(arrived('whole', 'metrics'))).toBe(minutes);
    const again = start('whole');
    await eventually(
      () => `the end at once: ${again.output()}`,
      () => (again.output().includes('was replayed already') ? true : undefined),
    );
    await again.stop();
    expect(tally('whole').size).toBe(all);
  }, 120_000);

  it('goes on after a kill, and loses nothing', async () => {
    const first = start('killed');
    await eventually(
      () => `some records: ${first.output().slice(-3000)}`,
      () => (arrived('killed').length > 12 ? true : undefined),
      30_000,
    );
    first.process.kill('SIGKILL');
    await first.stop();
    const before = tally('killed').size;
    expect(before).toBeLessThan(all);
    const second = start('killed');
    await complete(second);
    await second.stop();
    expect(second.output()).toContain('going on where');
    const counts = tally('killed');
    expect(counts.size).toBe(all);
    const times = [...counts.values()].reduce((sum, n) => sum + n, 0);
    expect(times - all).toBeLessThan(before);
  }, 120_000);

  it('waits where the server is away, and loses nothing', async () => {
    const run = start('away');
    await eventually(
      () => `some records: ${run.output().slice(-3000)}`,
      () => (arrived('away').length > 6 ? true : undefined),
      30_000,
    );
    await server.kill();
    await eventually(
      () => `notice of it: ${run.output().slice(-3000)}`,
      () => (/trying again/.test(run.output()) ? true : undefined),
      30_000,
    );
    await server.restart();
    await complete(run);
    await run.stop();
    const counts = tally('away');
    expect(counts.size).toBe(all);
    expect([...counts.values()].every((times) => times === 1)).toBe(true);
  }, 120_000);
});
