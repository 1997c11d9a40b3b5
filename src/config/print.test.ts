import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { defineExporter, defineReceiver, duration, httpClientFields, secret, z } from '../plugin/index.ts';
import { durationText } from './effective.ts';
import { file, surroundings } from './fixture.ts';
import { loadConfig } from './load.ts';
import { printConfig } from './print.ts';
import { createRegistry } from './registry.ts';

const registry = createRegistry([
  defineReceiver({
    type: 'in',
    summary: 'In.',
    signals: ['logs'],
    sharing: 'port',
    config: z.strictObject({
      every: duration().default(90_000),
      url: z.string().optional(),
      version: z.union([z.string(), z.number()]).optional(),
      maybe: z.strictObject({ x: z.number().default(1) }).optional(),
    }),
    start: () => {},
  }),
  defineExporter({
    type: 'out',
    summary: 'Out.',
    signals: ['logs'],
    config: z.strictObject({ ...httpClientFields, password: secret().optional() }),
    start: () => ({ send: async () => {} }),
  }),
]);

function print(receiver: string, exporter: string, env: Record<string, string> = {}): string {
  const text = `receivers: {in: ${receiver}}\nexporters: {out: ${exporter}}\nservice: {pipelines: {logs: {receivers: [in], exporters: [out]}}}`;
  const { configuration } = loadConfig([file(text)], registry, surroundings(env));
  if (configuration === undefined) throw new Error('not a configuration');
  return printConfig(configuration);
}

describe('the effective configuration', () => {
  it('has what was written and the defaults, in the words of the dialect', () => {
    const printed = parse(print('{version: "${V}"}', '{timeout: 500ms}', { V: '1.10' }));
    expect(printed.receivers.in).toEqual({ version: '1.10', every: '90s' });
    expect(printed.exporters.out).toMatchObject({
      timeout: '500ms',
      compression: 'gzip',
      tls: { min_version: '1.2' },
      retry_on_failure: { initial_interval: '5s' },
    });
    expect(printed.service).toMatchObject({ telemetry: { metrics: { level: 'normal' } }, limits: { max_wait: '1s' } });
  });

  it('does not invent options whose presence means something', () => {
    const printed = parse(print('', ''));
    expect(printed.receivers.in).not.toHaveProperty('maybe');
    expect(parse(print('{maybe: }', '')).receivers.in.maybe).toEqual({ x: 1 });
  });

  it('is itself a configuration that means the same', () => {
    const once = print('{every: 1500ms, maybe: {}}', '{sending_queue: {batch: {}}}');
    const { configuration, diagnostics } = loadConfig([file(once)], registry, surroundings());
    expect(diagnostics).toEqual([]);
    expect(configuration && printConfig(configuration)).toBe(once);
  });

  it('shows no secret, wherever it came from', () => {
    const text = print(
      '{url: "https://me:hunter2@host/x"}',
      '{password: hunter2, headers: {x-key: "${K}", authorization: Bearer hunter2}}',
      { K: 'hunter2' },
    );
    expect(text).not.toContain('hunter2');
    expect(parse(text).exporters.out).toMatchObject({
      password: '[redacted]',
      headers: { 'x-key': '[redacted]', authorization: '[redacted]' },
    });
    expect(parse(text).receivers.in.url).toBe('https://me:[redacted]@host/x');
  });
});

describe('an option that is no secret by itself', () => {
  it('is not shown where it is made of one', () => {
    const printed = print('{url: "https://host/?key=${API_TOKEN}"}', '', { API_TOKEN: 'hunter2' });
    expect(parse(printed).receivers.in.url).toBe('[redacted]');
  });
});

describe('milliseconds as a duration', () => {
  it.each([
    [0, '0s'],
    [200, '200ms'],
    [1500, '1500ms'],
    [5000, '5s'],
    [90_000, '90s'],
    [300_000, '5m'],
    [7_200_000, '2h'],
    [0.5, '0.5ms'],
  ])('%d is %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
