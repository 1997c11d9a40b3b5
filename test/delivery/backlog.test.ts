import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Pool } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openQueue, queueDirectory } from '../../src/engine/durable/index.ts';
import { writeHeader } from '../../src/engine/export/durable-header.ts';
import { ownerOf } from '../../src/engine/export/durable-storage.ts';
import type { Batch } from '../../src/wire/index.ts';
import { eventually, freePorts } from '../interop/program.ts';
import { gatewayConfig } from './gateway.ts';
import { Oracle } from './oracle.ts';
import { folder, SluiceProcess } from './process.ts';
import { requestOf } from './records.ts';

/** `SLUICE_BACKLOG_GB=10` for ten gigabytes, best with `SLUICE_PROGRAM` as in process.ts; TMPDIR chooses the disk. */
const gigabytes = Number(process.env['SLUICE_BACKLOG_GB'] ?? 0);
/** How long a rate is measured, in seconds. */
const measured = 15;

const size = 200_000;
const marker = Buffer.from('id=');
const sleep = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** A process of its own; resolves when it listens. */
async function leanSink(port: number, oracle: Oracle) {
  let taken = 0;
  const sink = fork(new URL('backlog-sink.ts', import.meta.url), [String(port), marker.toString()]);
  onTestFinished(() => void sink.kill('SIGKILL'));
  await once(sink, 'message');
  sink.on('message', (ids: number[]) => {
    oracle.arrived(ids);
    taken += ids.length;
  });
  return { taken: () => taken };
}

const body = requestOf([0], size);
const digits = body.indexOf(marker) + marker.length;

/** A request of one large record. */
function requestWith(id: number): Buffer {
  const own = Buffer.from(body);
  own.write(String(id).padStart(12, '0'), digits, 'latin1');
  return own;
}

/** What a gateway leaves that took as much while its destination was away, without the hour that it would take. */
async function fill(storage: string, oracle: Oracle): Promise<void> {
  const owner = ownerOf({ component: 'exporter/otlp_http', signal: 'logs' });
  const queue = await openQueue({ directory: queueDirectory(storage, owner) });
  let left = (gigabytes * 1e9) / size;
  const append = async (): Promise<void> => {
    while (left-- > 0) {
      const ids = oracle.take(1);
      const batch: Batch = { signal: 'logs', bytes: requestWith(ids[0] as number), count: 1, meta: { receivedAt: 0 } };
      await queue.append({ header: writeHeader(batch), bytes: batch.bytes, items: 1 });
      oracle.acked(ids);
    }
  };
  await Promise.all(Array.from({ length: 32 }, append));
  await queue.close();
}

/** Eight workers that send one large record at a time. */
class LeanSender {
  private readonly oracle: Oracle;
  private readonly pool: Pool;
  acked = 0;

  constructor(oracle: Oracle, port: number) {
    this.oracle = oracle;
    this.pool = new Pool(`http://127.0.0.1:${port}`, { connections: 8 });
    onTestFinished(() => this.pool.destroy());
  }

  /** As long as `more` says so; `perSecond` of all together. Gives the waits for an OK in milliseconds, sorted. */
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
    const own = requestWith(ids[0] as number);
    const since = performance.now();
    const headers = { 'content-type': 'application/x-protobuf' };
    const answer = await this.pool.request({ method: 'POST', path: '/v1/logs', headers, body: own });
    await answer.body.dump();
    if (answer.statusCode === 200) {
      this.oracle.acked(ids);
      this.acked += 1;
    }
    return performance.now() - since;
  }
}

/** Acks a second, and the wait of the slowest hundredth. */
async function rate(
  sender: LeanSender,
  perSecond = Infinity,
): Promise<{ readonly acks: number; readonly p99: number }> {
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
      const storage = folder();
      const config = gatewayConfig({ http, storage, exporters });
      const filling = performance.now();
      await fill(storage, oracle);
      const filled = (gigabytes * 1000) / ((performance.now() - filling) / 1000);
      const sender = new LeanSender(oracle, http);

      const second = SluiceProcess.start(config);
      const ready = await second.ready();
      const { now: idle } = second.memory();
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
          `with ${sender.acked - ackedBefore} requests arriving, ${idle.toFixed()} MiB resident before, at most ${peak.toFixed()}; ` +
          `as much as goes: ${shown(during)} while it drains, ${shown(after)} afterwards; half of it: ${shown(duringPaced)}, ${shown(afterPaced)}`,
      );
      expect(oracle.missing().length).toBeLessThan(100);
      expect(peak).toBeLessThan(200);
      expect(during.acks).toBeGreaterThan(0.8 * after.acks);
      expect(duringPaced.acks).toBeGreaterThan(0.8 * afterPaced.acks);
    },
  );
});
