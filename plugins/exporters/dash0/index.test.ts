import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  otlpMethods,
  PermanentError,
  RetryableError,
  rpcCodes,
  type GrpcClientOptions,
  type GrpcStatus,
  type HttpClientOptions,
  type HttpClientResponse,
  type Transport,
} from 'sluice/plugin';
import {
  conformance,
  fakeTransport,
  logsBatch,
  ManualClock,
  metricsBatch,
  runExporter,
  spansBatch,
} from 'sluice/testing';
import { afterEach, describe, expect, it, test } from 'vitest';
import dash0 from './index.ts';

const token = 'auth_a1B2c3D4e5F6';
const batch = logsBatch([{ body: 'a' }]);
const ok: HttpClientResponse = { status: 200, headers: new Map(), body: new Uint8Array(0) };

type Call = Parameters<ReturnType<Transport['grpcClient']>['call']>[0];
type Request = Parameters<ReturnType<Transport['httpClient']>['request']>[0];

interface Answers {
  readonly grpc?: Uint8Array | GrpcStatus;
  readonly http?: HttpClientResponse;
}

async function exporter(config: object, { grpc = new Uint8Array(0), http = ok }: Answers = {}) {
  const calls: Call[] = [];
  const requests: Request[] = [];
  const clients: (GrpcClientOptions | HttpClientOptions)[] = [];
  const fake = fakeTransport({
    grpc: (call) => (calls.push(call), grpc),
    http: (request) => (requests.push(request), http),
  });
  const transport: Transport = {
    ...fake,
    grpcClient: (options) => (clients.push(options), fake.grpcClient(options)),
    httpClient: (options) => (clients.push(options), fake.httpClient(options)),
  };
  const clock = new ManualClock(Date.UTC(2026, 0, 1));
  const run = await runExporter(dash0, { token, ...config }, { transport, clock });
  const headers = async (): Promise<unknown> => clients[0]?.auth?.headers({});
  const endpoint = (): unknown => (clients[0]?.config as { endpoint?: string } | undefined)?.endpoint;
  return { ...run, calls, requests, headers, endpoint, clock };
}

describe('conformance', () => {
  const context = () => ({ transport: fakeTransport({ grpc: () => new Uint8Array(0) }) });
  for (const check of conformance(dash0, { config: { region: 'eu-west-1', token }, context }))
    test(check.name, check.run);
});

describe('where it sends', () => {
  it('is the ingress of the region, or the endpoint, over gRPC', async () => {
    expect((await exporter({ region: 'us-east-9' })).endpoint()).toBe('ingress.us-east-9.aws.dash0.com:4317');
    const endpoint = 'https://ingress.eu-west-1.aws.dash0.com:4317';
    const { send, calls, ...run } = await exporter({ endpoint });
    expect(run.endpoint()).toBe(endpoint);
    for (const each of [batch, spansBatch([{}]), metricsBatch([{ name: 'a', value: 1 }])]) {
      await send(each);
      expect(calls.at(-1)).toMatchObject({ method: otlpMethods[each.signal] });
      expect(calls.at(-1)?.message).toBe(each.bytes);
    }
  });

  it('is a path for each signal over HTTP', async () => {
    const { send, requests } = await exporter({ region: 'eu-west-1', protocol: 'http' });
    for (const each of [batch, spansBatch([{}]), metricsBatch([{ name: 'a', value: 1 }])]) {
      await send(each);
      expect(requests.at(-1)?.url).toBe(`https://ingress.eu-west-1.aws.dash0.com/v1/${each.signal}`);
      expect(requests.at(-1)?.body).toBe(each.bytes);
    }
  });

  it.each([
    ['http://proxy:4317', false, true],
    ['proxy:4317', true, true],
    ['dns:///proxy:4317', true, true],
    ['proxy:4317', false, false],
    ['https://proxy:4317', true, false],
    ['http://127.0.0.1:4317', false, false],
    ['[::1]:4317', true, false],
    ['unix:///run/proxy.sock', true, false],
  ])(
    '%s with insecure: %s is warned of where the token can be read on the way: %s',
    async (endpoint, insecure, warned) => {
      const { context } = await exporter({ endpoint, tls: { insecure } });
      const message = 'the token goes over the network unencrypted';
      expect(context.logs.map((line) => line.message)).toEqual(warned ? [message] : []);
    },
  );
});

describe('its headers', () => {
  it('are the token, and the dataset unless it is the default one', async () => {
    const authorization = `Bearer ${token}`;
    expect(await (await exporter({ region: 'a' })).headers()).toEqual({ authorization });
    expect(await (await exporter({ region: 'a', dataset: 'default' })).headers()).toEqual({ authorization });
    const headers = { authorization, 'dash0-dataset': 'production' };
    expect(await (await exporter({ region: 'a', dataset: 'production' })).headers()).toEqual(headers);
    expect(await (await exporter({ region: 'a', dataset: 'production', protocol: 'http' })).headers()).toEqual(headers);
  });
});

describe('a token in a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-dash0-'));
  const token_file = join(folder, 'token');
  afterEach(() => rmSync(token_file, { force: true }));

  it('is read again when it changes, and stays where the new one is none', async () => {
    writeFileSync(token_file, `${token}\n`);
    const { headers, clock, context, stop } = await exporter({ region: 'a', token: undefined, token_file });
    expect(await headers()).toEqual({ authorization: `Bearer ${token}` });
    const replace = async (text: string): Promise<void> => {
      writeFileSync(`${token_file}.new`, text);
      renameSync(`${token_file}.new`, token_file);
      for (let i = 0; i < 40; i++) {
        await clock.advance(500);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    };
    await replace('auth_another');
    expect(await headers()).toEqual({ authorization: 'Bearer auth_another' });
    await replace('Bearer auth_third');
    expect(await headers()).toEqual({ authorization: 'Bearer auth_another' });
    expect(context.logs.at(-1)).toMatchObject({ level: 'warn', fields: { error: expect.stringContaining('Bearer') } });
    expect(JSON.stringify(context.logs)).not.toContain('auth_third');
    await stop();
  });

  it('keeps it from starting where there is none, or a wrong one', async () => {
    const missing = exporter({ region: 'a', token: undefined, token_file });
    await expect(missing).rejects.toThrow(/^token_file: .*ENOENT/);
    writeFileSync(token_file, '"auth_x"');
    const quoted = exporter({ region: 'a', token: undefined, token_file });
    await expect(quoted).rejects.toThrow(/^token_file: .*in quotes(?!.*auth_x)/);
  });
});

describe('what an answer means', () => {
  const rejected = Uint8Array.of(0x0a, 7, 0x08, 3, 0x12, 3, 0x6f, 0x6c, 0x64);

  it('partial success: so many refused', async () => {
    expect(await (await exporter({ region: 'a' }, { grpc: rejected })).send(batch)).toEqual({
      rejected: 3,
      message: 'old',
    });
    const http = { ...ok, body: rejected };
    expect(await (await exporter({ region: 'a', protocol: 'http' }, { http })).send(batch)).toEqual({
      rejected: 3,
      message: 'old',
    });
  });

  it('an answer that cannot be read: delivered, with a warning', async () => {
    const { send, context } = await exporter({ region: 'a' }, { grpc: Uint8Array.of(0x0a, 99) });
    expect(await send(batch)).toBeUndefined();
    expect(context.logs).toMatchObject([{ message: 'delivered, but the answer cannot be read' }]);
  });

  const failure = async (config: object, answers: Answers): Promise<unknown> =>
    (await exporter({ region: 'a', ...config }, answers)).send(batch).catch((error: unknown) => error);

  it('busy: try again; bad data: never', async () => {
    const busy = { code: rpcCodes.UNAVAILABLE, message: '', retryAfterMs: 10 };
    expect(await failure({}, { grpc: busy })).toMatchObject({ delivery: 'retryable', retryAfterMs: 10 });
    const bad = await failure({}, { grpc: { code: rpcCodes.INVALID_ARGUMENT, message: '' } });
    expect(bad).toBeInstanceOf(PermanentError);
    const large = await failure({ protocol: 'http' }, { http: { ...ok, status: 413 } });
    expect(large).toMatchObject({ delivery: 'permanent', tooLarge: true });
  });

  it.each([
    ['grpc', { grpc: { code: rpcCodes.UNAUTHENTICATED, message: 'who' } }, 'UNAUTHENTICATED: who; Dash0 does not know'],
    ['http', { http: { ...ok, status: 401 } }, 'HTTP 401; Dash0 does not know the token'],
  ] as const)(
    'an unknown token, %s: the data waits, and the message says what to check',
    async (protocol, answers, message) => {
      const error = await failure({ protocol }, answers);
      expect(error).toBeInstanceOf(RetryableError);
      expect((error as Error).message).toContain(message);
    },
  );

  it.each([
    ['grpc', { grpc: { code: rpcCodes.PERMISSION_DENIED, message: '' } }],
    ['http', { http: { ...ok, status: 403 } }],
  ] as const)('a token restricted to a dataset, %s: the message says so', async (protocol, answers) => {
    const unset = (await failure({ protocol }, answers)) as Error;
    expect(unset).toBeInstanceOf(RetryableError);
    expect(unset.message).toContain('where it is restricted to another, set `dataset`');
    const other = (await failure({ protocol, dataset: 'prod' }, answers)) as Error;
    expect(other.message).toContain('may not send to the dataset "prod"');
  });

  it('a refused token is named in the log, once a minute', async () => {
    const answers = { grpc: { code: rpcCodes.UNAUTHENTICATED, message: '' } };
    const { send, context, clock } = await exporter({ region: 'a' }, answers);
    for (let i = 0; i < 3; i++) await send(batch).catch(() => {});
    expect(context.logs).toMatchObject([{ level: 'error', message: 'Dash0 refuses the token; the data waits' }]);
    await clock.advance(60_000);
    await send(batch).catch(() => {});
    expect(context.logs).toHaveLength(2);
    expect(JSON.stringify(context.logs)).not.toContain(token);
  });
});

describe('limits', () => {
  const long = logsBatch([{ body: 'x'.repeat(5000), timeUnixNano: 1_767_225_600_000_000_000n }]);

  it('leave everything alone unless they are switched on', async () => {
    const { send, calls } = await exporter({ region: 'a' });
    await send(long);
    expect(calls[0]?.message).toBe(long.bytes);
  });

  it('cut, count and say so, once for a batch however often it is sent', async () => {
    const { send, calls, context, stop } = await exporter({ region: 'a', limits: { enabled: true } });
    await send(long);
    await send(long);
    expect(calls.map(({ message }) => message.length < 4200)).toEqual([true, true]);
    expect(context.measured.get('exporter_dash0_limited')).toBe(1);
    expect(context.logs).toMatchObject([{ level: 'warn', fields: { log_body_size: 1 } }]);
    await stop();
  });
});
