import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtPeer, eventually, freePorts, startProgram, startSluice, type Program } from '../program.ts';
import { recordsOfFile } from './records.ts';

const folder = new URL('.', import.meta.url).pathname;
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const collector = builtPeer('otelcol');
const paths = { logs: '/v1/logs', traces: '/v1/traces', metrics: '/v1/metrics' };

/** Runs a program on a file, sends the fixtures in both field orders and as JSON, and gives back what the file exporter wrote. */
async function run(
  file: string,
  start: (args: readonly string[], env: Readonly<Record<string, string>>) => Program,
): Promise<string[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-collector-'));
  const [http, grpc, health, metrics] = (await freePorts(4)).map(String) as [string, string, string, string];
  const out = join(scratch, 'out.json');
  const env = {
    PORT_HTTP: http,
    PORT_GRPC: grpc,
    PORT_HEALTH: health,
    PORT_METRICS: metrics,
    OUT: out,
    NODE_NAME: 'seven',
  };
  const program = start(['--config', join(folder, file)], env);
  try {
    for (const [signal, path] of Object.entries(paths)) {
      for (const [encoding, type] of [
        ['ascending.pb', 'application/x-protobuf'],
        ['collector.pb', 'application/x-protobuf'],
        ['json', 'application/json'],
      ] as const) {
        await send(
          `http://127.0.0.1:${http}${path}`,
          type,
          readFileSync(new URL(`../../fixtures/${signal}.${encoding}`, import.meta.url)),
          program,
        );
      }
    }
    await settled(out);
    expect(await program.stop(), program.output()).toBe(0);
    return recordsOfFile(out);
  } finally {
    await program.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Resolves when the file has not grown for a second: a Collector loses what is still in its queues when it stops. */
async function settled(file: string): Promise<void> {
  let size = -1;
  for (;;) {
    const now = existsSync(file) ? statSync(file).size : 0;
    if (now === size && now > 0) return;
    size = now;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

/** The first record that only one side has, for a message that can be read. */
function difference(ours: readonly string[], theirs: readonly string[]): object | undefined {
  const [known, expected] = [new Set(ours), new Set(theirs)];
  const missing = theirs.find((record) => !known.has(record));
  const added = ours.find((record) => !expected.has(record));
  return missing === undefined && added === undefined ? undefined : { missing, added };
}

/** Sends a request as soon as the program listens. A signal that the file has no pipeline for is answered 404. */
async function send(url: string, type: string, body: Uint8Array, program: Program): Promise<void> {
  const status = await eventually(
    () => `${url} answering: ${program.output()}`,
    async () => {
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': type, 'x-tenant': 'acme' },
          body: new Uint8Array(body),
        });
        return response.status;
      } catch {
        return undefined;
      }
    },
    30_000,
  );
  expect([200, 404], `${url} ${type}`).toContain(status);
}

describe.skipIf(collector === undefined)(
  'a file written for the Collector (needs its binary: OTELCOL or go-peers)',
  () => {
    it.each(files)(
      '%s gives the same records on both',
      async (file) => {
        const theirs = await run(file, (args, env) => startProgram(collector as string, args, env));
        const ours = await run(file, (args, env) => startSluice(['run', ...args], env));
        expect(theirs.length).toBeGreaterThan(100);
        expect(difference(ours, theirs)).toBeUndefined();
        expect(ours.length).toBe(theirs.length);
      },
      60_000,
    );
  },
);
