import { expect, it, onTestFinished } from 'vitest';
import { S3Double } from '../../../plugins/exporters/awss3/test-data/s3-double.ts';
import { Oracle } from '../../delivery/oracle.ts';
import { folder } from '../../delivery/process.ts';
import { idsIn } from '../../delivery/records.ts';
import { Sender } from '../../delivery/sender.ts';
import { eventually, freePorts } from '../program.ts';
import { gatewayTo, stagedIn, startGateway } from './gateway.ts';

it.each(['part', 'complete'] as const)(
  'a process killed while a %s is under way: each record is there once, under the key it had, and no upload is left',
  async (operation) => {
    const [http] = (await freePorts(1)) as [number];
    const s3 = await S3Double.start();
    onTestFinished(() => s3.stop());
    const directory = folder();
    const config = gatewayTo(
      {
        s3uploader: {
          s3_bucket: 'archive',
          endpoint: s3.endpoint,
          s3_force_path_style: true,
          part_size: '5MiB',
        },
        marshaler: 'ndjson',
        staging: { directory, target_size: '12MiB', max_age: '1s' },
      },
      http,
    );
    const oracle = new Oracle();
    const sender = new Sender(oracle, http);
    onTestFinished(() => sender.close());
    s3.fault = (asked) => (asked === operation ? { delayMs: 60_000 } : undefined);
    const first = await startGateway(config);
    for (let i = 0; i < 40; i++) expect((await sender.send(5, 100_000)).status).toBe(200);
    await eventually(
      () => `a ${operation}`,
      () => s3.count(operation) > 0 || undefined,
      60_000,
    );
    await first.kill();
    const keys = new Set([...s3.uploads.values()].map(({ key }) => key));
    expect(keys.size).toBeGreaterThan(0);

    s3.fault = () => undefined;
    const second = await startGateway(config);
    await eventually(
      () => 'the rest of the uploads',
      () => stagedIn(directory) === 0 || undefined,
      60_000,
    );
    await second.kill();
    for (const content of s3.objects.values()) oracle.arrived(idsIn(content));
    expect(oracle.tally()).toEqual({ offered: 200, acked: 200, delivered: 200, duplicated: 0, lost: 0 });
    for (const key of keys) expect([...s3.objects.keys()]).toContain(key);
    expect(s3.uploads.size).toBe(0);
  },
  240_000,
);
