import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { eventually, freePorts, startSluice, type Program } from '../program.ts';
import { sendWithJavaScript, type Protocol } from './javascript.ts';

const count = 500;
const python = join(homedir(), '.cache/sluice-peers/python/bin/python');
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

interface Endpoints {
  readonly http: string;
  readonly grpc: string;
  readonly file: string;
  readonly program: Program;
}

async function collectingSluice(file = join(scratch(), 'out.json'), ports?: readonly number[]): Promise<Endpoints> {
  const [http, grpc] = ports ?? (await freePorts(2));
  const program = startSluice(['run', '--config', join(import.meta.dirname, 'collecting.yaml')], {
    PORT_HTTP: String(http),
    PORT_GRPC: String(grpc),
    OUT: file,
  });
  cleanups.push(() => program.stop());
  await ready(program);
  return { http: `http://127.0.0.1:${http}`, grpc: `http://127.0.0.1:${grpc}`, file, program };
}

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-sdk-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function ready(program: Program): Promise<true> {
  return eventually(
    () => `ready: ${program.output()}`,
    () => (program.output().includes('ready') ? true : undefined),
  );
}

/** How often each id stands in the file, by signal. */
function idsIn(file: string): Record<'logs' | 'traces' | 'metrics', Map<string, number>> {
  const ids = {
    logs: new Map<string, number>(),
    traces: new Map<string, number>(),
    metrics: new Map<string, number>(),
  };
  if (!existsSync(file)) return ids;
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const signal = line.startsWith('{"resourceLogs')
      ? 'logs'
      : line.startsWith('{"resourceSpans')
        ? 'traces'
        : 'metrics';
    for (const [, id] of line.matchAll(/"key":"id","value":\{"stringValue":"([^"]*)"\}/g))
      ids[signal].set(id as string, (ids[signal].get(id as string) ?? 0) + 1);
  }
  return ids;
}

function expectOnce(file: string, prefix: string): void {
  const expected = Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
  for (const [signal, ids] of Object.entries(idsIn(file))) {
    expect(ids.size, signal).toBe(count);
    expect(
      expected.filter((id) => ids.get(id) !== 1),
      signal,
    ).toEqual([]);
  }
}

describe('the OpenTelemetry SDK for JavaScript', () => {
  it.each<Protocol>(['http/protobuf', 'http/json', 'grpc'])(
    'has every log, span and data point arrive once over %s',
    async (protocol) => {
      const { http, grpc, file } = await collectingSluice();
      await sendWithJavaScript(protocol, protocol === 'grpc' ? grpc : http, 'js', count);
      expectOnce(file, 'js');
    },
  );

  it.each<Protocol>(['http/protobuf', 'grpc'])(
    'loses nothing over %s when the sink is killed and comes back',
    async (protocol) => {
      const file = join(scratch(), 'out.json');
      const [sinkHttp, sinkGrpc, http, grpc] = (await freePorts(4)) as [number, number, number, number];
      const relay = startSluice(['run', '--config', join(import.meta.dirname, 'relaying.yaml')], {
        PORT_HTTP: String(http),
        PORT_GRPC: String(grpc),
        SINK_HTTP: String(sinkHttp),
        SINK_GRPC: String(sinkGrpc),
      });
      cleanups.push(() => relay.stop());
      await ready(relay);
      const sink = await collectingSluice(file, [sinkHttp, sinkGrpc]);
      await sendWithJavaScript(protocol, `http://127.0.0.1:${protocol === 'grpc' ? grpc : http}`, 'before', count);
      sink.program.process.kill('SIGKILL');
      await sink.program.stop();

      const sending = sendWithJavaScript(
        protocol,
        `http://127.0.0.1:${protocol === 'grpc' ? grpc : http}`,
        'during',
        count,
      );
      await new Promise((resolve) => setTimeout(resolve, 2000));
      await collectingSluice(file, [sinkHttp, sinkGrpc]);
      await sending;
      for (const [signal, ids] of Object.entries(idsIn(file))) {
        const missing = ['before', 'during']
          .flatMap((prefix) => Array.from({ length: count }, (_, i) => `${prefix}-${i}`))
          .filter((id) => !ids.has(id));
        expect(missing, signal).toEqual([]);
      }
    },
    40_000,
  );

  it('is told 503 with Retry-After, and UNAVAILABLE with RetryInfo, while the sink is away', async () => {
    const [sinkHttp, sinkGrpc, http, grpc] = (await freePorts(4)) as [number, number, number, number];
    const relay = startSluice(
      ['run', '--config', join(import.meta.dirname, 'relaying.yaml'), '--set', 'service.limits.answer_within=1s'],
      { PORT_HTTP: String(http), PORT_GRPC: String(grpc), SINK_HTTP: String(sinkHttp), SINK_GRPC: String(sinkGrpc) },
    );
    cleanups.push(() => relay.stop());
    await ready(relay);
    const body = readFileSync(new URL('../../fixtures/traces.ascending.pb', import.meta.url));
    const response = await fetch(`http://127.0.0.1:${http}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: new Uint8Array(body),
    });
    expect(response.status).toBe(503);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    const { code, details } = await unaryCall(`127.0.0.1:${grpc}`, body);
    expect(code).toBe(14);
    expect(details).toContain('type.googleapis.com/google.rpc.RetryInfo');
  });
});

async function unaryCall(target: string, body: Uint8Array): Promise<{ code: number; details: string }> {
  const { Client, credentials } = await import('@grpc/grpc-js');
  const client = new Client(target, credentials.createInsecure());
  const { promise, resolve } = Promise.withResolvers<{ code: number; details: string }>();
  const identity = (bytes: Buffer): Buffer => bytes;
  client.makeUnaryRequest(
    '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
    identity,
    identity,
    Buffer.from(body),
    (error) => {
      const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
      resolve({ code: error?.code ?? 0, details: details?.toString('latin1') ?? '' });
    },
  );
  try {
    return await promise;
  } finally {
    client.close();
  }
}

describe.skipIf(!existsSync(python))('the OpenTelemetry SDK for Python (needs build-python-sdk.sh)', () => {
  it.each(['http/protobuf', 'grpc'])(
    'has every log, span and data point arrive once over %s',
    async (protocol) => {
      const { http, grpc, file } = await collectingSluice();
      await promisify(execFile)(
        python,
        [join(import.meta.dirname, 'send.py'), protocol, protocol === 'grpc' ? grpc : http, 'py', String(count)],
        { timeout: 60_000 },
      );
      expectOnce(file, 'py');
    },
    60_000,
  );
});
