import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayConfig } from '../../delivery/gateway.ts';
import { Oracle } from '../../delivery/oracle.ts';
import { folder, SluiceProcess } from '../../delivery/process.ts';
import { idsIn } from '../../delivery/records.ts';
import { eventually, freePorts } from '../program.ts';
import { sendAll } from '../send-all.ts';
import { sentRecords } from '../sent-records.ts';
import { hasNginx, Nginx } from './nginx.ts';

const total = Number(process.env['SLUICE_HTTP_RECORDS'] ?? 40_000);

describe.skipIf(!hasNginx)('real nginx, killed and started again (needs nginx)', () => {
  let nginx: Nginx;
  beforeAll(async () => {
    nginx = await Nginx.start();
  });
  afterAll(() => nginx?.stop());

  it(`has every one of ${total} records afterwards`, { timeout: 1_800_000 }, async () => {
    const oracle = new Oracle();
    const [http, metrics] = (await freePorts(2)) as [number, number];
    const sending_queue = { num_consumers: 4, batch: { flush_timeout: '200ms', max_size: 4000 } };
    const exporters = { http: { endpoint: `${nginx.url}/in`, sending_queue } };
    const sluice = SluiceProcess.start(gatewayConfig({ http, metrics, exporters, storage: folder() }));
    await sluice.ready(120_000);
    const since = performance.now();
    const sent = (): Promise<number> => sentRecords(metrics);
    const sending = sendAll(oracle, http, { total, perRequest: 500, workers: 6 });
    await eventually(
      () => 'the delivery of half of the records',
      async () => (await sent()) > total / 2 || undefined,
      600_000,
    );
    const before = await sent();
    await nginx.kill();
    await wait(2000);
    await nginx.run();
    const again = await sending;
    await eventually(
      () => `the arrival of all (${found(nginx).size} are there): ${sluice.program.output()}`,
      async () => ((await sent()) >= total && found(nginx).size >= total) || undefined,
      600_000,
    );
    const seconds = (performance.now() - since) / 1000;
    for (const body of nginx.bodies()) oracle.arrived(idsIn(body));
    const { acked, delivered, duplicated, lost } = oracle.tally();
    console.log(
      JSON.stringify({ acked, found: delivered, twice: duplicated, lost, again, before, seconds, ...sluice.memory() }),
    );
    expect({ acked, found: delivered, lost }).toEqual({ acked: total, found: total, lost: 0 });
  });
});

function found(nginx: Nginx): Set<number> {
  return new Set([...nginx.bodies()].flatMap(idsIn));
}
