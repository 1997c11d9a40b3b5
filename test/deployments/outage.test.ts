import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { CertificateDirectory, hasOpenssl } from '../../src/transport/tls/test-certificates.ts';
import { Oracle } from '../delivery/oracle.ts';
import { idsIn } from '../delivery/records.ts';
import { eventually } from '../interop/program.ts';
import { openGrpcStandIn } from './dash0-stand-in.ts';
import { Fleet } from './fleet.ts';
import { startGateway } from './otlp-gateway-dash0.ts';

/**
 * What a gateway takes in an hour. The deployment names no rate; it is that of sixteen machines at the 1,000 records a minute
 * that a worker of deployment A has at its peak.
 */
const recordsOfAnHour = 1_000_000;
/** How long an hour takes here: `SLUICE_OUTAGE=600 npx vitest run test/deployments/outage` has all of it in ten minutes. */
const hourSeconds = Number(process.env['SLUICE_OUTAGE'] ?? 600);
/** Seconds of it that are run. */
const seconds = process.env['SLUICE_OUTAGE'] === undefined ? 12 : hourSeconds;

/** Longest time without an arrival once Dash0 is back: an attempt waits for up to 45 s. */
const stallMs = 90_000;

const limitMiB = 256e6 / 1024 ** 2;

describe.skipIf(!hasOpenssl)('deployment C (needs openssl)', () => {
  const certificates = new CertificateDirectory();
  afterAll(() => certificates.remove());

  it(
    `loses nothing, within 256 MB, while Dash0 is away for ${seconds} s at ${Math.round(recordsOfAnHour / hourSeconds)} records a second`,
    { timeout: (2 * seconds + 400) * 1000 },
    async () => {
      const oracle = new Oracle();
      let delivered = 0;
      const authority = certificates.authority('authority');
      const token = 'auth_q1W2e3R4t5Z6';
      const options = {
        ...certificates.sign(authority, 'ingress', '127.0.0.1'),
        token,
        dataset: 'production',
        taken(_signal: string, request: Buffer): void {
          const ids = idsIn(request);
          delivered += ids.filter((id) => oracle.times(id) === 0).length;
          oracle.arrived(ids);
        },
      };
      const before = await openGrpcStandIn(options);
      const { port } = before;
      const gateway = await startGateway({
        DASH0_ENDPOINT: `https://127.0.0.1:${port}`,
        DASH0_AUTH_TOKEN: token,
        DASH0_DATASET: 'production',
        NODE_EXTRA_CA_CERTS: authority.cert,
      });
      const fleet = new Fleet(oracle, gateway);
      onTestFinished(() => fleet.close());
      const resident: number[] = [];
      const sampler = setInterval(() => resident.push(gateway.process.memory().now), 250);
      onTestFinished(() => clearInterval(sampler));
      /** Waits for as long as something arrives. */
      const arrived = async (): Promise<number> => {
        const since = performance.now();
        while (delivered < fleet.acked) {
          const before = delivered;
          await eventually(
            () => `the arrival of any of ${fleet.acked - before} (${gateway.process.program.output().slice(-2000)})`,
            () => (delivered > before ? true : undefined),
            stallMs,
          );
        }
        return (performance.now() - since) / 1000;
      };

      await fleet.send(1000, 1000);
      await arrived();
      await before.close();
      await fleet.send((recordsOfAnHour / hourSeconds) * seconds, seconds * 1000);
      const away = { refused: [...fleet.refused], peak: Math.max(...resident), ...oracle.tally() };
      // The gateway works; a probe that said otherwise would have it restarted.
      expect((await fetch(gateway.health)).status).toBe(200);
      const after = await openGrpcStandIn({ ...options, port });
      onTestFinished(() => after.close());
      const caughtUp = await arrived();

      const tally = oracle.tally();
      const every = Math.ceil(resident.length / 20);
      console.log(
        [
          `Dash0 away for ${seconds} s: ${away.acked} of ${away.offered} records had their OK, refused ${JSON.stringify(away.refused)}`,
          `after: ${JSON.stringify(tally)}, caught up within ${caughtUp.toFixed(1)} s`,
          `resident MiB: ${resident
            .filter((_, i) => i % every === 0)
            .map(Math.round)
            .join(' ')}; most while away ${Math.round(away.peak)}, in all ${Math.round(gateway.process.memory().peak)}`,
          `CPU of the gateway: ${cpuSeconds(gateway.process.program.process.pid)} s`,
        ].join('\n'),
      );
      expect(tally).toMatchObject({ acked: tally.offered, delivered: tally.offered, lost: 0 });
      expect(after.refused.size).toBe(0);
      expect(gateway.process.memory().peak).toBeLessThan(limitMiB);
    },
  );
});

/** User and system time that a process has taken, in seconds. */
function cpuSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
