import { once } from 'node:events';
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { Oracle } from './oracle.ts';
import { folder, SluiceProcess } from './process.ts';
import { requestOf } from './records.ts';

/** `SLUICE_BACKLOG_GB=10` for ten gigabytes; TMPDIR chooses the disk. */
const gigabytes = Number(process.env['SLUICE_BACKLOG_GB'] ?? 0);
/** How long a rate is measured, in seconds. */
const measured = 15;

const size = 200_000;
const marker = Buffer.from('id=');
const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Looks for no more than the id, so that the test costs little beside what it measures. */
async function leanSink(port: number, oracle: Oracle) {
  let taken = 0;
  const server = createServer((request, response) => {
    let id = -1;
    request.on('data', (chunk: Buffer) => {
      if (id !== -1) return;
      const at = chunk.indexOf(marker) + marker.length;
      id = Number(chunk.toString('latin1', at, at + 12));
    });
    request.on('end', () => {
      oracle.arrived([id]);
      taken += 1;
      response.end();
    });
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { taken: () => taken };
}

/** Sends requests of one large record each. */
class LeanSender {
  private readonly oracle: Oracle;
  private readonly pool: Pool;
  private readonly body = requestOf([0], size);
  private readonly digits = this.body.indexOf(marker) + marker.length;
  acked = 0;

  constructor(oracle: Oracle, port: number) {
    this.oracle = oracle;
    this.pool = new Pool(`http://127.0.0.1:${port}`, { connections: 8 });
    onTestFinished(() => this.pool.destroy());
  }

  /** Eight workers, as long as `more` says so; `perSecond` of all together. Gives the waits for an OK in milliseconds. */
  async press(more: () => boolean, perSecond = Infinity): Promise<number[]> {
    const waits: number[] = [];
    const begun = performance.now();
    let sent = 0;
    const work = async (): Promise<void> => {
      while (more()) {
        const dueMs = (sent++ / perSecond) * 1000;
        const early = dueMs - (performance.now() - begun);
        if (early > 0) await sleep(early / 1000);
        waits.push(await this.send());
      }
    };
    await Promise.all(Array.from({ length: 8 }, work));
    return waits.toSorted((a, b) => a - b);
  }

  private async send(): Promise<number> {
    const ids = this.oracle.take(1);
    const body = Buffer.from(this.body);
    body.write(String(ids[0]).padStart(12, '0'), this.digits, 'latin1');
    const since = performance.now();
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await this.pool.request({ method: 'POST', path: '/v1/logs', headers, body });
    await answer.body.dump();
    if (answer.statusCode === 200) {
      this.oracle.acked(ids);
      this.acked += 1;
    }
    return performance.now() - since;
  }
}

/** Acks a second, and the wait of the slowest hundredth. */
async function rate(sender: LeanSender, perSecond?: number): Promise<{ readonly acks: number; readonly p99: number }> {
  const until = performance.now() + measured * 1000;
  const before = sender.acked;
  const waits = await sender.press(() => performance.now() < until, perSecond);
  return { acks: (sender.acked - before) / measured, p99: waits[Math.floor(waits.length * 0.99)] ?? NaN };
}

describe.skipIf(gigabytes === 0)(`a backlog of ${gigabytes} GB`, () => {
  it(
    'fault 12: drains in bounded memory, and what arrives meanwhile hardly notices',
    { timeout: 1_800_000 },
    async () => {
      const oracle = new Oracle();
      const [http, port] = (await freePorts(2)) as [number, number];
      const sending_queue = { sizer: 'bytes', queue_size: 4 * gigabytes * 1e9 };
      const exporters = { otlp_http: { endpoint: `http://127.0.0.1:${port}`, sending_queue } };
      const config = gatewayConfig({ http, storage: folder(), exporters });
      const first = SluiceProcess.start(config);
      await first.ready();
      const sender = new LeanSender(oracle, http);
      const filling = performance.now();
      const requests = (gigabytes * 1e9) / size;
      await sender.press(() => sender.acked < requests);
      const filled = (gigabytes * 1000) / ((performance.now() - filling) / 1000);
      await first.kill();

      const second = SluiceProcess.start(config);
      const ready = await second.ready();
      const sink = await leanSink(port, oracle);
      await eventually(
        () => 'the first arrival',
        () => (sink.taken() > 0 ? true : undefined),
      );
      const draining = performance.now();
      const [takenBefore, ackedBefore] = [sink.taken(), sender.acked];
      const during = await rate(sender);
      const pace = during.acks / 2;
      const duringPaced = await rate(sender, pace);
      expect(oracle.missing().length, 'the backlog was over before the rates were measured').toBeGreaterThan(100);
      await eventually(
        () => `the arrival of ${oracle.missing().length}`,
        () => (oracle.missing().length === 0 ? true : undefined),
        1_500_000,
      );
      const drained = ((sink.taken() - takenBefore) * size) / 1e6 / ((performance.now() - draining) / 1000);
      const { peak } = second.memory();
      const after = await rate(sender);
      const afterPaced = await rate(sender, pace);
      const shown = ({ acks, p99 }: { acks: number; p99: number }): string =>
        `${acks.toFixed()}/s p99 ${p99.toFixed()} ms`;
      console.log(
        `${gigabytes} GB: filled at ${filled.toFixed()} MB/s, ready after ${ready.toFixed()} ms, drained at ${drained.toFixed()} MB/s ` +
          `with ${sender.acked - ackedBefore} requests arriving, at most ${peak.toFixed()} MiB resident; ` +
          `as much as goes: ${shown(during)} while it drains, ${shown(after)} afterwards; half of it: ${shown(duringPaced)}, ${shown(afterPaced)}`,
      );
      expect(oracle.missing().length).toBeLessThan(100);
      expect(peak).toBeLessThan(200);
      expect(duringPaced.acks).toBeGreaterThan(0.8 * afterPaced.acks);
      expect(during.acks).toBeGreaterThan(0.8 * after.acks);
    },
  );
});
