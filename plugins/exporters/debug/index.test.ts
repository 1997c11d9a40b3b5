import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchFromJson, signals, type Batch, type Signal } from 'sluice/plugin';
import { conformance, logsBatch, runExporter, spansBatch } from 'sluice/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import definition from './index.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'debug-'));
});
afterAll(() => rm(directory, { recursive: true }));

describe('conformance', () => {
  for (const check of conformance(definition)) test(check.name, check.run);
});

function golden(name: string): Promise<Buffer> {
  return readFile(join(import.meta.dirname, 'golden', name));
}

/** The request behind the golden texts. */
async function request(signal: Signal): Promise<Batch> {
  return batchFromJson(signal, await golden(`${signal}.json`), { receivedAt: 0 });
}

/** Everything that batches leave in a file. */
async function written(config: object, batches: readonly Batch[]): Promise<string> {
  const path = join(directory, `${crypto.randomUUID()}.txt`);
  const exporter = await runExporter(definition, { ...config, use_internal_logger: false, output_paths: [path] });
  for (const batch of batches) await exporter.send(batch);
  await exporter.stop();
  return await readFile(path, 'utf8');
}

// The golden texts are what a Collector 0.145 printed for the same requests.
test.each(['basic', 'normal', 'detailed'] as const)(
  'the verbosity %s prints what the Collector prints',
  async (verbosity) => {
    const batches = await Promise.all(signals.map(request));
    expect(await written({ verbosity }, batches)).toBe((await golden(`${verbosity}.txt`)).toString());
  },
);

test('without further options, counts go to the log', async () => {
  const { context, send } = await runExporter(definition);
  await send(await request('metrics'));
  expect(context.logs).toEqual([
    { level: 'info', message: 'Metrics', fields: { 'resource metrics': 1, metrics: 6, 'data points': 8 } },
  ]);
});

test('the details go to the log as one line more', async () => {
  const { context, send } = await runExporter(definition, { verbosity: 'normal' });
  await send(logsBatch([{ body: 'hello', attributes: { a: 1n } }]));
  expect(context.logs.map(({ message }) => message)).toEqual(['Logs', 'ResourceLog #0\nScopeLog #0\nhello a=1\n']);
});

test('beyond the first ones of a second, only every so many-th batch of a signal is shown', async () => {
  const { context, send } = await runExporter(definition, { sampling_initial: 2, sampling_thereafter: 3 });
  const shown = (): number => context.logs.length;
  for (let i = 0; i < 8; i++) await send(logsBatch([{}]));
  expect(shown()).toBe(4);
  await send(spansBatch([{}]));
  expect(shown()).toBe(5);
  await context.clock.advance(1000);
  await send(logsBatch([{}]));
  expect(shown()).toBe(6);
});

test('control characters cannot reach the terminal', async () => {
  const text = await written({ verbosity: 'normal' }, [
    logsBatch([{ body: 'a\u001b[2Jb\rc\u0007d\u009be\u202ef\tg' }]),
  ]);
  expect(text).toContain('a\\x1b[2Jb\\x0dc\\x07d\\x9be\\u202ef\tg');
});
