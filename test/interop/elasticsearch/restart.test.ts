import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayConfig } from '../../delivery/gateway.ts';
import { Oracle } from '../../delivery/oracle.ts';
import { folder, SluiceProcess } from '../../delivery/process.ts';
import { idsIn } from '../../delivery/records.ts';
import { eventually, freePorts } from '../program.ts';
import { sendAll } from '../send-all.ts';
import { OpenSearch, openSearch } from './server.ts';

const total = Number(process.env['SLUICE_BULK_RECORDS'] ?? 50_000);

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
      let sent = 0;
      const taken = (count: number): void => void (sent += count);
      const sending = sendAll(oracle, http, { total, perRequest: 500, workers: 6, taken });
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

/** No more than once a second: each makes the index write out what it has. 0 while a shard is not there yet, after the start. */
async function countOf(server: OpenSearch): Promise<number> {
  await wait(1000);
  await server.ask('POST', '/logs-*/_refresh');
  const answer = await server.ask('GET', '/logs-*/_count').catch((error: unknown) => {
    if (error instanceof Error && /: 503 .*all shards failed/.test(error.message)) return { count: 0 };
    throw error;
  });
  return (answer as { count: number }).count;
}
