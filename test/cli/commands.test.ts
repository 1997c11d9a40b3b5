import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, sluice } from './program.ts';

const good = `
receivers:
  otlp:
    protocols:
      http:
exporters:
  otlp_http:
    endpoint: https://example.com:4318
    headers:
      Authorization: Bearer abracadabra
  debug:
service:
  pipelines:
    logs:
      receivers: [otlp]
      exporters: [otlp_http, debug]
`;

const broken = `
receivers:
  otlp:
    protocols:
      http:
        endpont: localhost:4318
exporters:
  debug:
    verbosity: loud
  fiel:
service:
  pipelines:
    logs:
      receivers: [otlp]
      exporters: [debug, fiel]
`;

describe('sluice validate', () => {
  it('says that a good configuration is valid', async () => {
    const file = join(folderWith({ 'good.yaml': good }), 'good.yaml');
    const { code, stdout } = await sluice('validate', '--config', file);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${file}: valid, 1 pipeline, 1 receiver, 2 exporters\n` });
  });

  it('shows all mistakes of a broken one with their lines, and exits with 1', async () => {
    const file = join(folderWith({ 'broken.yaml': broken }), 'broken.yaml');
    const { code, stdout, stderr } = await sluice('validate', '--config', file);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    for (const line of [6, 9, 10]) expect(stderr).toContain(`${file}:${line}:`);
    expect(stderr).toMatch(/\n\d errors\n$/);
  });

  it('takes options from --set on top of the file', async () => {
    const file = join(folderWith({ 'good.yaml': good }), 'good.yaml');
    const { code, stderr } = await sluice('validate', '-c', file, '--set', 'exporters.debug.verbosity=loud');
    expect(code).toBe(1);
    expect(stderr).toContain('--set exporters.debug.verbosity:1:');
  });

  it('says which file is not there', async () => {
    const { code, stderr } = await sluice('validate', '-c', 'nowhere.yaml');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'sluice: cannot read the configuration nowhere.yaml: there is no such file\n',
    });
  });
});

describe('sluice run', () => {
  it('starts nothing where the configuration is broken', async () => {
    const file = join(folderWith({ 'broken.yaml': broken }), 'broken.yaml');
    const { code, stderr } = await sluice('run', '-c', file);
    expect(code).toBe(1);
    expect(stderr).not.toContain('listening');
  });
});

describe('sluice print-config', () => {
  it('prints defaults, and secrets as [redacted]', async () => {
    const { code, stdout } = await sluice('print-config', '-c', join(folderWith({ 'good.yaml': good }), 'good.yaml'));
    expect(code).toBe(0);
    expect(stdout).toContain('endpoint: localhost:4318');
    expect(stdout).toContain('[redacted]');
    expect(stdout).not.toContain('abracadabra');
  });
});

describe('sluice graph', () => {
  it('draws the pipelines as text and as a flowchart', async () => {
    const file = join(folderWith({ 'good.yaml': good }), 'good.yaml');
    const [text, mermaid] = await Promise.all([
      sluice('graph', '-c', file),
      sluice('graph', '-c', file, '--format', 'mermaid'),
    ]);
    expect(text.stdout).toBe('logs: otlp -> otlp_http, debug\n');
    expect(mermaid.stdout).toMatch(/^flowchart LR\n/);
  });
});

describe('sluice components', () => {
  it('lists them for people and as JSON', async () => {
    const [text, json] = await Promise.all([sluice('components'), sluice('components', '--json')]);
    expect(text.stdout).toMatch(/^receivers\n(?: {2}.*\n)* {2}otlp {2,}logs, traces, metrics/);
    expect(JSON.parse(json.stdout)).toContainEqual(
      expect.objectContaining({ kind: 'exporter', type: 'debug', stability: 'stable' }),
    );
  });
});

describe('sluice', () => {
  it('knows its version', async () => {
    expect((await sluice('--version')).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('suggests the command that was probably meant', async () => {
    const { code, stderr } = await sluice('validat');
    expect(code).toBe(1);
    expect(stderr).toContain('Did you mean validate?');
  });

  it.each([
    ['--rate', '0', 'It must be a number above 0.'],
    ['--signals', 'logs,smoke', '"smoke" is none of logs, traces, metrics.'],
  ])('refuses generate %s %s', async (option, value, reason) => {
    const { code, stderr } = await sluice('generate', option, value);
    expect(code).toBe(1);
    expect(stderr).toContain(reason);
  });
});
