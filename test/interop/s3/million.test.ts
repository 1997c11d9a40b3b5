import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { Oracle } from '../../delivery/oracle.ts';
import { folder } from '../../delivery/process.ts';
import { idsIn } from '../../delivery/records.ts';
import { Sender } from '../../delivery/sender.ts';
import { eventually, freePorts } from '../program.ts';
import { gatewayTo, stagedIn, startGateway } from './gateway.ts';
import { Minio, minioPath } from './minio.ts';

/** Records per way; S3_RECORDS=1000000 is the whole. */
const records = Number(process.env['S3_RECORDS'] ?? 40_000);
const perRequest = 500;
const minutes = 60_000;

describe.skipIf(minioPath === undefined)('many records to MinIO, which is killed in the middle (needs minio)', () => {
  let minio: Minio;
  beforeAll(async () => {
    minio = await Minio.start();
  }, 60_000);
  afterAll(() => minio?.stop());

  /** Sends all of them, and kills the server when half of them are there. */
  async function sendAll(sender: Sender, oracle: Oracle, alsoKilled: () => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const pressing = sender.press({ signal: stop.signal, workers: 8, count: perRequest, pause: 50 });
    const acked = (): number => oracle.tally().acked;
    await eventually(
      () => `half of the records, after ${acked()}`,
      () => acked() > records / 2 || undefined,
      15 * minutes,
    );
    await minio.kill();
    await sleep(1500);
    await alsoKilled();
    await minio.run();
    await eventually(
      () => `all records, after ${acked()}`,
      () => acked() >= records || undefined,
      15 * minutes,
    );
    stop.abort();
    await pressing;
  }

  it(
    'staged: all that was acknowledged is there, though Sluice is killed, too',
    async () => {
      const [http] = (await freePorts(1)) as [number];
      const directory = folder();
      const config = gatewayTo(
        {
          ...minio.options({ s3_prefix: 'staged', compression: 'gzip', compression_level: 1, part_size: '5MiB' }),
          marshaler: 'ndjson',
          staging: { directory, target_size: '8MiB', max_age: '2s' },
        },
        http,
      );
      let sluice = await startGateway(config);
      const oracle = new Oracle();
      const sender = new Sender(oracle, http);
      onTestFinished(() => sender.close());
      await sendAll(sender, oracle, async () => {
        await sluice.kill();
        sluice = await startGateway(config);
      });
      await eventually(
        () => 'the last upload',
        () => stagedIn(directory) === 0 || undefined,
        minutes,
      );
      await tallied('staged', oracle);
      const { peak } = sluice.memory();
      console.log(`staged: at most ${Math.round(peak)} MiB in memory`);
    },
    40 * minutes,
  );

  it(
    'batch by batch: all that was acknowledged is there',
    async () => {
      const [http] = (await freePorts(1)) as [number];
      const config = gatewayTo(
        {
          ...minio.options({ s3_prefix: 'direct', compression: 'zstd' }),
          marshaler: 'otlp_proto',
          sending_queue: { batch: { flush_timeout: '200ms', min_size: 4000 } },
        },
        http,
      );
      await startGateway(config);
      const oracle = new Oracle();
      const sender = new Sender(oracle, http);
      onTestFinished(() => sender.close());
      await sendAll(sender, oracle, async () => {});
      await tallied('direct', oracle);
    },
    40 * minutes,
  );

  async function tallied(prefix: string, oracle: Oracle): Promise<void> {
    const keys = await minio.keys(prefix);
    let bytes = 0;
    for (const key of keys) {
      const { content, ContentLength = 0 } = await minio.get(key);
      oracle.arrived(idsIn(content));
      bytes += ContentLength;
    }
    console.log(`${prefix}: ${JSON.stringify({ ...oracle.tally(), objects: keys.length, bytes })}`);
    expect(oracle.missing().length).toBe(0);
    expect(oracle.tally().acked).toBeGreaterThanOrEqual(records);
    expect(await minio.unfinished(prefix)).toEqual([]);
  }
});
