import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defineExporter,
  defineReceiver,
  grpcServer,
  httpClientFields,
  type Secret,
  secret,
  secretHeaders,
  z,
} from '../plugin/index.ts';
import type { Configuration } from './configuration.ts';
import { file, marks, surroundings } from './fixture.ts';
import { formatDiagnostics } from './format.ts';
import { loadConfig, readPluginNames } from './load.ts';
import { createRegistry } from './registry.ts';
import type { ConfigSource } from './source.ts';

const values = z.union([z.string(), z.number(), z.boolean()]);

const registry = createRegistry([
  defineReceiver({
    type: 'in',
    summary: 'In.',
    signals: ['logs'],
    sharing: 'port',
    config: z.strictObject({
      grpc: grpcServer('localhost:4317').optional(),
      list: z.array(z.string()).default([]),
      attributes: z.record(z.string(), values).default({}),
      name: z.string().default('none'),
      port: z.number().default(1),
    }),
    start: () => {},
  }),
  defineExporter({
    type: 'out',
    aliases: ['output'],
    summary: 'Out.',
    signals: ['logs'],
    timeout: '30s',
    config: z.strictObject({
      ...httpClientFields,
      endpoint: z.string().default('x'),
      password: secret().optional(),
      extra: secretHeaders().default({}),
    }),
    start: () => ({ send: async () => {} }),
  }),
  defineExporter({
    type: 'direct',
    summary: 'Direct.',
    delivery: 'direct',
    signals: ['logs'],
    config: z.strictObject({}),
    start: () => ({ send: async () => {} }),
  }),
]);

const service = 'service: {pipelines: {logs/a: {receivers: [in], exporters: [out, direct]}}}';
const base = `receivers: {in: }\nexporters: {out: , direct: }\n${service}`;

function load(texts: readonly (string | ConfigSource)[], env: Record<string, string> = {}): Configuration {
  const sources = texts.map((text, index) => (typeof text === 'string' ? file(text, `${index}.yaml`) : text));
  const { configuration, diagnostics } = loadConfig(sources, registry, surroundings(env));
  if (configuration === undefined) throw new Error(formatDiagnostics(diagnostics, sources));
  return configuration;
}

function receiverOptions(yaml: string, env: Record<string, string> = {}): Record<string, unknown> {
  return load([base, `receivers: {in: ${yaml}}`], env).receivers.get('in')?.config as Record<string, unknown>;
}

describe('a configuration without errors', () => {
  it('has its components by id, with parsed options and the place of the id', () => {
    const configuration = load([base]);
    expect(configuration.receivers.get('in')).toMatchObject({
      id: 'in',
      kind: 'receiver',
      config: { name: 'none', port: 1 },
    });
    expect(configuration.exporters.get('out')?.source).toEqual({ file: '0.yaml', line: 2, column: 13, length: 3 });
    expect([configuration.processors.size, configuration.connectors.size, configuration.extensions.size]).toEqual([
      0, 0, 0,
    ]);
  });

  it('has its pipelines with their signal', () => {
    expect(load([base]).service.pipelines).toMatchObject([
      {
        id: 'logs/a',
        signal: 'logs',
        receivers: ['in'],
        processors: [],
        exporters: ['out', 'direct'],
        source: { line: 3 },
      },
    ]);
  });

  it('has the delivery options of queued exporters only, with the timeout of the definition', () => {
    const { exporters } = load([
      base,
      'exporters: {out: {sending_queue: {queue_size: 7}, retry_on_failure: {initial_interval: 2s}}}',
    ]);
    expect(exporters.get('out')?.delivery).toMatchObject({
      timeout: 30_000,
      sending_queue: { queue_size: 7, enabled: true },
      retry_on_failure: { initial_interval: 2000 },
    });
    expect(exporters.get('out')?.config).not.toHaveProperty('sending_queue');
    expect(exporters.get('direct')?.delivery).toBeUndefined();
    expect(load([base, 'exporters: {out: {timeout: 1m}}']).exporters.get('out')?.delivery?.timeout).toBe(60_000);
  });

  it('has the limits of the service, in milliseconds and bytes', () => {
    expect(load([base]).service.limits).toEqual({
      window_bytes: 67_108_864,
      answer_within: 8000,
      max_wait: 1000,
      drain_timeout: 10_000,
      settle_deadline: 300_000,
    });
    expect(load([base, { set: 'service.limits.window_bytes=1MiB' }]).service.limits.window_bytes).toBe(1_048_576);
  });

  it('is made of files and --set arguments, the later over the earlier', () => {
    const { receivers } = load([base, 'receivers: {in: {name: a, port: 2}}', { set: 'receivers.in.name=b' }]);
    expect(receivers.get('in')?.config).toMatchObject({ name: 'b', port: 2 });
  });

  it('comes with warnings where there are some', () => {
    const text = base.replaceAll('out', 'output');
    const { configuration, diagnostics } = loadConfig([file(text)], registry, surroundings());
    expect(configuration?.exporters.get('output')?.definition.type).toBe('out');
    expect(marks(diagnostics)).toEqual(['deprecated-alias test.yaml:2:13']);
  });
});

describe('values that are not quite of the type', () => {
  it('that are left empty stand for an empty map or list, or for the default', () => {
    expect(receiverOptions('{grpc: , list: , attributes: , name: }')).toMatchObject({
      grpc: { endpoint: 'localhost:4317' },
      list: [],
      attributes: {},
      name: 'none',
    });
    expect(receiverOptions('{}')).not.toHaveProperty('grpc');
  });

  it('from variables are numbers or text, as the option wants', () => {
    expect(
      receiverOptions('{name: "${N}", port: "${N}", attributes: {n: "${N}", b: "${B}"}}', { N: '12', B: 'true' }),
    ).toMatchObject({
      name: '12',
      port: 12,
      attributes: { n: 12, b: true },
    });
  });

  it('from variables stay text where a number would change them', () => {
    const attributes = receiverOptions('{port: "${Z}", attributes: {v: "${V}", z: "${Z}", id: "${I}"}}', {
      V: '1.10',
      Z: '0123',
      I: '12345678901234567890',
    });
    expect(attributes).toMatchObject({ port: 123, attributes: { v: '1.10', z: '0123', id: '12345678901234567890' } });
  });

  it('are text as written where they are secret', () => {
    const { exporters } = load([base, 'exporters: {out: {password: 0123, extra: {a: 1e3, b: true, c: "${T}"}}}'], {
      T: '007',
    });
    const options = exporters.get('out')?.config as { password: Secret; extra: Record<string, Secret> } | undefined;
    const secrets = [options?.password, ...Object.values(options?.extra ?? {})];
    expect(secrets.map((one) => one?.reveal())).toEqual(['0123', '1e3', 'true', '007']);
  });

  it('from an empty variable are the empty text, where text is wanted', () => {
    expect(receiverOptions('{name: "${E}"}', { E: '' })).toMatchObject({ name: '' });
  });
});

describe('plugins', () => {
  const plugins = 'plugins: [./a.ts, "${P}"]\n';

  it('are read before anything else has to be right', () => {
    const references = readPluginNames(
      [file(`${plugins}receivers: 5`, 'dir/a.yaml')],
      surroundings({ P: '@acme/pii' }),
    );
    expect(references.map(({ name }) => name)).toEqual(['./a.ts', '@acme/pii']);
    expect(references[0]?.source).toMatchObject({ file: 'dir/a.yaml', line: 1, column: 11 });
  });

  it('are part of the configuration', () => {
    expect(load([plugins + base], { P: 'x' }).plugins.map(({ name }) => name)).toEqual(['./a.ts', 'x']);
  });

  it('are none where the YAML is broken', () => {
    expect(readPluginNames([file('plugins: [')], surroundings())).toEqual([]);
  });
});

describe('a broken configuration', () => {
  it('is told once of a mistake that aliases repeat', () => {
    const text = `receivers: {in: &a {port: "\${P}"}, in/b: *a}\n${base.split('\n').slice(1).join('\n')}`;
    const { diagnostics } = loadConfig([file(text)], registry, surroundings());
    expect(marks(diagnostics).filter((mark) => mark.startsWith('missing-variable'))).toHaveLength(1);
  });

  it('never throws, and is never taken without a word', () => {
    const words = base.split(/(?=[\s{}:,[\]])/);
    const change = fc.record({
      at: fc.nat(words.length - 1),
      to: fc.constantFrom('', ' x', ': ', '{', ']', ' [', ' &a', ' *a', ' ${X}', ' 5', '\n'),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const text = changes.reduce((all, { at, to }) => all.with(at, to), words).join('');
        const sources = [file(text)];
        const { configuration, diagnostics } = loadConfig(sources, registry, surroundings());
        const failed = diagnostics.some(({ severity }) => severity === 'error');
        expect(formatDiagnostics(diagnostics, sources).length > 0).toBe(diagnostics.length > 0);
        return failed === (configuration === undefined);
      }),
      { numRuns: 400, interruptAfterTimeLimit: 4000 },
    );
  });
});
