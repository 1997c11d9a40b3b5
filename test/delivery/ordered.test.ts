import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { HttpSink, type Answer } from './http-sink.ts';
import { Oracle } from './oracle.ts';
import { folder, SluiceProcess } from './process.ts';
import { Sender } from './sender.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('an ordered queue on disk', () => {
  it(
    'fault 1: delivers in order through failures, halves and kill -9, and begins again where it was',
    { timeout: 90_000 },
    async () => {
      const oracle = new Oracle();
      /** In the order of their first arrival. */
      const arrived: number[] = [];
      const answerOf = (count: number): Answer => {
        const dice = Math.random();
        if (count > 60) return { status: 413 };
        if (dice < 0.15) return { status: 503 };
        return dice < 0.3 ? { raw: (request) => request.socket.destroy() } : {};
      };
      const sink = await HttpSink.open({
        answer: ({ ids }) => answerOf(ids.length),
        taken: (ids) => {
          arrived.push(...ids.filter((id) => oracle.times(id) === 0));
          oracle.arrived(ids);
        },
      });
      onTestFinished(() => sink.close());
      const [http] = (await freePorts(1)) as [number];
      const batch = { flush_timeout: '20ms', min_size: 50, max_size: 100 };
      const sending_queue = { ordered: true, queue_size: 100_000, batch };
      const config = gatewayConfig({
        http,
        exporters: { otlp_http: { endpoint: sink.url, sending_queue } },
        storage: folder(),
      });
      const sender = new Sender(oracle, http);
      onTestFinished(() => sender.close());
      for (let kill = 0; kill < 4; kill++) {
        const sluice = SluiceProcess.start(config);
        await sluice.ready();
        // One after the other, so that the order of the ids is the order in which they were taken.
        for (let request = 0; request < 25; request++) await sender.send(20);
        const under = sender.send(20);
        await sleep(Math.random() * 30);
        await sluice.kill();
        await under;
      }
      const last = SluiceProcess.start(config);
      await last.ready();
      await eventually(
        () => `the arrival of ${oracle.missing().length} records`,
        () => (oracle.missing().length === 0 ? true : undefined),
        60_000,
      );
      expect(arrived.length).toBeGreaterThanOrEqual(2000);
      expect(arrived).toEqual(arrived.toSorted((a, b) => a - b));
      expect(oracle.tally()).toMatchObject({ lost: 0 });
    },
  );
});
