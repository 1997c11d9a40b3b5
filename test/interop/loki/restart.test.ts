import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LogsBuilder } from '../../../src/wire/index.ts';
import { gatewayConfig } from '../../delivery/gateway.ts';
import { Oracle } from '../../delivery/oracle.ts';
import { folder, SluiceProcess } from '../../delivery/process.ts';
import { eventually, freePorts } from '../program.ts';
import { sendAll } from '../send-all.ts';
import { sentRecords } from '../sent-records.ts';
import { Loki, lokiBinary } from './server.ts';

const total = Number(process.env['SLUICE_LOKI_RECORDS'] ?? 40_000);
const services = 4;
/** Times are those of the ids, so that no two lines are the same. */
const start = BigInt(Date.now()) * 1_000_000n;
const timeOf = (id: number): bigint => start + BigInt(id) * 1000n;

describe.skipIf(lokiBinary === undefined)('real Loki, killed and started again (needs loki)', () => {
  let loki: Loki;
  beforeAll(async () => {
    const limits = { per_stream_rate_limit: '200MB', per_stream_rate_limit_burst: '400MB' };
    loki = await Loki.start({ limits });
  }, 300_000);
  afterAll(async () => {
    await loki?.stop();
    loki?.remove();
  });

  it(`has every one of ${total} records afterwards`, async () => {
    const oracle = new Oracle();
    const [http, metrics] = (await freePorts(2)) as [number, number];
    const exporter = {
      endpoint: loki.url,
      timeout: '30s',
      retry_on_failure: { initial_interval: '500ms', max_interval: '5s' },
      // One push at a time: Loki 3.5 may log concurrent pushes to a stream in another order than it counts them, and then
      // takes some of them for duplicates when it replays its log.
      sending_queue: { num_consumers: 1, batch: { flush_timeout: '200ms', max_size: 4000 } },
    };
    const config = gatewayConfig({ http, metrics, exporters: { loki: exporter }, storage: folder() });
    const sluice = SluiceProcess.start(config);
    await sluice.ready(120_000);
    let sent = 0;
    const taken = (count: number): void => void (sent += count);
    const sending = sendAll(oracle, http, { total, perRequest: 500, workers: 6, requestOf, taken });
    await eventually(
      () => 'half of the records sent',
      () => (sent > total / 2 ? true : undefined),
      600_000,
    );
    await loki.stop('SIGKILL');
    await wait(2000);
    await loki.startAgain(600_000);
    await sending;
    await eventually(
      () => `the end of the queue: ${sluice.program.output()}`,
      async () => ((await sentRecords(metrics)) >= total ? true : undefined),
      600_000,
    );
    for (let service = 0; service < services; service++)
      for await (const { line } of loki.lines(`{service_name="oracle-${service}"}`, start - 1n, timeOf(total) + 1n))
        oracle.arrived([Number(/^id=(\d+) /.exec(line)?.[1])]);
    const tally = oracle.tally();
    const forgotten = await loki.metric('loki_ingester_wal_replay_samples_dropped_total');
    console.log(JSON.stringify({ ...tally, forgotten, sent: await sentRecords(metrics), ...sluice.memory() }));
    expect(tally).toMatchObject({ acked: total, delivered: total, lost: 0 });
  }, 1_800_000);
});

/** Records of several services, with trace ids and attributes as usual. */
function requestOf(ids: readonly number[]): Buffer {
  const builder = new LogsBuilder();
  for (let service = 0; service < services; service++) {
    builder.resource([
      ['service.name', `oracle-${service}`],
      ['host.name', 'h1'],
    ]);
    builder.scope('delivery');
    for (const id of ids.filter((one) => one % services === service))
      builder.record({
        timeUnixNano: timeOf(id),
        severityNumber: 9,
        body: `id=${id} ${'GET /orders ended with 200 after 35 ms '.repeat(3)}`,
        attributes: [['http.request.method', 'GET']],
      });
  }
  return Buffer.from(builder.finish({ receivedAt: 0 }).bytes);
}
