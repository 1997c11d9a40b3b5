import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { systemClock } from 'sluice/plugin';
import { logsBatch, runReceiver, type ReceiverRun } from 'sluice/testing';
import { afterEach, describe, expect, it } from 'vitest';
import otlpGrpc from '../../../plugins/exporters/otlp_grpc/index.ts';
import otlpHttp from '../../../plugins/exporters/otlp_http/index.ts';
import otlp from '../../../plugins/receivers/otlp/index.ts';
import { createRegistry, loadConfig } from '../../../src/config/index.ts';
import { Service } from '../../../src/engine/index.ts';
import { decode, decodeRpcStatus, otlpMethods, type Batch } from '../../../src/plugin/index.ts';
import { createTransport } from '../../../src/transport/index.ts';
import { freePorts } from '../program.ts';

/** What a sender hears while the destination is away, over real sockets, and what has arrived once it is back. */

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function sink(grpc: number, http: number): Promise<ReceiverRun> {
  const transport = createTransport({ logger: silent, clock: systemClock });
  const protocols = { grpc: { endpoint: `127.0.0.1:${grpc}` }, http: { endpoint: `127.0.0.1:${http}` } };
  const run = await runReceiver(otlp, { protocols }, { transport });
  cleanups.push(() => run.stop(Date.now()));
  return run;
}

function bodies(run: ReceiverRun): unknown[] {
  return run.emitted.flatMap((batch) =>
    decode(batch as Batch<'logs'>).resources.flatMap(({ scopes }) =>
      scopes.flatMap(({ records }) => records.map(({ body }) => body)),
    ),
  );
}

async function gateway(exporter: string, endpoint: string): Promise<{ readonly grpc: string; readonly http: string }> {
  const [grpc, http] = await freePorts(2);
  const yaml = `
receivers:
  otlp: { protocols: { grpc: { endpoint: '127.0.0.1:${grpc}' }, http: { endpoint: '127.0.0.1:${http}' } } }
exporters:
  ${exporter}:
    endpoint: ${endpoint}
    timeout: 500ms
    retry_on_failure: { initial_interval: 100ms, max_interval: 200ms }
service:
  telemetry: { metrics: { level: none } }
  pipelines: { logs: { receivers: [otlp], exporters: [${exporter}] } }
`;
  const registry = createRegistry([otlp, otlpHttp, otlpGrpc]);
  const { configuration, diagnostics } = loadConfig([{ name: 'test.yaml', text: yaml }], registry, {
    env: {},
    readFile: () => '',
  });
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  const service = new Service({ configuration, createTransport, writeLog: () => {} });
  await service.start();
  cleanups.push(() => service.stop(0));
  return { grpc: `127.0.0.1:${grpc}`, http: `http://127.0.0.1:${http}/v1/logs` };
}

const request = (body: string): Buffer => Buffer.from(logsBatch([{ body }]).bytes);

const post = (url: string, body: string): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-protobuf' }, body: request(body) });

function call(address: string, body: string, waitMs: number): Promise<ServiceError | undefined> {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  cleanups.push(() => client.close());
  const pass = (bytes: Buffer): Buffer => bytes;
  const options = { deadline: Date.now() + waitMs };
  return new Promise((resolve) => {
    client.makeUnaryRequest(otlpMethods.logs, pass, pass, request(body), new Metadata(), options, (error) =>
      resolve(error ?? undefined),
    );
  });
}

describe.each(['otlp_http', 'otlp_grpc'])('a gateway with %s, while the destination is away', (exporter) => {
  it('tells senders to come back, and everything is there once it is back', { timeout: 40_000 }, async () => {
    const [grpcPort, httpPort] = (await freePorts(2)) as [number, number];
    const to = exporter === 'otlp_http' ? `http://127.0.0.1:${httpPort}` : `http://127.0.0.1:${grpcPort}`;
    const { grpc, http } = await gateway(exporter, to);
    const before = await sink(grpcPort, httpPort);
    expect([(await post(http, 'first')).status, await call(grpc, 'second', 5000)]).toEqual([200, undefined]);
    expect(bodies(before)).toEqual(['first', 'second']);
    await before.stop(Date.now());

    const [refused, unavailable] = await Promise.all([post(http, 'third'), call(grpc, 'fourth', 3000)]);
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(decodeRpcStatus(await refused.bytes())).toMatchObject({ code: 14 });
    expect(unavailable?.code).toBe(14);
    const [details] = unavailable?.metadata.get('grpc-status-details-bin') ?? [];
    expect(decodeRpcStatus(details as Buffer)?.retryAfterMs).toBeGreaterThan(0);

    const after = await sink(grpcPort, httpPort);
    await expect.poll(async () => (await post(http, 'third')).status, { timeout: 15_000 }).toBe(200);
    await expect.poll(() => call(grpc, 'fourth', 3000), { timeout: 15_000 }).toBeUndefined();
    expect(new Set(bodies(after))).toEqual(new Set(['third', 'fourth']));
  });
});
