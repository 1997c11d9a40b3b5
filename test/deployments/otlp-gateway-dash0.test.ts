import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { distribution } from '../../plugins/index.ts';
import { createRegistry, formatDiagnostics, loadConfig, type Configuration } from '../../src/config/index.ts';
import { CertificateDirectory, hasOpenssl } from '../../src/transport/tls/test-certificates.ts';
import { folder } from '../delivery/process.ts';
import { found } from '../delivery/tools.ts';
import { eventually as within } from '../interop/program.ts';
import type { Protocol } from '../interop/sdk/javascript.ts';
import { runApplication } from './application.ts';
import { openGrpcStandIn, openHttpStandIn, type StandIn, type StandInOptions } from './dash0-stand-in.ts';
import { pipeline, startGateway, type Surroundings } from './otlp-gateway-dash0.ts';
import { attributesOf, pointsOf, receivedIn, type Received } from './received.ts';

const token = 'auth_q1W2e3R4t5Z6';
const dataset = 'production';
/** The machine may be busy: a start then takes many seconds. */
const eventually = <T>(what: () => string, check: () => T | undefined | Promise<T | undefined>): Promise<T> =>
  within(what, check, 40_000);

const protocols: readonly Protocol[] = ['http/protobuf', 'http/json', 'grpc'];

describe('the file', () => {
  const env = {
    DASH0_ENDPOINT: 'https://ingress.eu-west-1.aws.dash0.com:4317',
    DASH0_AUTH_TOKEN: token,
    SERVICE_NAME: 'gateway',
    SERVICE_INSTANCE_ID: 'machine-1',
  };
  const sources = [{ name: 'gateway.yaml', text: readFileSync(pipeline, 'utf8') }];
  const load = (given: Readonly<Record<string, string>>) =>
    loadConfig(sources, createRegistry(distribution), { env: given, readFile: () => '' });

  it('has the ports, probes and settings of the deployment', () => {
    const { configuration, diagnostics } = load(env);
    expect(diagnostics).toEqual([]);
    const { receivers, processors, exporters, extensions } = configuration as Configuration;
    const all = new Map([...receivers, ...processors, ...exporters, ...extensions]);
    const options = (id: string): unknown => all.get(id)?.config;
    expect(options('otlp')).toMatchObject({
      protocols: { grpc: { endpoint: '0.0.0.0:4317' }, http: { endpoint: '0.0.0.0:4318' } },
    });
    expect(options('batch')).toMatchObject({ timeout: 10_000, send_batch_size: 100 });
    expect(options('resource')).toMatchObject({
      attributes: [
        { key: 'service.instance.id', action: 'upsert', value: 'machine-1' },
        { key: 'service.name', action: 'upsert', value: 'gateway' },
      ],
    });
    expect(options('dash0')).toMatchObject({ endpoint: env.DASH0_ENDPOINT, protocol: 'grpc', dataset: 'default' });
    expect(options('health_check')).toMatchObject({ endpoint: '0.0.0.0:13133', path: '/' });
    expect(configuration?.service.telemetry.metrics.prometheus).toEqual({ host: '0.0.0.0', port: 8888 });
  });

  it('holds no secret, and says which variable is missing', () => {
    expect(readFileSync(pipeline, 'utf8')).not.toMatch(/auth_\w{3}/);
    for (const name of Object.keys(env)) {
      const { diagnostics } = load(Object.fromEntries(Object.entries(env).filter(([key]) => key !== name)));
      expect(JSON.stringify(diagnostics)).toContain(`the environment variable ${name} is not set`);
    }
  });

  it.each([
    ['', 'the token is empty'],
    ['Bearer auth_s3cr3t', 'begins with "Bearer "'],
    ['"auth_s3cr3t"', 'in quotes'],
    ['eyJhbGciOiJIUzI1NiJ9.s3cr3t.c2ln', 'an OAuth token'],
  ])('says what is wrong with the token %j, and does not show it', (wrong, why) => {
    const { configuration, diagnostics } = load({ ...env, DASH0_AUTH_TOKEN: wrong });
    const text = formatDiagnostics(diagnostics, sources);
    expect(configuration).toBeUndefined();
    expect(text).toContain(`exporters.dash0.token: `);
    expect(text).toContain(why);
    expect(text).not.toContain('s3cr3t');
  });
});

describe.skipIf(!hasOpenssl)('deployment C (needs openssl)', { timeout: 120_000 }, () => {
  const certificates = new CertificateDirectory();
  afterAll(() => certificates.remove());
  const authority = certificates.authority('authority');
  const { cert, key } = certificates.sign(authority, 'ingress', '127.0.0.1');

  type Open = (options: StandInOptions) => Promise<StandIn>;
  async function standIn(options: Partial<StandInOptions> = {}, open: Open = openGrpcStandIn) {
    const received: Received[] = [];
    const taken: StandInOptions['taken'] = (signal, request) => received.push(...receivedIn(signal, request));
    const stand = await open({ cert, key, token, dataset, taken, ...options });
    onTestFinished(() => stand.close());
    return { ...stand, received, of: (signal: string) => received.filter((each) => each.signal === signal) };
  }

  function surroundings(port: number, more: Partial<Surroundings> = {}): Surroundings {
    return {
      DASH0_ENDPOINT: `https://127.0.0.1:${port}`,
      DASH0_AUTH_TOKEN: token,
      DASH0_DATASET: dataset,
      NODE_EXTRA_CA_CERTS: authority.cert,
      ...more,
    };
  }

  it.each(protocols)(
    'brings traces, metrics, logs, events and errors from the SDK to Dash0, over %s',
    async (protocol) => {
      const dash0 = await standIn();
      const gateway = await startGateway(surroundings(dash0.port));
      const { http, grpc } = gateway;
      const workload = { jobs: 2000, errors: 40, others: 200 };
      await runApplication(protocol, protocol === 'grpc' ? grpc : http, 'a', workload);
      await eventually(
        () => `the arrival of everything (${dash0.received.length} came; ${gateway.process.program.output()})`,
        () =>
          (dash0.of('logs').length >= 2040 && dash0.of('metrics').length >= 3 && others().length >= 200) || undefined,
      );
      expect(dash0.refused.size).toBe(0);

      const spans = dash0.of('traces');
      function named(name: string): Received[] {
        return dash0.of('traces').filter(({ message }) => message['name'] === name);
      }
      function others(): Received[] {
        return named('machine.health');
      }
      expect(distinct(others())).toBe(200);
      const failed = spans.filter(
        ({ message, attributes }) =>
          (message['status'] as { code?: number })?.code === 2 || attributes.has('error.type'),
      );
      expect(distinct(failed)).toBe(40);
      expect(JSON.stringify(failed[0]?.message['events'])).toContain('exception.stacktrace');
      const sampled = named('http.requests').filter((span) => !failed.includes(span));
      const jobs = named('job.processing');
      expectAbout(sampled.length, 2000, 0.01);
      expectAbout(jobs.length, 2000, 0.1);
      const traces = new Set(jobs.map(({ traceId }) => traceId));
      expect(sampled.every(({ traceId }) => traces.has(traceId))).toBe(true);

      const logs = dash0.of('logs');
      expect(distinct(logs)).toBe(2040);
      const event = logs.find(({ attributes }) => attributes.get('job_id') === 'a-7');
      expect(event?.message['eventName']).toBe('job_completed');
      expect(Object.fromEntries(event?.attributes ?? [])).toEqual({
        job_id: 'a-7',
        correlation_id: 'req-7',
        machine_id: 'm-1',
        worker_id: 'w-1',
        duration: 0.7,
      });
      expect(event?.traceId).toMatch(/^[0-9a-f]{32}$/);
      const kept = jobs[0];
      const ofTheSameJob = logs.find(({ attributes }) => attributes.get('job_id') === kept?.attributes.get('job_id'));
      expect(ofTheSameJob?.traceId).toBe(kept?.traceId);
      const error = logs.find(({ attributes }) => attributes.get('job_id') === 'a-failed-3');
      expect([error?.message['severityNumber'], error?.attributes.get('exception.type')]).toEqual([17, 'TypeError']);

      const metrics = new Map(dash0.of('metrics').map((metric) => [metric.message['name'], metric]));
      expect(new Set(metrics.keys())).toEqual(new Set(['job.duration', 'jobs.completed', 'queue.depth']));
      for (const metric of metrics.values()) {
        const [point] = pointsOf(metric);
        expect(attributesOf(point ?? {}).get('job_id')).toBe('a');
      }
      expect(metrics.get('jobs.completed')?.message['sum']).toMatchObject({ isMonotonic: true });
      expect(Number(pointsOf(metrics.get('job.duration') as Received)[0]?.['count'])).toBe(3);

      for (const { resource } of dash0.received) {
        expect(resource.get('service.name')).toBe('gateway');
        expect(resource.get('service.instance.id')).toBe('machine-1');
      }
    },
  );

  it.skipIf(!found('curl'))('answers an empty request of each signal with 200', async () => {
    const dash0 = await standIn();
    const { http } = await startGateway(surroundings(dash0.port));
    for (const [path, body] of [
      ['traces', '{"resourceSpans": []}'],
      ['metrics', '{"resourceMetrics": []}'],
      ['logs', '{"resourceLogs": []}'],
    ]) {
      const args = ['-sS', '-w', ' %{http_code}', '-H', 'content-type: application/json', '-d', body as string];
      const { stdout } = await promisify(execFile)('curl', [...args, `${http}/v1/${path}`]);
      expect(stdout).toBe('{} 200');
    }
    expect(dash0.received).toEqual([]);
  });

  it('has a health probe, and metrics with the names that people look for', async () => {
    const dash0 = await standIn();
    const { http, health, metrics } = await startGateway(surroundings(dash0.port));
    expect((await fetch(health)).status).toBe(200);
    await runApplication('http/protobuf', http, 'a', { jobs: 10, errors: 1, others: 0 });
    const page = await eventually(
      () => 'metrics of what was sent',
      async () => {
        const text = await (await fetch(metrics)).text();
        return /otelcol_exporter_sent_log_records\S* 11\b/.test(text) ? text : undefined;
      },
    );
    for (const name of [
      'otelcol_receiver_accepted_spans',
      'otelcol_receiver_accepted_metric_points',
      'otelcol_receiver_accepted_log_records',
      'otelcol_exporter_sent_spans',
      'otelcol_exporter_sent_metric_points',
      'otelcol_exporter_queue_size',
      'otelcol_exporter_queue_capacity',
      'otelcol_processor_incoming_items',
      'otelcol_dropped_items',
      'otelcol_process_uptime',
      'otelcol_process_memory_rss',
    ])
      expect(page).toContain(`\n${name}`);
  });

  it('keeps data while Dash0 refuses the token, says why, and delivers it with another one', async () => {
    const dash0 = await standIn();
    const storage = folder();
    const wrong = 'auth_0000000000';
    const first = await startGateway(
      surroundings(dash0.port, { SLUICE_STORAGE: storage, DASH0_AUTH_TOKEN: wrong, DASH0_DATASET: 'production' }),
    );
    await runApplication('grpc', first.grpc, 'a', { jobs: 20, errors: 0, others: 20 });
    await eventually(
      () => 'a refusal',
      () => ((dash0.refused.get('token') ?? 0) >= 3 ? true : undefined),
    );
    const said = await eventually(
      () => 'a word about it',
      () => (first.process.program.output().includes('Dash0 does not know the token') ? true : undefined),
    );
    expect(said).toBe(true);
    first.process.signal('SIGTERM');
    const { output } = await first.process.ended(20_000);
    expect(output).not.toContain(wrong);
    expect(dash0.received).toEqual([]);

    await startGateway(surroundings(dash0.port, { SLUICE_STORAGE: storage }));
    await eventually(
      () => `the arrival (${dash0.received.length})`,
      () =>
        (distinct(dash0.of('logs')) === 20 && distinct(dash0.of('traces')) >= 20 && dash0.of('metrics').length >= 3) ||
        undefined,
    );
  });

  it('says that a token is restricted to a dataset, where none is named', async () => {
    const dash0 = await standIn();
    const { DASH0_DATASET: _, ...env } = surroundings(dash0.port);
    const { http, process } = await startGateway(env);
    await runApplication('http/json', http, 'a', { jobs: 1, errors: 0, others: 0 });
    await eventually(
      () => `a word about the dataset: ${process.program.output()}`,
      () =>
        process.program
          .output()
          .includes('PERMISSION_DENIED: not for this dataset; the token may not send to the dataset \\"default\\"') ||
        undefined,
    );
    expect(dash0.refused.get('dataset')).toBeGreaterThan(0);
    expect(dash0.refused.has('token')).toBe(false);
  });

  it('sends no header for the default dataset', async () => {
    const dash0 = await standIn({ dataset: undefined as never });
    const { http } = await startGateway(surroundings(dash0.port, { DASH0_DATASET: 'default' }));
    await runApplication('http/json', http, 'a', { jobs: 5, errors: 0, others: 0 });
    await eventually(
      () => 'the arrival',
      () => (dash0.of('logs').length === 5 ? true : undefined),
    );
    expect(dash0.refused.size).toBe(0);
  });

  it('works with otlp_grpc, as the comment of the file has it', async () => {
    const dash0 = await standIn();
    const commented = /^# {3}otlp_grpc:\n(?:# {5}.*\n)+/m.exec(readFileSync(pipeline, 'utf8'))?.[0] ?? '';
    const overlay = overlayWith(commented.replaceAll(/^# ?/gm, ''), 'otlp_grpc');
    const { http } = await startGateway(surroundings(dash0.port), ['--config', overlay]);
    await expectArrival(http, dash0);
  });

  it('works with otlp_http and the two headers, as users write it', async () => {
    const dash0 = await standIn({}, openHttpStandIn);
    const overlay = overlayWith(
      `
  otlphttp:
    endpoint: \${env:DASH0_ENDPOINT}
    headers:
      Authorization: "Bearer \${env:DASH0_AUTH_TOKEN}"
      Dash0-Dataset: \${env:DASH0_DATASET}
`,
      'otlphttp',
    );
    const { http } = await startGateway(surroundings(dash0.port), ['--config', overlay]);
    await expectArrival(http, dash0);
  });

  it('works over HTTP with `protocol: http`', async () => {
    const dash0 = await standIn({}, openHttpStandIn);
    const { http } = await startGateway(surroundings(dash0.port), ['--set', 'exporters.dash0.protocol=http']);
    await expectArrival(http, dash0);
  });

  /** A file to lay over the pipeline, with another exporter in place of `dash0`. */
  function overlayWith(exporter: string, id: string): string {
    const path = join(folder(), 'overlay.yaml');
    const pipelines = ['traces', 'metrics', 'logs'].map((signal) => `    ${signal}: { exporters: [${id}] }\n`).join('');
    writeFileSync(path, `exporters:\n${exporter}\nservice:\n  pipelines:\n${pipelines}`);
    return path;
  }

  async function expectArrival(http: string, dash0: Awaited<ReturnType<typeof standIn>>): Promise<void> {
    await runApplication('http/protobuf', http, 'a', { jobs: 5, errors: 5, others: 5 });
    await eventually(
      () => `the arrival (${dash0.received.length})`,
      () =>
        (dash0.of('logs').length === 10 && distinct(dash0.of('traces')) >= 10 && dash0.of('metrics').length >= 3) ||
        undefined,
    );
    expect(dash0.refused.size).toBe(0);
  }
});

/** How many different jobs there are. */
function distinct(records: readonly Received[]): number {
  return new Set(records.map(({ attributes }) => attributes.get('job_id'))).size;
}

/** Within five standard deviations: one run in a million is outside by chance. */
function expectAbout(count: number, of: number, share: number): void {
  const deviation = Math.sqrt(of * share * (1 - share));
  expect(count).toBeGreaterThan(of * share - 5 * deviation);
  expect(count).toBeLessThan(of * share + 5 * deviation);
}
