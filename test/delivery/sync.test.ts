import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { HttpSink } from './http-sink.ts';
import { Oracle } from './oracle.ts';
import { folder, SluiceProcess } from './process.ts';
import { Sender } from './sender.ts';
import { newestSegment } from './storage.ts';
import { found, strace } from './tools.ts';

const delayMs = 400;

async function queueWithoutSink(wrapper: readonly string[]): Promise<Sender> {
  const [http, nowhere] = (await freePorts(2)) as [number, number];
  const exporters = { otlp_http: { endpoint: `http://127.0.0.1:${nowhere}` } };
  const sluice = SluiceProcess.start(gatewayConfig({ http, exporters, storage: folder() }), wrapper);
  await sluice.ready(60_000);
  const sender = new Sender(new Oracle(), http, 4);
  onTestFinished(() => sender.close());
  return sender;
}

describe.skipIf(!found('strace'))('an OK, with strace between the program and the kernel', () => {
  it('fault 2: does not come before the sync has returned', { timeout: 90_000 }, async () => {
    const calls = 'fsync,fdatasync,msync,sync_file_range';
    const sender = await queueWithoutSink(strace(calls, `delay_exit=${delayMs * 1000}`));
    const heard = await Promise.all([sender.send(1), sender.send(1)]);
    heard.push(await sender.send(1));
    for (const { status, ms } of heard) {
      expect(status).toBe(200);
      expect(ms).toBeGreaterThanOrEqual(delayMs);
    }
    const undelayed = await queueWithoutSink([]);
    await undelayed.send(1);
    expect((await undelayed.send(1)).ms).toBeLessThan(delayMs);
  });

  it(
    'fault 9: is refused where the sync failed; nothing acked is lost, and the queue goes on without a restart',
    {
      timeout: 90_000,
    },
    async () => {
      const oracle = new Oracle();
      const [http, port] = (await freePorts(2)) as [number, number];
      const storage = folder();
      const config = gatewayConfig({
        http,
        exporters: { otlp_http: { endpoint: `http://127.0.0.1:${port}` } },
        storage,
      });
      // Every fourth sync fails; libuv has one thread, so that all of them count as its.
      const one = ['env', 'UV_THREADPOOL_SIZE=1'];
      const sluice = SluiceProcess.start(config, [...one, ...strace('fdatasync', 'error=EIO:when=4+4')]);
      await sluice.ready(60_000);
      const sender = new Sender(oracle, http, 1);
      const heard: number[] = [];
      for (let request = 0; request < 24; request++) heard.push((await sender.send(5)).status);
      await sender.close();
      expect(heard.filter((status) => status === 503).length).toBeGreaterThanOrEqual(4);
      expect(heard.filter((status) => status === 200).length).toBeGreaterThanOrEqual(12);
      expect(sluice.running).toBe(true);
      await sluice.kill();

      const sink = await HttpSink.open({ port, taken: (ids) => oracle.arrived(ids) });
      onTestFinished(() => sink.close());
      await SluiceProcess.start(config).ready();
      await eventually(
        () => `the arrival of ${String(oracle.missing())}`,
        () => (oracle.missing().length === 0 ? true : undefined),
      );
      // What was refused never arrives on its own: its sender has it.
      expect(oracle.tally().delivered).toBe(oracle.tally().acked);
    },
  );

  it(
    'fault 13: killed at the deletion of a consumed segment, it starts, and delivers what is left',
    {
      timeout: 90_000,
    },
    async () => {
      const oracle = new Oracle();
      const [http, port] = (await freePorts(2)) as [number, number];
      const storage = folder();
      const config = gatewayConfig({
        http,
        exporters: { otlp_http: { endpoint: `http://127.0.0.1:${port}` } },
        storage,
      });
      const sender = new Sender(oracle, http, 1);
      onTestFinished(() => sender.close());
      const first = SluiceProcess.start(config);
      await first.ready();
      for (let request = 0; request < 10; request++) await sender.send(5);
      first.signal('SIGTERM');
      await first.ended();

      const segment = newestSegment(storage);
      const sink = await HttpSink.open({ port, taken: (ids) => oracle.arrived(ids) });
      onTestFinished(() => sink.close());
      const killed = SluiceProcess.start(config, strace('unlink,unlinkat,rename', 'signal=KILL', segment));
      await killed.ended(60_000);
      expect(killed.program.process.signalCode).toBe('SIGKILL');
      expect(oracle.tally()).toMatchObject({ delivered: 50, lost: 0 });

      const last = SluiceProcess.start(config);
      await last.ready();
      expect((await sender.send(5)).status).toBe(200);
      await eventually(
        () => `the arrival of ${String(oracle.missing())}`,
        () => (oracle.missing().length === 0 ? true : undefined),
      );
      expect(last.program.output()).not.toMatch(/damaged|gone/);
      expect(oracle.tally().duplicated).toBe(0);
    },
  );
});
