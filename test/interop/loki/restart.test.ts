import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { LogsBuilder } from '../../../src/wire/index.ts';
import { gatewayConfig } from '../../delivery/gateway.ts';
import { Oracle } from '../../delivery/oracle.ts';
import { folder, SluiceProcess } from '../../delivery/process.ts';
import { eventually, freePorts } from '../program.ts';
import { Loki, lokiBinary } from './server.ts';

const total = Number(process.env['SLUICE_LOKI_RECORDS'] ?? 40_000);
const perRequest = 500;
const workers = 6;
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
    const pool = new Pool(`http://127.0.0.1:${http}`, { connections: workers });
    onTestFinished(() => pool.destroy());
    let sent = 0;
    const count = (records: number): void => void (sent += records);
    const sending = Promise.all(Array.from({ length: workers }, () => sendAll(oracle, pool, count)));
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

async function sendAll(oracle: Oracle, pool: Pool, acked: (count: number) => void): Promise<void> {
  for (;;) {
    const ids = oracle.take(perRequest).filter((id) => id < total);
    if (ids.length === 0) return;
    const body = requestOf(ids);
    for (;;) {
      const headers = { 'content-type': 'application/x-protobuf' };
      const answer = await pool.request({ method: 'POST', path: '/v1/logs', headers, body });
      await answer.body.dump();
      if (answer.statusCode === 200) break;
      await wait(50);
    }
    oracle.acked(ids);
    acked(ids.length);
  }
}

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

async function sentRecords(port: number): Promise<number> {
  const page = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const lines = page.matchAll(/^otelcol_exporter_sent_log_records(?:_total|__records__total)?\{[^}]*\} (\S+)/gm);
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}
