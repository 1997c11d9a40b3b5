import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { gatewayConfig } from '../../delivery/gateway.ts';
import { Oracle } from '../../delivery/oracle.ts';
import { folder, SluiceProcess } from '../../delivery/process.ts';
import { Sender } from '../../delivery/sender.ts';
import { eventually, freePorts } from '../program.ts';
import { collector, CollectorSink } from './collector-sink.ts';

const isRoot = process.getuid?.() === 0;
const name = 'collectors.test';
/** How long the exporter waits for an answer, in milliseconds. */
const patience = 5000;

/** Sluice before three Collectors whose name is looked up in a file of the test's, and a sender. */
async function gateway(transport: string) {
  const [http, port] = (await freePorts(2)) as [number, number];
  const hosts = join(folder(), 'hosts');
  const point = (addresses: readonly string[]): void =>
    writeFileSync(hosts, addresses.map((address) => `${address} ${name}\n`).join(''));
  const open = (last: number): Promise<CollectorSink> => CollectorSink.start(`127.0.0.${last}`, port);
  const sinks = [await open(1), await open(2), await open(3)] as const;
  point(sinks.map(({ address }) => address));
  const exporter = {
    endpoint: `dns:///${name}:${port}`,
    balancer_name: 'round_robin',
    tls: { insecure: true },
    transport,
    timeout: `${patience}ms`,
  };
  const bind = 'mount --bind "$0" /etc/hosts && exec "$@"';
  const sluice = SluiceProcess.start(gatewayConfig({ http, exporters: { otlp_grpc: exporter } }), [
    'unshare',
    '--mount',
    'sh',
    '-c',
    bind,
    hosts,
  ]);
  await sluice.ready();
  const oracle = new Oracle();
  const sender = new Sender(oracle, http);
  onTestFinished(() => sender.close());
  /** How many of so many requests had to be tried again after the time of the first was over. */
  const slowOf = async (requests: number): Promise<number> => {
    let slow = 0;
    for (let i = 0; i < requests; i++) {
      const { status, ms } = await sender.send(1);
      expect(status).toBe(200);
      if (ms >= patience) slow++;
    }
    return slow;
  };
  return { sinks, point, open, oracle, slowOf };
}

/** Waits until all of them have written what they were sent. */
async function allArrived(oracle: Oracle, sinks: readonly CollectorSink[]): Promise<void> {
  const arrived = (): Set<number> => new Set(sinks.flatMap((sink) => sink.ids()));
  const { acked } = oracle.tally();
  await eventually(
    () => `the arrival of ${acked} (${arrived().size} are there)`,
    () => arrived().size === acked || undefined,
  );
}

describe.skipIf(collector === undefined || !isRoot)(
  'balancer_name: round_robin, to Collectors on several addresses of a name (needs otelcol and root)',
  { timeout: 150_000 },
  () => {
    it.each([
      ['lean', 'SIGKILL', 0],
      ['lean', 'SIGSTOP', 1],
      ['grpc_js', 'SIGKILL', 0],
    ] as const)(
      '%s: each has its part, and one that gets %s holds up %i requests',
      async (transport, signal, mostSlow) => {
        const { sinks, oracle, slowOf } = await gateway(transport);
        await slowOf(10);
        await allArrived(oracle, sinks);
        const before = sinks.map((sink) => sink.ids().length);
        await slowOf(90);
        await allArrived(oracle, sinks);
        // Not to the last record: what a busy machine has come too late comes again, at another address.
        for (const [i, sink] of sinks.entries()) expect(sink.ids().length - (before[i] as number)).toBeGreaterThan(20);
        sinks[1].signal(signal);
        expect(await slowOf(90)).toBeLessThanOrEqual(mostSlow);
        await allArrived(oracle, sinks);
        expect(sinks.map((sink) => sink.ids().length).toSorted((a, b) => a - b)[0]).toBe(sinks[1].ids().length);
      },
    );

    it('an address that appears gets its part, and one that went gets nothing', async () => {
      const { sinks, point, open, oracle, slowOf } = await gateway('lean');
      await slowOf(30);
      await allArrived(oracle, sinks);
      const added = await open(4);
      const now = [sinks[0], sinks[2], added];
      point(now.map(({ address }) => address));
      await eventually(
        () => 'a record at the new address',
        async () => {
          await slowOf(3);
          return added.ids().length > 0 || undefined;
        },
        90_000,
      );
      await allArrived(oracle, [...sinks, added]);
      const before = [...now, sinks[1]].map((sink) => sink.ids().length);
      expect(await slowOf(90)).toBe(0);
      await allArrived(oracle, [...sinks, added]);
      const parts = [...now, sinks[1]].map((sink, i) => sink.ids().length - (before[i] as number));
      for (const part of parts.slice(0, 3)) expect(part).toBeGreaterThan(20);
      expect(parts[3]).toBe(0);
    });
  },
);
