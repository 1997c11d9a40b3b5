import { onTestFinished } from 'vitest';
import { folder, SluiceProcess } from '../delivery/process.ts';
import { freePorts, startSluice } from '../interop/program.ts';

export const pipeline = new URL('../../pipelines/otlp-gateway-dash0.yaml', import.meta.url).pathname;

/** What the file takes from the environment. */
export interface Surroundings {
  readonly DASH0_ENDPOINT: string;
  readonly DASH0_AUTH_TOKEN: string;
  readonly DASH0_DATASET?: string;
  readonly SERVICE_NAME?: string;
  readonly SERVICE_INSTANCE_ID?: string;
  readonly SLUICE_STORAGE?: string;
  /** File with the authority of the test's certificates, which Node then trusts as it does the public ones. */
  readonly NODE_EXTRA_CA_CERTS: string;
}

export interface Gateway {
  readonly process: SluiceProcess;
  /** URLs. */
  readonly grpc: string;
  readonly http: string;
  readonly metrics: string;
  readonly health: string;
}

/** Runs the very file as its own process. Only where it listens is changed, so that tests do not meet on one port. */
export async function startGateway(env: Surroundings, more: readonly string[] = []): Promise<Gateway> {
  const [grpc, http, metrics, health] = (await freePorts(4)) as [number, number, number, number];
  const sets = [
    `receivers.otlp.protocols.grpc.endpoint=127.0.0.1:${grpc}`,
    `receivers.otlp.protocols.http.endpoint=127.0.0.1:${http}`,
    `extensions.health_check.endpoint=127.0.0.1:${health}`,
    `service.telemetry.metrics.readers=[{pull: {exporter: {prometheus: {host: 127.0.0.1, port: ${metrics}}}}}]`,
  ];
  const args = ['run', '--config', pipeline, ...more, ...sets.flatMap((set) => ['--set', set])];
  const defaults = { SERVICE_NAME: 'gateway', SERVICE_INSTANCE_ID: 'machine-1', SLUICE_STORAGE: folder() };
  const process = new SluiceProcess(startSluice(args, { ...defaults, ...env }));
  onTestFinished(() => process.kill());
  // On a busy machine a start takes long.
  await process.ready(120_000);
  return {
    process,
    grpc: `http://127.0.0.1:${grpc}`,
    http: `http://127.0.0.1:${http}`,
    metrics: `http://127.0.0.1:${metrics}/metrics`,
    health: `http://127.0.0.1:${health}/`,
  };
}
