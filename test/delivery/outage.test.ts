import { describe, expect, it, onTestFinished } from 'vitest';
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import { decodeRpcStatus, otlpMethods } from '../../src/plugin/index.ts';
import { ManualClock } from '../../src/testing/manual-clock.ts';
import { eventually, freePorts } from '../interop/program.ts';
import { HttpSink } from './http-sink.ts';
import { startService } from './in-process.ts';
import { Oracle } from './oracle.ts';
import { folder } from './process.ts';
import { requestOf } from './records.ts';
import { Sender } from './sender.ts';

function call(port: number, ids: readonly number[]): Promise<ServiceError | undefined> {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  onTestFinished(() => client.close());
  const pass = (bytes: Buffer): Buffer => bytes;
  return new Promise((resolve) => {
    client.makeUnaryRequest(otlpMethods.logs, pass, pass, requestOf(ids), new Metadata(), {}, (error) =>
      resolve(error ?? undefined),
    );
  });
}

describe('a destination that is away for longer than every timeout', () => {
  it('fault 16: gets everything that was acked, the first minute of four hours included; what finds no room is told when to come back', async () => {
    const oracle = new Oracle();
    const clock = new ManualClock();
    const [port] = (await freePorts(1)) as [number];
    const sending_queue = { queue_size: 30 };
    const exporters = { otlp_http: { endpoint: `http://127.0.0.1:${port}`, sending_queue, retry_on_failure: {} } };
    const { http, grpc } = await startService({ exporters, storage: folder() }, clock);
    const sender = new Sender(oracle, http, 1);
    onTestFinished(() => sender.close());
    const heard: number[] = [];
    for (let minute = 0; minute < 240; minute++) {
      if (minute % 6 === 0) heard.push((await sender.send(10)).status);
      await clock.advance(60_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    expect(heard.slice(0, 30)).toEqual(Array.from({ length: 30 }, () => 200));
    expect(new Set(heard.slice(30))).toEqual(new Set([503]));
    expect(Number((await sender.send(1)).retryAfter)).toBeGreaterThan(0);
    const error = await call(grpc, oracle.take(1));
    expect(error?.code).toBe(14);
    const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
    expect(decodeRpcStatus(details as Buffer)?.retryAfterMs).toBeGreaterThan(0);

    const sink = await HttpSink.open({ port, taken: (ids) => oracle.arrived(ids) });
    onTestFinished(() => sink.close());
    await eventually(
      () => `the arrival of ${oracle.missing().length}`,
      async () => {
        await clock.advance(1000);
        return oracle.missing().length === 0 ? true : undefined;
      },
    );
    expect(oracle.tally()).toMatchObject({ acked: 300, delivered: 300, duplicated: 0, lost: 0 });
    expect((await sender.send(10)).status).toBe(200);
  });
});
