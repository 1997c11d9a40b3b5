import { describe, expect, it } from 'vitest';
import { builtPeer, eventually, freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { HttpSink } from './http-sink.ts';
import { Oracle } from './oracle.ts';
import { folder, SluiceProcess } from './process.ts';
import { Sender } from './sender.ts';

/** `SLUICE_KILLS=200` for the long run. */
const kills = Number(process.env['SLUICE_KILLS'] ?? 10);
/** Longest time under load before a kill, in milliseconds. */
const longest = Number(process.env['SLUICE_ROUND_MS'] ?? 600);
/** Records in a request. */
const count = Number(process.env['SLUICE_KILL_RECORDS'] ?? 25);
/** `SLUICE_KILL_PEER=1` kills the Collector as often, to compare the tallies. */
const collector = process.env['SLUICE_KILL_PEER'] === undefined ? undefined : builtPeer('otelcol');

/**
 * What was delivered this long before a kill may be delivered again: its answer was still on its way, or not yet read by a
 * process that has much to do. How far the queue is consumed is noted as soon as an answer was read.
 */
const windowMs = 200;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const between = (low: number, high: number): number => low + Math.random() * (high - low);

/** Arrivals of late, for the bound on duplicates. */
class Recent {
  private arrivals: { readonly at: number; readonly count: number }[] = [];

  add(count: number): void {
    this.arrivals.push({ at: performance.now(), count });
  }

  /** Records that arrived within the window before now; forgets the rest. */
  take(): number {
    const since = performance.now() - windowMs;
    return this.arrivals
      .splice(0)
      .filter(({ at }) => at >= since)
      .reduce((sum, { count }) => sum + count, 0);
  }
}

interface System {
  readonly name: string;
  readonly start: (config: string) => SluiceProcess;
}

const systems: System[] = [{ name: 'Sluice', start: (config) => SluiceProcess.start(config) }];
if (collector !== undefined) {
  systems.push({ name: 'the Collector', start: (config) => SluiceProcess.startCollector(collector, config) });
}

describe.each(systems)('a durable queue of $name', ({ name, start }) => {
  it(
    `fault 1: loses nothing that was acked when it is killed ${kills} times at random under load`,
    {
      timeout: 60_000 + kills * (20_000 + longest),
    },
    async () => {
      const oracle = new Oracle();
      const recent = new Recent();
      let away = false;
      const sink = await HttpSink.open({
        // Away by refusing or by hanging up, in turns.
        answer: ({ ids }) =>
          !away ? {} : ids.length % 2 === 0 ? { status: 503 } : { raw: (request) => request.socket.destroy() },
        taken: (ids) => {
          if (away) return;
          oracle.arrived(ids);
          recent.add(ids.length);
        },
      });
      const toggle = setInterval(() => (away = Math.random() < 0.4), 150);
      const [http] = (await freePorts(1)) as [number];
      const batch = { flush_timeout: '20ms', min_size: 8 * count, max_size: 20 * count };
      const exporters = {
        otlp_http: { endpoint: sink.url, sending_queue: { sizer: 'items', queue_size: 200 * count, batch } },
      };
      const fresh = await start(gatewayConfig({ http, exporters, storage: folder() })).firstStart();
      const config = gatewayConfig({ http, exporters, storage: folder() });
      const sender = new Sender(oracle, http);
      const starts: number[] = [];
      let allowed = 0;
      for (let kill = 0; kill < kills; kill++) {
        const program = start(config);
        // Some die while they start: what a start does must not be the hole.
        if (kill % 5 === 4) await sleep(between(200, 700));
        else {
          starts.push(await program.ready());
          const pressing = new AbortController();
          const pressed = sender.press({ signal: pressing.signal, workers: 8, count });
          await sleep(between(50, longest));
          await program.kill();
          pressing.abort();
          await pressed;
        }
        await program.kill();
        allowed += recent.take();
      }
      clearInterval(toggle);
      away = false;
      const last = start(config);
      starts.push(await last.ready());
      await eventually(
        () => `the arrival of ${oracle.missing().length} records, the first of them ${oracle.missing()[0]},`,
        () => (oracle.missing().length === 0 ? true : undefined),
        30_000,
      );
      last.signal('SIGTERM');
      expect((await last.ended()).code).toBe(0);
      await sender.close();
      await sink.close();
      const tally = oracle.tally();
      const part = ((tally.duplicated / tally.delivered) * 100).toFixed(3);
      console.log(`${name}, ${kills} kills: ${JSON.stringify(tally)}; ${part} % twice, allowed ${allowed} records`);
      expect(tally.lost).toBe(0);
      expect(tally.acked).toBeGreaterThan(kills * count);
      if (name !== 'Sluice') return;
      expect(tally.duplicated).toBeLessThanOrEqual(allowed);
      // Two seconds, or twice what a start without a queue takes on a machine that has much else to do.
      expect(starts.toSorted((a, b) => a - b)[Math.floor(starts.length / 2)]).toBeLessThan(Math.max(2000, 2 * fresh));
    },
  );
});
