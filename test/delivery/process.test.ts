import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { HttpSink } from './http-sink.ts';
import { Oracle } from './oracle.ts';
import { folder, SluiceProcess } from './process.ts';
import { Sender } from './sender.ts';
import { found } from './tools.ts';

/** A queue on disk before a destination that is not there yet, and an oracle for it. */
async function setUp(queue: object = {}) {
  const oracle = new Oracle();
  const storage = folder();
  const [http, port] = (await freePorts(2)) as [number, number];
  const configFor = (id: string): string =>
    gatewayConfig({
      http,
      storage,
      exporters: { [id]: { endpoint: `http://127.0.0.1:${port}`, sending_queue: queue } },
    });
  const sender = new Sender(oracle, http, 8);
  onTestFinished(() => sender.close());
  const openSink = async (): Promise<void> => {
    const sink = await HttpSink.open({ port, taken: (ids) => oracle.arrived(ids) });
    onTestFinished(() => sink.close());
  };
  const allArrived = (): Promise<true> =>
    eventually(
      () => `the arrival of ${String(oracle.missing())}`,
      () => (oracle.missing().length === 0 ? true : undefined),
    );
  return { oracle, configFor, config: configFor('otlp_http'), sender, openSink, allArrived };
}

/** Sends until the queue is full. */
async function fill(sender: Sender): Promise<void> {
  for (let status = 200; status === 200;) ({ status } = await sender.send(5));
}

describe('a process with a queue on disk', { timeout: 60_000 }, () => {
  it('fault 11: ends soon after SIGTERM with its queue full and its destination away, and loses nothing', async () => {
    const { config, sender, openSink, allArrived, oracle } = await setUp({ queue_size: 20 });
    const first = SluiceProcess.start(config);
    await first.ready();
    await fill(sender);
    const since = performance.now();
    first.signal('SIGTERM');
    expect((await first.ended()).code).toBe(0);
    expect(performance.now() - since).toBeLessThan(12_000);
    await openSink();
    await SluiceProcess.start(config).ready();
    await allArrived();
    expect(oracle.tally()).toMatchObject({ acked: 100, delivered: 100, duplicated: 0 });
  });

  it('fault 11: loses nothing when SIGKILL follows SIGTERM after a second', async () => {
    const { config, sender, openSink, allArrived, oracle } = await setUp({ queue_size: 20 });
    const first = SluiceProcess.start(config);
    await first.ready();
    await fill(sender);
    const pressing = new AbortController();
    const pressed = sender.press({ signal: pressing.signal, workers: 4, count: 5 });
    first.signal('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await first.kill();
    pressing.abort();
    await pressed;
    await openSink();
    await SluiceProcess.start(config).ready();
    await allArrived();
    expect(oracle.tally()).toMatchObject({ lost: 0, duplicated: 0 });
  });

  it('fault 14: keeps a second one from the same folder, which ends with an error that says so', async () => {
    const { config, configFor, sender } = await setUp();
    const first = SluiceProcess.start(config);
    await first.ready();
    const [other] = (await freePorts(1)) as [number];
    const second = SluiceProcess.start(
      configFor('otlp_http').replace(/(?<="http":\{"endpoint":"127.0.0.1:)\d+/, String(other)),
    );
    const { code, output } = await second.ended();
    expect(code).toBe(1);
    expect(output).toMatch(new RegExp(`locked by process ${first.program.process.pid}`));
    expect((await sender.send(1)).status).toBe(200);
  });

  it('fault 15: reports the queue of an exporter that got another name, keeps it, and delivers it when the name is back', async () => {
    const { config, configFor, sender, openSink, allArrived, oracle } = await setUp();
    const first = SluiceProcess.start(config);
    await first.ready();
    for (let request = 0; request < 3; request++) await sender.send(5);
    first.signal('SIGTERM');
    await first.ended();
    await openSink();

    const renamed = SluiceProcess.start(configFor('otlp_http/renamed'));
    await renamed.ready();
    expect(renamed.program.output()).toMatch(
      /belongs to no exporter of this configuration; it is kept.*"owner":"exporter\/otlp_http logs".*"records":15/,
    );
    expect((await sender.send(5)).status).toBe(200);
    await eventually(
      () => 'delivery under the new name',
      () => (oracle.times(15) > 0 ? true : undefined),
    );
    expect(oracle.missing()).toHaveLength(15);
    renamed.signal('SIGTERM');
    await renamed.ended();

    await SluiceProcess.start(config).ready();
    await allArrived();
    expect(oracle.tally()).toMatchObject({ delivered: 20, duplicated: 0 });
  });

  it.skipIf(!found('prlimit'))(
    'fault 10: goes on with what it has when file descriptors run out, and takes new connections once there are some',
    async () => {
      const { config, openSink, allArrived, oracle } = await setUp();
      await openSink();
      const sluice = SluiceProcess.start(config, ['prlimit', '--nofile=64']);
      await sluice.ready();
      const port = /"http":\{"endpoint":"127.0.0.1:(\d+)/.exec(config)?.[1];
      const sender = new Sender(oracle, Number(port), 1);
      onTestFinished(() => sender.close());
      expect((await sender.send(5)).status).toBe(200);
      const idle: Socket[] = [];
      for (let i = 0; i < 100; i++) idle.push(connect(Number(port), '127.0.0.1').on('error', () => {}));
      await new Promise((resolve) => setTimeout(resolve, 500));
      const statuses: number[] = [];
      for (let request = 0; request < 10; request++) statuses.push((await sender.send(5)).status);
      expect(sluice.running).toBe(true);
      expect(new Set(statuses)).toEqual(new Set([200]));
      for (const socket of idle) socket.destroy();
      await Promise.all(idle.map(async (socket) => socket.closed || once(socket, 'close')));
      const fresh = new Sender(oracle, Number(port));
      onTestFinished(() => fresh.close());
      await eventually(
        () => 'an OK on a new connection',
        async () => ((await fresh.send(5)).status === 200 ? true : undefined),
      );
      await allArrived();
      expect(oracle.tally().lost).toBe(0);
    },
  );
});
