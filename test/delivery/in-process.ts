import { onTestFinished } from 'vitest';
import { distribution } from '../../plugins/index.ts';
import { createRegistry, loadConfig } from '../../src/config/index.ts';
import { Service } from '../../src/engine/index.ts';
import type { Clock } from '../../src/flow/index.ts';
import { createTransport } from '../../src/transport/index.ts';
import { freePorts } from '../interop/program.ts';
import { gatewayConfig, type Gateway } from './gateway.ts';

/** A gateway that runs in the test's own process: fast, and enough wherever nothing has to die. */
export interface InProcess {
  readonly service: Service;
  readonly http: number;
  readonly grpc: number;
  readonly log: readonly string[];
  /** The sum of a counter or gauge over the labels that are given. */
  readonly metric: (name: string, labels?: Readonly<Record<string, string>>) => number;
}

export async function startService(gateway: Omit<Gateway, 'http' | 'grpc'>, clock?: Clock): Promise<InProcess> {
  const [http, grpc] = (await freePorts(2)) as [number, number];
  const text = gatewayConfig({ ...gateway, http, grpc });
  const environment = { env: {}, readFile: () => '' };
  const { configuration, diagnostics } = loadConfig(
    [{ name: 'test.yaml', text }],
    createRegistry(distribution),
    environment,
  );
  if (configuration === undefined) throw new Error(JSON.stringify(diagnostics));
  const log: string[] = [];
  const service = new Service({
    configuration,
    createTransport,
    writeLog: (line) => log.push(line),
    ...(clock !== undefined && { clock }),
  });
  await service.start();
  onTestFinished(() => service.stop(0));
  const metric: InProcess['metric'] = (name, labels = {}) =>
    service
      .metrics()
      .filter((family) => family.name === name)
      .flatMap(({ samples }) => samples)
      .filter((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))
      .reduce((sum, { value }) => sum + value, 0);
  return { service, http, grpc, log, metric };
}
