import {
  otlpMethods,
  PermanentError,
  RetryableError,
  rpcCodes,
  wireToJson,
  type HttpResponse,
  type Signal,
} from 'sluice/plugin';
import {
  fakeTransport,
  logsBatch,
  metricsBatch,
  parseConfig,
  runReceiver,
  spansBatch,
  type FakeTransport,
  type ReceiverRun,
} from 'sluice/testing';
import { describe, expect, it } from 'vitest';
import { errorBody } from './error-body.ts';
import otlp from './index.ts';

const batches = {
  logs: logsBatch([{ body: 'a' }, { body: 'b' }]),
  traces: spansBatch([{}]),
  metrics: metricsBatch([{ name: 'm', value: 1 }]),
};
const both = { protocols: { grpc: null, http: null } };
const json = new Map([['content-type', ['application/json; charset=utf-8']]]);
const proto = new Map([['content-type', ['application/x-protobuf']]]);

interface Served {
  readonly run: ReceiverRun;
  readonly transport: FakeTransport;
  readonly post: (
    signal: Signal,
    body: Uint8Array,
    headers?: ReadonlyMap<string, readonly string[]>,
  ) => Promise<HttpResponse>;
}

async function serve(config: unknown = both, options: Parameters<typeof runReceiver>[2] = {}): Promise<Served> {
  const transport = fakeTransport();
  const run = await runReceiver(otlp, config, { transport, ...options });
  const post: Served['post'] = (signal, body, headers = proto) =>
    transport.http({ method: 'POST', path: `/v1/${signal}`, body, headers });
  return { run, transport, post };
}

describe('options', () => {
  it('wants at least one protocol', () => {
    expect(() => parseConfig(otlp, { protocols: {} })).toThrow('must specify at least one protocol');
    expect(() => parseConfig(otlp, {})).toThrow('protocols');
  });

  it('turns on a protocol that is named without options, with the defaults, and no other', () => {
    const { protocols } = parseConfig(otlp, { protocols: { http: null } });
    expect(protocols.grpc).toBeUndefined();
    expect(protocols.http).toMatchObject({ endpoint: 'localhost:4318', logs_url_path: '/v1/logs' });
    expect(parseConfig(otlp, both).protocols.grpc).toMatchObject({ endpoint: 'localhost:4317' });
  });
});

describe.each(['logs', 'traces', 'metrics'] as const)('%s', (signal) => {
  const { bytes, count } = batches[signal];

  it('are taken over gRPC, with the deadline and the sender of the call', async () => {
    let deadline: number | undefined;
    const emit = async (_batch: unknown, options?: { readonly deadline?: number }): Promise<void> =>
      void (deadline = options?.deadline);
    const { transport, run } = await serve(both, { emit });
    const call = { message: bytes, deadline: 123, peer: 'p:1', identity: 'alice', tenant: 'acme' };
    expect(await transport.grpc(otlpMethods[signal], call)).toEqual(new Uint8Array(0));
    expect(run.emitted).toMatchObject([
      {
        signal,
        bytes,
        count,
        meta: { peer: 'p:1', identity: 'alice', tenant: 'acme', receivedAt: run.context.clock.now() },
      },
    ]);
    expect(deadline).toBe(123);
  });

  it('are taken over HTTP as protobuf, without a copy, and as JSON', async () => {
    const { post, run } = await serve();
    const taken = await post(signal, bytes);
    expect([taken.status, taken.headers, taken.body?.length ?? 0]).toEqual([
      200,
      { 'content-type': 'application/x-protobuf' },
      0,
    ]);
    expect(run.emitted[0]?.bytes).toBe(bytes);
    expect(await post(signal, wireToJson(signal, bytes), json)).toEqual({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(run.emitted.map((batch) => [batch.signal, batch.count])).toEqual([
      [signal, count],
      [signal, count],
    ]);
  });

  it('are not there for a receiver that no pipeline takes them from', async () => {
    const other = signal === 'logs' ? 'traces' : 'logs';
    const { post, transport } = await serve(both, { signals: new Set([other]) });
    expect((await post(signal, bytes)).status).toBe(404);
    expect(await transport.grpc(otlpMethods[signal], { message: bytes })).toMatchObject({
      code: rpcCodes.UNIMPLEMENTED,
    });
  });
});

describe('a request', () => {
  it('without data is taken at once, and nobody is bothered with it', async () => {
    const { post, transport, run } = await serve();
    expect((await post('logs', new Uint8Array(0))).status).toBe(200);
    expect(await post('logs', new Uint8Array(0), json)).toMatchObject({ status: 200, body: '{}' });
    expect(await post('traces', Buffer.from('{"resourceSpans": []}'), json)).toMatchObject({ status: 200, body: '{}' });
    expect(await transport.grpc(otlpMethods.metrics, {})).toEqual(new Uint8Array(0));
    expect(run.emitted).toEqual([]);
  });

  it('that may go through later is answered 503 with Retry-After in whole seconds, and UNAVAILABLE with the same wait', async () => {
    for (const [retryAfterMs, seconds, wait] of [
      [undefined, '1', 1000],
      [1, '1', 1],
      [2500, '3', 2500],
    ] as const) {
      const emit = () =>
        Promise.reject(new RetryableError('queue is full', retryAfterMs === undefined ? {} : { retryAfterMs }));
      const { post, transport } = await serve(both, { emit });
      expect(await post('logs', batches.logs.bytes)).toEqual({
        status: 503,
        headers: { 'retry-after': seconds },
        body: 'queue is full',
      });
      const status = await transport.grpc(otlpMethods.logs, { message: batches.logs.bytes });
      expect(status).toEqual({ code: rpcCodes.UNAVAILABLE, message: 'queue is full', retryAfterMs: wait });
    }
  });

  it('that meets a fault of ours may be sent again', async () => {
    const { post } = await serve(both, { emit: () => Promise.reject(new TypeError('oops')) });
    expect((await post('logs', batches.logs.bytes)).status).toBe(503);
  });

  it('that never goes through is answered 400, and INVALID_ARGUMENT without a wait', async () => {
    const { post, transport } = await serve(both, { emit: () => Promise.reject(new PermanentError('too old')) });
    expect(await post('logs', batches.logs.bytes)).toEqual({ status: 400, body: 'too old' });
    const status = await transport.grpc(otlpMethods.logs, { message: batches.logs.bytes });
    expect(status).toEqual({ code: rpcCodes.INVALID_ARGUMENT, message: 'too old' });
  });

  it('that is malformed is refused for good, counted, and handed to nobody', async () => {
    const { post, transport, run } = await serve();
    const broken = batches.logs.bytes.subarray(0, -1);
    expect((await post('logs', broken)).status).toBe(400);
    expect((await post('logs', Buffer.from('{"resourceLogs": ['), json)).status).toBe(400);
    expect(await transport.grpc(otlpMethods.logs, { message: broken })).toMatchObject({
      code: rpcCodes.INVALID_ARGUMENT,
    });
    expect(run.emitted).toEqual([]);
    expect(run.context.measured.get('receiver_malformed_requests')).toBe(3);
  });

  it('keeps its headers only with include_metadata', async () => {
    const headers = new Map([...proto, ['x-scope-orgid', ['a']]]);
    const without = await serve();
    await without.post('logs', batches.logs.bytes, headers);
    expect(without.run.emitted[0]?.meta.headers).toBeUndefined();
    const kept = await serve({ protocols: { http: { include_metadata: true }, grpc: { include_metadata: true } } });
    await kept.post('logs', batches.logs.bytes, headers);
    await kept.transport.grpc(otlpMethods.logs, { message: batches.logs.bytes, metadata: headers });
    expect(kept.run.emitted.map(({ meta }) => meta.headers)).toEqual([headers, headers]);
  });

  it('can go to paths of the user’s choice', async () => {
    const { transport } = await serve({ protocols: { http: { logs_url_path: '/in' } } });
    const request = { method: 'POST', path: '/in', body: batches.logs.bytes, headers: proto };
    expect((await transport.http(request)).status).toBe(200);
  });
});

describe('an error’s body', () => {
  it('is a Status in the encoding of the request', () => {
    expect(errorBody(503, 'full', 'application/json')).toEqual({
      contentType: 'application/json',
      body: '{"code":14,"message":"full"}',
    });
    const { contentType, body } = errorBody(413, 'large', 'application/x-protobuf');
    expect([contentType, Buffer.from(body).toString('latin1')]).toEqual([
      'application/x-protobuf',
      '\x08\x08\x12\x05large',
    ]);
    expect(errorBody(415, 'what', 'text/plain').contentType).toBe('application/json');
  });
});

describe('the end', () => {
  it('closes all servers', async () => {
    const { run, transport } = await serve();
    expect(transport.listening).toBe(2);
    await run.stop();
    expect(transport.listening).toBe(0);
  });

  it('leaves no server behind when another cannot start', async () => {
    const transport = fakeTransport();
    const failing = { ...transport, serveHttp: () => Promise.reject(new Error('address in use')) };
    await expect(runReceiver(otlp, both, { transport: failing })).rejects.toThrow('address in use');
    expect(transport.listening).toBe(0);
  });
});
