import { Client, credentials, Metadata, Server, ServerCredentials, status, type ServiceError } from '@grpc/grpc-js';
import { connect, createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { grpcClientConfig } from '../../../plugin/groups/grpc.ts';
import {
  grpcServer,
  rpcCodes,
  type GrpcHandler,
  type GrpcRequest,
  type GrpcStatus,
  type Listener,
} from '../../../plugin/index.ts';
import { InflightBytes } from '../../inflight.ts';
import { sleep } from '../testing.ts';
import type { Surroundings } from '../../surroundings.ts';
import { systemClock } from '../../../flow/clock.ts';
import { lean } from './index.ts';

const quiet = (): void => {};
const surroundings: Surroundings = {
  logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  clock: systemClock,
  inflight: new InflightBytes(1e9),
};
const path = '/a.B/C';
const pass = (bytes: Buffer): Buffer => bytes;
const never = new AbortController().signal;
const MiB = 1024 * 1024;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  if (surroundings.inflight.held !== 0) throw new Error(`${surroundings.inflight.held} bytes were never released`);
});

async function serve(handler: GrpcHandler, config: object = {}): Promise<Listener> {
  const parsed = grpcServer('127.0.0.1:0').parse(config);
  const listener = await lean.serve({ config: parsed, methods: { [path]: handler } }, surroundings);
  cleanups.push(() => listener.close(0));
  return listener;
}

function leanClient(endpoint: string, config: object = {}): ReturnType<typeof lean.client> {
  const parsed = grpcClientConfig.parse({ endpoint, compression: 'none', tls: { insecure: true }, ...config });
  const client = lean.client({ config: parsed }, surroundings);
  cleanups.push(() => client.close());
  return client;
}

describe('our server with the client of grpc-js', () => {
  let listener: Listener;
  let handler: GrpcHandler = async ({ message }) => message;
  let last: GrpcRequest;
  beforeEach(async () => {
    handler = async ({ message }) => message;
    listener = await serve((request) => {
      last = request;
      return handler(request);
    });
  });

  function foreign(options: object = {}): (message: Buffer, metadata?: Metadata, more?: object) => Promise<Buffer> {
    const limits = {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.enable_retries': 0,
    };
    const client = new Client(listener.address, credentials.createInsecure(), { ...limits, ...options });
    cleanups.push(() => client.close());
    return (message, metadata = new Metadata(), more = {}) => {
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      client.makeUnaryRequest(path, pass, pass, message, metadata, more, (error, answer) =>
        error === null ? resolve(answer as Buffer) : reject(error),
      );
      return promise;
    };
  }

  it.each([0, 1, 3000, 65_536, 16 * MiB])('echoes a message of %d bytes', async (size) => {
    const message = Buffer.alloc(size, 'telemetry ');
    expect((await foreign()(message)).equals(message)).toBe(true);
  });

  it('answers two thousand calls at once over one connection', async () => {
    const call = foreign();
    const answers = await Promise.all(
      Array.from({ length: 2000 }, (_, index) => call(Buffer.from(`message ${index}`))),
    );
    answers.forEach((answer, index) => expect(answer.toString()).toBe(`message ${index}`));
  });

  it.each([
    ['gzip', 2],
    ['deflate', 1],
  ])('takes %s messages', async (_, algorithm) => {
    const message = Buffer.alloc(100_000, 'telemetry ');
    expect((await foreign({ 'grpc.default_compression_algorithm': algorithm })(message)).equals(message)).toBe(true);
  });

  it('gives metadata to the handler, binary values in base64', async () => {
    const metadata = new Metadata();
    metadata.add('x-tenant', 'a');
    metadata.add('x-tenant', 'b');
    metadata.set('trace-bin', Buffer.from([0, 255, 1]));
    await foreign()(Buffer.from('x'), metadata);
    expect([last.metadata.get('x-tenant')?.flatMap((value) => value.split(', '))]).toEqual([['a', 'b']]);
    expect(last.metadata.get('trace-bin')).toEqual([Buffer.from([0, 255, 1]).toString('base64')]);
    expect(last.metadata.get('user-agent')?.[0]).toContain('grpc-node-js');
    expect(last.metadata.has('grpc-timeout')).toBe(false);
    expect(last.peer).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('sends a status with its message percent-encoded and the wait as RetryInfo', async () => {
    handler = async () => ({ code: rpcCodes.UNAVAILABLE, message: 'voll: 100 % – später\n', retryAfterMs: 1500 });
    const error = (await foreign()(Buffer.from('x')).catch((caught: unknown) => caught)) as ServiceError;
    expect(error).toMatchObject({ code: status.UNAVAILABLE, details: 'voll: 100 % – später\n' });
    const details = error.metadata.get('grpc-status-details-bin')[0] as Buffer;
    expect(details.toString('latin1')).toContain('type.googleapis.com/google.rpc.RetryInfo');
  });

  it('hears the deadline, and ends a call that passes it', async () => {
    handler = () => new Promise((resolve) => setTimeout(resolve, 400, Buffer.alloc(0)));
    const deadline = Date.now() + 200;
    const error = (await foreign()(Buffer.from('x'), new Metadata(), { deadline }).catch(
      (caught: unknown) => caught,
    )) as ServiceError;
    expect(error.code).toBe(status.DEADLINE_EXCEEDED);
    expect(Math.abs((last.deadline ?? 0) - deadline)).toBeLessThan(100);
    await sleep(300);
  });

  it('refuses an unknown method, a message over the limit and metadata over the limit, and goes on', async () => {
    await listener.close(0);
    listener = await serve(async ({ message }) => message, { max_recv_msg_size_mib: 1 });
    const call = foreign({ 'grpc-node.max_session_memory': 100 });
    const oversize = (await call(Buffer.alloc(2 * MiB)).catch((caught: unknown) => caught)) as ServiceError;
    expect(oversize).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
    const metadata = new Metadata();
    for (let index = 0; index < 2000; index++) metadata.set(`key-${index}`, 'value');
    const crowded = (await call(Buffer.from('x'), metadata).catch((caught: unknown) => caught)) as ServiceError;
    expect(crowded.code).toBe(status.RESOURCE_EXHAUSTED);
    expect((await call(Buffer.from('fine'))).toString()).toBe('fine');
  });

  it('refuses a bomb by what comes out of it', async () => {
    await listener.close(0);
    listener = await serve(async ({ message }) => message, { max_recv_msg_size_mib: 1 });
    const call = foreign({ 'grpc.default_compression_algorithm': 2 });
    const error = (await call(Buffer.alloc(50 * MiB)).catch((caught: unknown) => caught)) as ServiceError;
    expect(error.code).toBe(status.RESOURCE_EXHAUSTED);
    expect((await call(Buffer.from('fine'))).toString()).toBe('fine');
  });

  it('answers INTERNAL when the handler throws, and tells nobody why', async () => {
    handler = () => Promise.reject(new Error('secret'));
    const error = (await foreign()(Buffer.from('x')).catch((caught: unknown) => caught)) as ServiceError;
    expect(error).toMatchObject({ code: status.INTERNAL, details: 'internal error' });
  });

  it('forgets a call that the client cancels', async () => {
    let finish: () => void = () => {};
    handler = () => new Promise((resolve) => (finish = () => resolve(Buffer.alloc(0))));
    const controller = new Client(listener.address, credentials.createInsecure());
    cleanups.push(() => controller.close());
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const call = controller.makeUnaryRequest(path, pass, pass, Buffer.from('x'), (error) => resolve(error?.code));
    await sleep(100);
    call.cancel();
    expect(await promise).toBe(status.CANCELLED);
    finish();
  });

  it('lets calls end when it closes, and the client goes elsewhere for new ones', async () => {
    handler = () => new Promise((resolve) => setTimeout(resolve, 200, Buffer.from('late')));
    const call = foreign();
    const pending = call(Buffer.from('x'));
    await sleep(100);
    await listener.close(Date.now() + 2000);
    expect((await pending).toString()).toBe('late');
    await expect(call(Buffer.from('y'))).rejects.toMatchObject({ code: status.UNAVAILABLE });
  });
});

describe('our server with malformed calls', () => {
  it.each([
    ['without a content type', {}, Buffer.alloc(5), { ':status': 415 }],
    [
      'with a malformed deadline',
      { 'content-type': 'application/grpc', 'grpc-timeout': '1x' },
      Buffer.alloc(5),
      { 'grpc-status': '13' },
    ],
    [
      'with an unknown encoding',
      { 'content-type': 'application/grpc', 'grpc-encoding': 'br' },
      Buffer.alloc(5),
      { 'grpc-status': '12' },
    ],
    ['without a message', { 'content-type': 'application/grpc' }, Buffer.alloc(0), { 'grpc-status': '13' }],
    [
      'with half a message',
      { 'content-type': 'application/grpc' },
      Buffer.from([0, 0, 0, 0, 9, 1]),
      { 'grpc-status': '13' },
    ],
    ['with two messages', { 'content-type': 'application/grpc' }, Buffer.alloc(10), { 'grpc-status': '13' }],
    [
      'with a strange flag',
      { 'content-type': 'application/grpc' },
      Buffer.from([7, 0, 0, 0, 0]),
      { 'grpc-status': '13' },
    ],
    [
      'with a message of 4 GiB announced',
      { 'content-type': 'application/grpc' },
      Buffer.alloc(6, 255),
      { 'grpc-status': '8' },
    ],
    [
      'CVE-2026-48069, with a compressed message that is none',
      { 'content-type': 'application/grpc', 'grpc-encoding': 'gzip' },
      Buffer.from([1, 0, 0, 0, 3, 1, 2, 3]),
      { 'grpc-status': '13' },
    ],
    [
      'with a message that says it is compressed, but not how',
      { 'content-type': 'application/grpc' },
      Buffer.from([1, 0, 0, 0, 3, 1, 2, 3]),
      { 'grpc-status': '13' },
    ],
  ])('answers one %s', async (_, headers, body, expected) => {
    const listener = await serve(async ({ message }) => message);
    const session = connect(`http://${listener.address}`);
    cleanups.push(() => session.destroy());
    const stream = session.request({ ':method': 'POST', ':path': path, te: 'trailers', ...headers });
    stream.on('error', quiet);
    const { promise, resolve } = Promise.withResolvers<object>();
    stream.on('response', resolve);
    stream.end(body);
    expect(await promise).toMatchObject(expected);
  });

  it('takes a zstd message', async () => {
    const listener = await serve(async ({ message }) => message);
    const message = Buffer.alloc(10_000, 'telemetry ');
    const answer = await leanClient(listener.address, { compression: 'zstd' }).call({
      method: path,
      message,
      signal: never,
    });
    expect(Buffer.from(answer as Uint8Array).equals(message)).toBe(true);
  });
});

describe('our client with the server of grpc-js', () => {
  let address: string;
  let server: Server;
  let metadata: Metadata;
  let respond: (message: Buffer) => Promise<Buffer | object>;
  beforeEach(async () => {
    respond = async (message) => message;
    server = new Server({ 'grpc.max_receive_message_length': -1, 'grpc.max_concurrent_streams': 50 });
    const method = {
      path,
      requestStream: false,
      responseStream: false,
      requestSerialize: pass,
      requestDeserialize: pass,
      responseSerialize: pass,
      responseDeserialize: pass,
    };
    server.addService(
      { call: method },
      {
        call: (
          call: { request: Buffer; metadata: Metadata },
          callback: (error: object | null, answer?: Buffer) => void,
        ) => {
          metadata = call.metadata;
          const run = async (): Promise<void> => {
            const answer = await respond(call.request);
            if (answer instanceof Buffer) callback(null, answer);
            else callback(answer);
          };
          void run();
        },
      },
    );
    const { promise, resolve } = Promise.withResolvers<number>();
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (_, port) => resolve(port));
    address = `127.0.0.1:${await promise}`;
    cleanups.push(() => server.forceShutdown());
  });

  it.each(['none', 'gzip', 'deflate'])(
    'sends messages with compression %s, from empty to 16 MiB',
    async (compression) => {
      const client = leanClient(address, { compression });
      respond = async (message) => Buffer.from(String(message.length));
      for (const size of [0, 10, 3000, 300_000, 16 * MiB]) {
        const answer = await client.call({ method: path, message: Buffer.alloc(size, 'telemetry '), signal: never });
        expect(Buffer.from(answer as Uint8Array).toString()).toBe(String(size));
      }
    },
  );

  it('holds back calls over the limit of the server, and answers all of them', async () => {
    const client = leanClient(address);
    const calls = Array.from({ length: 1000 }, (_, index) =>
      client.call({ method: path, message: Buffer.from(`${index}`), signal: never }),
    );
    (await Promise.all(calls)).forEach((answer, index) =>
      expect(Buffer.from(answer as Uint8Array).toString()).toBe(`${index}`),
    );
  });

  it('reads a status with message and wait', async () => {
    const details = Buffer.from(
      '080e1a320a28747970652e676f6f676c65617069732e636f6d2f676f6f676c652e7270632e5265747279496e666f12060a0408011000',
      'hex',
    );
    const trailers = new Metadata();
    trailers.set('grpc-status-details-bin', details);
    respond = async () => ({ code: 14, details: 'später – 100 %', metadata: trailers });
    const answer = await leanClient(address).call({ method: path, message: Buffer.from('x'), signal: never });
    expect(answer).toEqual({ code: 14, message: 'später – 100 %', retryAfterMs: 1000 });
  });

  it('sends configured headers, the user agent and a deadline', async () => {
    const client = leanClient(address, { headers: { 'X-Api-Key': 'abc' }, user_agent: 'me/1' });
    const call = { method: path, message: Buffer.from('x'), signal: never, deadline: Date.now() + 5000 };
    for (let round = 0; round < 3; round++) await client.call(call);
    expect(metadata.get('x-api-key')).toEqual(['abc']);
    expect(metadata.get('user-agent')).toEqual(['me/1']);
  });

  it('gives up when the signal aborts, and the connection goes on', async () => {
    const client = leanClient(address);
    respond = () => new Promise(() => {});
    const answer = await client.call({ method: path, message: Buffer.from('x'), signal: AbortSignal.timeout(100) });
    expect(answer).toMatchObject({ code: rpcCodes.DEADLINE_EXCEEDED });
    respond = async (message) => message;
    expect(await client.call({ method: path, message: Buffer.from('y'), signal: never })).toBeInstanceOf(Uint8Array);
  });

  it('says UNAVAILABLE when the connection is lost under a call, and connects again for the next', async () => {
    const client = leanClient(address);
    respond = () => new Promise(() => {});
    const pending = client.call({ method: path, message: Buffer.from('x'), signal: never });
    await sleep(100);
    server.forceShutdown();
    expect(await pending).toMatchObject({ code: rpcCodes.UNAVAILABLE });
    expect(await client.call({ method: path, message: Buffer.from('y'), signal: never })).toMatchObject({
      code: rpcCodes.UNAVAILABLE,
    });
  });

  it('refuses an answer that is larger than it may be', async () => {
    respond = async () => Buffer.alloc(5 * MiB);
    const answer = await leanClient(address).call({ method: path, message: Buffer.from('x'), signal: never });
    expect(answer).toMatchObject({ code: rpcCodes.RESOURCE_EXHAUSTED });
  });
});

describe('our client with a scripted server of node:http2', () => {
  let server: Http2Server;
  let address: string;
  let script: (stream: ServerHttp2Stream) => void;
  beforeEach(async () => {
    server = createServer();
    server.on('stream', (stream) => {
      stream.on('error', quiet);
      script(stream);
    });
    server.on('sessionError', quiet);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    cleanups.push(() => server.close());
  });
  const call = (client = leanClient(address)): Promise<Uint8Array | GrpcStatus> =>
    client.call({ method: path, message: Buffer.from('x'), signal: never });
  const grpc = { ':status': 200, 'content-type': 'application/grpc' };

  it.each([
    [401, rpcCodes.UNAUTHENTICATED],
    [403, rpcCodes.PERMISSION_DENIED],
    [404, rpcCodes.UNIMPLEMENTED],
    [429, rpcCodes.UNAVAILABLE],
    [503, rpcCodes.UNAVAILABLE],
    [500, rpcCodes.UNKNOWN],
    [200, rpcCodes.UNKNOWN],
  ])('reads HTTP %d without a status of gRPC as %d', async (http, code) => {
    script = (stream) => {
      stream.respond({ ':status': http });
      stream.end('<html>');
    };
    expect(await call()).toMatchObject({ code });
  });

  it.each([
    [8, rpcCodes.CANCELLED],
    [11, rpcCodes.RESOURCE_EXHAUSTED],
    [2, rpcCodes.INTERNAL],
  ])('reads RST_STREAM %d as status %d', async (reset, code) => {
    script = (stream) => stream.close(reset);
    expect(await call()).toMatchObject({ code });
  });

  it('sends a refused stream again, three times at most', async () => {
    let calls = 0;
    script = (stream) => {
      calls++;
      stream.close(7);
    };
    expect(await call()).toMatchObject({ code: rpcCodes.UNAVAILABLE });
    expect(calls).toBe(3);
  });

  it('takes an answer in gzip, and refuses one that is none', async () => {
    const packed = zlib.gzipSync('hello');
    const reply = (bytes: Buffer): void => {
      script = (stream) => {
        stream.respond({ ...grpc, 'grpc-encoding': 'gzip' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.concat([Buffer.from([1, 0, 0, 0, bytes.length]), bytes]));
      };
    };
    reply(packed);
    expect(Buffer.from((await call()) as Uint8Array).toString()).toBe('hello');
    reply(Buffer.from('nonsense'));
    expect(await call()).toMatchObject({ code: rpcCodes.INTERNAL });
  });

  it('goes on with open calls after GOAWAY, and opens a new connection for others', async () => {
    const sessions = new Set<unknown>();
    script = (stream) => {
      sessions.add(stream.session);
      stream.session?.goaway(0);
      setTimeout(() => {
        stream.respond({ ...grpc, 'grpc-status': '0' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
        stream.end(Buffer.alloc(5));
      }, 50);
    };
    const client = leanClient(address);
    const first = call(client);
    await sleep(20);
    const second = call(client);
    expect(await first).toBeInstanceOf(Uint8Array);
    expect(await second).toBeInstanceOf(Uint8Array);
    expect(sessions.size).toBe(2);
  });
});
