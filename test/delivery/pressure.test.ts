import { createServer } from 'node:http';
import { createServer as createRawServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { HttpSink } from './http-sink.ts';
import { Oracle } from './oracle.ts';
import { folder, SluiceProcess } from './process.ts';
import { idsIn } from './records.ts';
import { Sender } from './sender.ts';

const mebibyte = 1024 * 1024;

/** A destination that accepts connections and reads nothing, as a stopped process does, until it is told to go on. */
async function stoppedSink(taken: (ids: readonly number[]) => void) {
  const behind = createServer((request, response) => {
    void request.toArray().then((parts: Buffer[]) => {
      taken(idsIn(Buffer.concat(parts)));
      response.end();
    });
  });
  const sockets: Socket[] = [];
  const serve = (socket: Socket): void => {
    behind.emit('connection', socket);
    socket.resume();
  };
  let stopped = true;
  const server = createRawServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    if (stopped) sockets.push(socket);
    else serve(socket);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    behind.closeAllConnections();
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const resume = (): void => {
    stopped = false;
    for (const socket of sockets.splice(0)) serve(socket);
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, resume };
}

describe('more data than a destination takes', { timeout: 90_000 }, () => {
  it('fault 17: a destination that stands still costs bounded memory, its senders are held back, and it goes on where it stood', async () => {
    const oracle = new Oracle();
    const { url, resume } = await stoppedSink((ids) => oracle.arrived(ids));
    const [http] = (await freePorts(1)) as [number];
    const limits = { window_bytes: 16 * mebibyte, answer_within: '1s' };
    const options = { endpoint: url, timeout: '3s', sending_queue: { queue_size: 500 } };
    const sluice = SluiceProcess.start(gatewayConfig({ http, exporters: { otlp_http: options }, limits }));
    await sluice.ready();
    const sender = new Sender(oracle, http, 64);
    onTestFinished(() => sender.close());
    await Promise.all(Array.from({ length: 16 }, () => sender.send(100, 1000)));
    const atFirst = sluice.memory().now;
    const pressing = new AbortController();
    const pressed = sender.press({ signal: pressing.signal, workers: 64, count: 400, size: 1000, pause: 50 });
    await new Promise((resolve) => setTimeout(resolve, 3000));
    pressing.abort();
    const statuses = await pressed;
    const { peak } = sluice.memory();
    console.log(
      `a destination that stands still: ${JSON.stringify([...statuses])}, ${atFirst.toFixed()} to ${peak.toFixed()} MiB`,
    );
    expect(statuses.get(503)).toBeGreaterThan(0);
    expect(statuses.has(200)).toBe(false);
    // The window, what the bodies that wait before it take, and what the garbage collector leaves lying.
    expect(peak).toBeLessThan(atFirst + 200);
    resume();
    await eventually(
      () => 'an OK',
      async () => ((await sender.send(10)).status === 200 ? true : undefined),
      20_000,
    );
    expect(oracle.tally().lost).toBe(0);
  });

  it('fault 12: a backlog much larger than what may be in memory is delivered from disk, in bounded memory', async () => {
    const oracle = new Oracle();
    const [http, port] = (await freePorts(2)) as [number, number];
    const storage = folder();
    const config = gatewayConfig({ http, storage, exporters: { otlp_http: { endpoint: `http://127.0.0.1:${port}` } } });
    const first = SluiceProcess.start(config);
    await first.ready();
    const sender = new Sender(oracle, http, 4);
    onTestFinished(() => sender.close());
    const requests = 300;
    const send = async (worker: number): Promise<void> => {
      for (let request = worker; request < requests; request += 4)
        expect((await sender.send(20, 50_000)).status).toBe(200);
    };
    await Promise.all([0, 1, 2, 3].map(send));
    await first.kill();

    const sink = await HttpSink.open({ port, taken: (ids) => oracle.arrived(ids) });
    onTestFinished(() => sink.close());
    const second = SluiceProcess.start(config);
    const ready = await second.ready();
    await eventually(
      () => `the arrival of ${oracle.missing().length}`,
      () => (oracle.missing().length === 0 ? true : undefined),
      60_000,
    );
    const { peak } = second.memory();
    console.log(
      `a backlog of ${requests} MB: ready after ${ready.toFixed()} ms, at most ${peak.toFixed()} MiB resident`,
    );
    expect(peak).toBeLessThan(300);
    expect(oracle.tally()).toMatchObject({ delivered: requests * 20, lost: 0 });
  });
});
