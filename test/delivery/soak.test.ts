import { describe, expect, it, onTestFinished } from 'vitest';
import { freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { HttpSink } from './http-sink.ts';
import { Oracle } from './oracle.ts';
import { SluiceProcess } from './process.ts';
import { Sender } from './sender.ts';

/** `SLUICE_SOAK=60` for a minute. */
const seconds = Number(process.env['SLUICE_SOAK'] ?? 0);

const perSecond = 100;
const consumers = 10;

describe.skipIf(seconds === 0)('three times what the destination takes', () => {
  it(
    `fault 17: is held back for ${seconds} s in memory that does not grow`,
    { timeout: (seconds + 60) * 1000 },
    async () => {
      const oracle = new Oracle();
      const sink = await HttpSink.open({
        answer: () => ({ delay: (consumers / perSecond) * 1000 }),
        taken: (ids) => oracle.arrived(ids),
      });
      onTestFinished(() => sink.close());
      const [http] = (await freePorts(1)) as [number];
      const sending_queue = { num_consumers: consumers, queue_size: 200 };
      const sluice = SluiceProcess.start(
        gatewayConfig({ http, exporters: { otlp_http: { endpoint: sink.url, sending_queue } } }),
      );
      await sluice.ready();
      const sender = new Sender(oracle, http, 1024);
      onTestFinished(() => sender.close());
      const statuses = new Map<number, number>();
      const resident: number[] = [];
      const begun = performance.now();
      let sent = 0;
      const under: Promise<unknown>[] = [];
      while (performance.now() - begun < seconds * 1000) {
        const due = ((performance.now() - begun) / 1000) * 3 * perSecond;
        for (; sent < due; sent++) {
          under.push(sender.send(100, 250).then(({ status }) => statuses.set(status, (statuses.get(status) ?? 0) + 1)));
        }
        if (resident.length < (performance.now() - begun) / 1000) resident.push(sluice.memory().now);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await Promise.all(under);
      const { lost } = oracle.tally();
      const third = Math.floor(resident.length / 3);
      const [middle, late] = [Math.max(...resident.slice(third, 2 * third)), Math.max(...resident.slice(2 * third))];
      const figures = resident.filter((_, second) => second % 10 === 0).map((mebibytes) => mebibytes.toFixed());
      console.log(
        `${sent} requests of 100 records: ${JSON.stringify([...statuses])}; resident every 10 s: ${figures.join(' ')} MiB, peak ${sluice.memory().peak.toFixed()}`,
      );
      expect(lost).toBe(0);
      expect(statuses.get(503)).toBeGreaterThan(0);
      // The collector of garbage takes half a minute to find its size.
      expect(late).toBeLessThan(middle + 40);
      expect(late).toBeLessThan(300);
    },
  );
});
