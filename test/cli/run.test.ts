import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith, Program, sendLogs, sluice } from './program.ts';

const toFile = `
receivers: { otlp: { protocols: { http: { endpoint: 'localhost:0' } } } }
exporters: { file: { path: '\${env:OUT}' } }
service:
  telemetry: { metrics: { level: none } }
  pipelines:
    logs: &all { receivers: [otlp], exporters: [file] }
    traces: *all
    metrics: *all
`;

/** A pipeline into whatever the plugin beside it does, with its metrics on a port of the system's choice. */
const toPlugin = `
plugins: ['./odd.ts']
receivers: { otlp: { protocols: { http: { endpoint: 'localhost:0' } } } }
exporters: { odd: }
service:
  telemetry: { metrics: { level: none } }
  pipelines: { logs: { receivers: [otlp], exporters: [odd] } }
`;

function odd(send: string, start = ''): string {
  return `
import { defineExporter, z } from 'sluice/plugin';
export default defineExporter({
  type: 'odd', summary: 'Behaves oddly, for a test.', config: z.strictObject({}), signals: ['logs'], delivery: 'direct',
  start() { ${start} return { async send() { ${send} } }; },
});`;
}

describe('sluice run', () => {
  it('delivers what it answers OK, and ends with 0 at the first SIGTERM', async () => {
    const folder = folderWith({ 'p.yaml': toFile });
    const program = new Program(['run', '-c', join(folder, 'p.yaml')], { env: { OUT: join(folder, 'out.jsonl') } });
    const answer = await sendLogs(await program.ready(), ['one', 'two']);
    expect(answer.status).toBe(200);
    expect(readFileSync(join(folder, 'out.jsonl'), 'utf8')).toMatch(/"one".*"two"/);
    program.signal('SIGTERM');
    expect((await program.end()).code).toBe(0);
  });

  it('ends at once at the second SIGINT', async () => {
    const folder = folderWith({ 'p.yaml': toPlugin, 'odd.ts': odd('await new Promise(() => {});') });
    const program = new Program(['run', '-c', join(folder, 'p.yaml')]);
    sendLogs(await program.ready(), ['stuck']).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    program.signal('SIGINT');
    await new Promise((resolve) => setTimeout(resolve, 300));
    program.signal('SIGINT');
    expect((await program.end()).code).toBe(1);
  });

  it('outlives what a plugin forgot to catch', async () => {
    const start = `setTimeout(() => { throw new Error('thrown in a timer'); }, 10); Promise.reject(new Error('rejected and forgotten'));`;
    const folder = folderWith({ 'p.yaml': toPlugin, 'odd.ts': odd('', start) });
    const program = new Program(['run', '-c', join(folder, 'p.yaml')]);
    const address = await program.ready();
    await program.says(/thrown in a timer/);
    await program.says(/rejected and forgotten/);
    expect((await sendLogs(address, ['still here'])).status).toBe(200);
    program.signal('SIGTERM');
    expect((await program.end()).code).toBe(0);
  });

  it('runs on where nothing listens, until it is stopped', async () => {
    const nop = `
receivers: { nop: }
exporters: { nop: }
service: { telemetry: { metrics: { level: none } }, pipelines: { logs: { receivers: [nop], exporters: [nop] } } }`;
    const program = new Program(['run', '-c', join(folderWith({ 'p.yaml': nop }), 'p.yaml')]);
    await program.says(/ ready /);
    await new Promise((resolve) => setTimeout(resolve, 500));
    program.signal('SIGTERM');
    expect((await program.end()).code).toBe(0);
  });

  it('is not frozen by a pattern that backtracks without end', async () => {
    const send = `/^(a+)+$/.test('a'.repeat(60) + '!');`;
    const folder = folderWith({ 'p.yaml': toPlugin, 'odd.ts': odd(send) });
    const program = new Program(['run', '-c', join(folder, 'p.yaml')]);
    expect((await sendLogs(await program.ready(), ['x'])).status).toBe(200);
  });

  it('says which component cannot start, and exits with 1', async () => {
    const folder = folderWith({ 'p.yaml': toPlugin, 'odd.ts': odd('', `throw new Error('no disk');`) });
    const { code, stderr } = await new Program(['run', '-c', join(folder, 'p.yaml')]).end();
    expect(code).toBe(1);
    expect(stderr).toContain('sluice: cannot start exporter/odd: no disk\n');
  });
});

describe('sluice generate', () => {
  it.each(['grpc', 'http/protobuf', 'http/json'])('sends all three signals over %s', async (protocol) => {
    const yaml = protocol === 'grpc' ? toFile.replace('http:', 'grpc:') : toFile;
    const folder = folderWith({ 'p.yaml': yaml });
    const out = join(folder, 'out.jsonl');
    const program = new Program(['run', '-c', join(folder, 'p.yaml')], { env: { OUT: out } });
    const endpoint = `http://${await program.ready()}`;
    const { code, stdout } = await sluice(
      'generate',
      '-e',
      endpoint,
      '-p',
      protocol,
      '--duration',
      '1',
      '--rate',
      '20',
    );
    expect(code).toBe(0);
    const sent = [...stdout.matchAll(/: (\d+) sent, 0 failed/g)].map(([, count]) => Number(count));
    const written = readFileSync(out, 'utf8');
    const counts = [/"severityText"/g, /"spanId":"\w+"[^{}]*"name"|"parentSpanId":"\w+"[^{}]*"name"/g].map(
      (pattern) => written.match(pattern)?.length ?? 0,
    );
    expect(sent).toHaveLength(3);
    expect(sent.slice(0, 2)).toEqual(counts);
    expect(written).toContain('"http.server.request.duration"');
  });

  it('says what did not get through, and exits with 1', async () => {
    const { code, stdout, stderr } = await sluice(
      'generate',
      '-e',
      'http://localhost:9',
      '--duration',
      '0.5',
      '--rate',
      '5',
      '--signals',
      'logs',
    );
    expect(code).toBe(1);
    expect(stdout).toMatch(/log records: 0 sent, [1-9]\d* failed/);
    expect(stderr).toContain('the last error was');
  });
});
