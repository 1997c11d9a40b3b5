import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SluiceProcess } from '../../delivery/process.ts';
import { credentials } from './bucket.ts';

/** The configuration of a gateway for logs, from OTLP to S3; JSON is YAML, too. */
export function gatewayTo(s3: object, http: number): string {
  return JSON.stringify({
    receivers: { otlp: { protocols: { http: { endpoint: `127.0.0.1:${http}` } } } },
    exporters: { awss3: { retry_on_failure: { initial_interval: '100ms', max_interval: '500ms' }, ...s3 } },
    service: {
      telemetry: { metrics: { level: 'none' } },
      pipelines: { logs: { receivers: ['otlp'], exporters: ['awss3'] } },
    },
  });
}

/** Starts it as a process of its own, with the credentials of the server. */
export async function startGateway(config: string): Promise<SluiceProcess> {
  const names = Object.entries(credentials).map(([name, value]) => `${name}=${value}`);
  const sluice = SluiceProcess.start(config, ['env', ...names]);
  await sluice.ready(120_000);
  return sluice;
}

/** How many files are staged. */
export function stagedIn(directory: string): number {
  const folder = join(directory, 'awss3');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.stage')).length : 0;
}
