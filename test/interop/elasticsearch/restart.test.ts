import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { gatewayConfig } from '../../delivery/gateway.ts';
import { Oracle } from '../../delivery/oracle.ts';
import { folder, SluiceProcess } from '../../delivery/process.ts';
import { idsIn, requestOf } from '../../delivery/records.ts';
import { eventually, freePorts } from '../program.ts';
import { OpenSearch, openSearch } from './server.ts';

const total = Number(process.env['SLUICE_BULK_RECORDS'] ?? 50_000);
const perRequest = 500;
const workers = 6;

describe.skipIf(openSearch === undefined)(
  'real OpenSearch, killed and started again (needs opensearch and java)',
  () => {
    let server: OpenSearch;
    beforeAll(async () => {
      server = await OpenSearch.start();
      await server.streams('logs-*');
    }, 200_000);
    afterAll(async () => {
      await server?.stop();
      server?.remove();
    });

    it(`has every one of ${total} records once afterwards`, { timeout: 1_800_000 }, async () => {
      const oracle = new Oracle();
      const [http] = (await freePorts(1)) as [number];
      const sending_queue = { batch: { flush_timeout: '200ms', max_size: 4000 }, num_consumers: 4 };
      const exporters = { elasticsearch: { endpoint: server.url, timeout: '30s', compression: 'gzip', sending_queue } };
      const deadLetters = folder();
      const sluice = SluiceProcess.start(gatewayConfig({ http, exporters, storage: folder(), deadLetters }));
      await sluice.ready();
      const since = performance.now();
      const pool = new Pool(`http://127.0.0.1:${http}`, { connections: workers });
      onTestFinished(() => pool.destroy());
      let sent = 0;
      const sending = Promise.all(
        Array.from({ length: workers }, () => sendAll(oracle, pool, (count) => (sent += count))),
      );
      await eventually(
        () => 'half of the records sent',
        () => (sent > total / 2 ? true : undefined),
        600_000,
      );
      await server.stop('SIGKILL');
      await wait(2000);
      await server.startAgain();
      await sending;
      await eventually(
        () => `the arrival of all (it printed: ${sluice.program.output()})`,
        async () => ((await countOf(server)) >= total ? true : undefined),
        600_000,
      );
      const seconds = (performance.now() - since) / 1000;
      for await (const { _source } of server.documents('logs-generic.otel-default'))
        oracle.arrived(idsIn(Buffer.from((_source['body'] as { text: string }).text)));
      const tally = oracle.tally();
      console.log(JSON.stringify({ ...tally, seconds, ...sluice.memory() }));
      expect(tally).toMatchObject({ acked: total, delivered: total, lost: 0, duplicated: 0 });
    });
  },
);

async function sendAll(oracle: Oracle, pool: Pool, acked: (count: number) => void): Promise<void> {
  for (;;) {
    const ids = oracle.take(perRequest).filter((id) => id < total);
    if (ids.length === 0) return;
    const body = requestOf(ids);
    const headers = { 'content-type': 'application/x-protobuf' };
    for (;;) {
      const answer = await pool.request({ method: 'POST', path: '/v1/logs', headers, body });
      await answer.body.dump();
      if (answer.statusCode === 200) break;
      await wait(50);
    }
    oracle.acked(ids);
    acked(ids.length);
  }
}

/** No more than once a second: each makes the index write out what it has. */
async function countOf(server: OpenSearch): Promise<number> {
  await wait(1000);
  await server.ask('POST', '/logs-*/_refresh');
  return ((await server.ask('GET', '/logs-*/_count')) as { count: number }).count;
}
