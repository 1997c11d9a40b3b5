import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Client,
  compressionAlgorithms,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ClientOptions,
  type handleUnaryCall,
  type ServiceError,
} from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import {
  encodeRpcStatus,
  PermanentError,
  rpcCodes,
  type GrpcClient,
  type GrpcHandler,
  type GrpcRequest,
  type GrpcServerOptions,
  type GrpcStatus,
} from '../../plugin/index.ts';
import { frameType } from '../h2/codes.ts';
import { RawPeer } from '../h2/testing.ts';
import { configs, serverTransportOf, stop, transport } from '../testing.ts';
import { implementations } from './index.ts';

/** Every implementation of ours, against @grpc/grpc-js as the foreign side. */

const method = '/test.Service/Call';
const pass = (bytes: Buffer): Buffer => bytes;
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (answer: Uint8Array | GrpcStatus): string =>
  answer instanceof Uint8Array ? Buffer.from(answer).toString() : JSON.stringify(answer);

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

interface Answer {
  readonly error?: ServiceError;
  readonly message?: Buffer;
}

function foreignCall(
  address: string,
  message: Buffer,
  metadata = new Metadata(),
  options: ClientOptions = {},
  deadline?: number,
): Promise<Answer> {
  const client = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1, ...options });
  cleanups.push(() => client.close());
  return new Promise((resolve) => {
    const callOptions = deadline === undefined ? {} : { deadline };
    client.makeUnaryRequest(method, pass, pass, message, metadata, callOptions, (error, answer) =>
      resolve({ ...(error !== null && { error }), ...(answer !== undefined && { message: answer }) }),
    );
  });
}

async function foreignServer(
  handler: handleUnaryCall<Buffer, Buffer>,
  port = 0,
): Promise<{ readonly address: string; readonly server: Server }> {
  const server = new Server();
  const path = { path: method, requestStream: false, responseStream: false };
  const codecs = {
    requestSerialize: pass,
    requestDeserialize: pass,
    responseSerialize: pass,
    responseDeserialize: pass,
  };
  server.addService({ call: { ...path, ...codecs } }, { call: handler });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, found) =>
      error === null ? resolve(found) : reject(error),
    );
  });
  cleanups.push(() => server.forceShutdown());
  return { address: `127.0.0.1:${bound}`, server };
}

describe.each(Object.keys(implementations))('gRPC by %s', (implementation) => {
  const serverTransport = serverTransportOf(implementation);
  const serve = async (
    handler: GrpcHandler,
    config: object = {},
    rest: Partial<GrpcServerOptions> = {},
  ): Promise<string> => {
    const listener = await transport.serveGrpc({
      config: configs.grpcServer({ transport: serverTransport, ...config }),
      methods: { [method]: handler },
      ...rest,
    });
    cleanups.push(() => stop(listener));
    return listener.address;
  };
  const connect = (address: string, config: object = {}, rest: object = {}): GrpcClient => {
    const client = transport.grpcClient({
      config: configs.grpcClient(address, { transport: implementation, ...config }),
      ...rest,
    });
    cleanups.push(() => client.close());
    return client;
  };
  const call = (
    client: GrpcClient,
    message: Uint8Array = bytes('hello'),
    ms = 5000,
  ): Promise<Uint8Array | GrpcStatus> => client.call({ method, message, signal: AbortSignal.timeout(ms) });

  describe('server', () => {
    it('hands over message, metadata, peer and deadline, and answers', async () => {
      let seen: GrpcRequest | undefined;
      const address = await serve(async (request) => {
        seen = request;
        return bytes(`got ${request.message.length}`);
      });
      const metadata = new Metadata();
      metadata.add('x-a', '1');
      metadata.add('x-a', '2');
      const deadline = Date.now() + 5000;
      const { message } = await foreignCall(address, Buffer.alloc(3_000_000), metadata, {}, deadline);
      expect(message?.toString()).toBe('got 3000000');
      // An implementation may join the values of a key, as HTTP allows.
      expect(seen?.metadata.get('x-a')?.join(', ')).toBe('1, 2');
      expect(seen?.peer).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(Math.abs((seen?.deadline ?? 0) - deadline)).toBeLessThan(1000);
    });

    it('answers an empty message with an empty message', async () => {
      const address = await serve(async (request) => request.message);
      expect((await foreignCall(address, Buffer.alloc(0))).message?.length).toBe(0);
    });

    it('has no deadline where the sender has none', async () => {
      const address = await serve(async (request) => bytes(String(request.deadline)));
      expect((await foreignCall(address, Buffer.from('x'))).message?.toString()).toBe('undefined');
    });

    it.each([compressionAlgorithms.gzip, compressionAlgorithms.deflate])(
      'inflates messages, algorithm %i',
      async (algorithm) => {
        const address = await serve(async (request) => request.message);
        const body = Buffer.from('a'.repeat(100_000));
        const { message } = await foreignCall(address, body, new Metadata(), {
          'grpc.default_compression_algorithm': algorithm,
        });
        expect(message?.equals(body)).toBe(true);
      },
    );

    it('passes on every status with its message, and a wait as RetryInfo', async () => {
      for (const code of Object.values(rpcCodes)) {
        if (code === rpcCodes.OK) continue;
        const address = await serve(async () => ({ code, message: 'schade: 100 % ä\ud800', retryAfterMs: 2500 }));
        const { error } = await foreignCall(address, Buffer.from('x'));
        expect([error?.code, error?.details]).toEqual([code, 'schade: 100 % ä\ufffd']);
        const [details] = error?.metadata.get('grpc-status-details-bin') ?? [];
        expect(
          Buffer.from(encodeRpcStatus({ code, message: 'schade: 100 % ä\ud800', retryAfterMs: 2500 })).equals(
            details as Buffer,
          ),
        ).toBe(true);
      }
    });

    it('answers UNIMPLEMENTED to a method it has not', async () => {
      const listener = await transport.serveGrpc({
        config: configs.grpcServer({ transport: serverTransport }),
        methods: {},
      });
      cleanups.push(() => stop(listener));
      expect((await foreignCall(listener.address, Buffer.from('x'))).error?.code).toBe(rpcCodes.UNIMPLEMENTED);
    });

    it('answers INTERNAL to what a handler throws, without its text', async () => {
      const address = await serve(() => Promise.reject(new Error('a secret')));
      const { error } = await foreignCall(address, Buffer.from('x'));
      expect([error?.code, error?.details]).toEqual([rpcCodes.INTERNAL, 'internal error']);
    });

    it('answers RESOURCE_EXHAUSTED to messages over the limit, plain and inflated, and serves on', async () => {
      const address = await serve(async () => bytes('ok'), { max_recv_msg_size_mib: 1 });
      const large = Buffer.alloc(2 * 1024 * 1024);
      expect((await foreignCall(address, large)).error?.code).toBe(rpcCodes.RESOURCE_EXHAUSTED);
      const gzip = { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip };
      expect((await foreignCall(address, large, new Metadata(), gzip)).error?.code).toBe(rpcCodes.RESOURCE_EXHAUSTED);
      expect((await foreignCall(address, Buffer.from('x'))).message?.toString()).toBe('ok');
    });

    it('refuses a call with 64 KiB of metadata, and serves others', async () => {
      const address = await serve(async () => bytes('ok'));
      const metadata = new Metadata();
      for (let i = 0; i < 2000; i++) metadata.set(`key-${i}`, 'x'.repeat(30));
      expect((await foreignCall(address, Buffer.from('x'), metadata)).error).toBeDefined();
      expect((await foreignCall(address, Buffer.from('x'))).message?.toString()).toBe('ok');
    });

    it('asks the authenticator and calls no handler for what it does not admit', async () => {
      let handled = 0;
      const auth = {
        challenge: 'Bearer',
        authenticate({ headers }: { readonly headers: ReadonlyMap<string, readonly string[]> }) {
          const [token] = headers.get('authorization') ?? [];
          if (token === 'banned') throw new PermanentError('you may not send');
          if (token === 'lost') throw new Error('cannot reach the issuer');
          return token === 'good' ? { identity: 'alice', tenant: 'acme' } : undefined;
        },
      };
      const handler: GrpcHandler = async ({ identity, tenant }) => {
        handled += 1;
        return bytes(`${identity} ${tenant}`);
      };
      const address = await serve(handler, {}, { auth });
      const as = (token: string): Promise<Answer> => {
        const metadata = new Metadata();
        if (token !== '') metadata.set('authorization', token);
        return foreignCall(address, Buffer.alloc(100_000), metadata);
      };
      expect((await as('')).error?.code).toBe(rpcCodes.UNAUTHENTICATED);
      expect((await as('goodx')).error?.code).toBe(rpcCodes.UNAUTHENTICATED);
      expect((await as('banned')).error?.code).toBe(rpcCodes.PERMISSION_DENIED);
      expect((await as('lost')).error?.code).toBe(rpcCodes.UNAVAILABLE);
      expect(handled).toBe(0);
      expect((await as('good')).message?.toString()).toBe('alice acme');
    });

    it('lets a call under way end when it closes, and cuts one that is late', async () => {
      const { promise: gate, resolve: open } = Promise.withResolvers<void>();
      const listener = await transport.serveGrpc({
        config: configs.grpcServer({ transport: serverTransport }),
        methods: {
          [method]: async ({ message }) =>
            message[0] === 1 ? gate.then(() => bytes('done')) : new Promise<never>(() => {}),
        },
      });
      const soon = foreignCall(listener.address, Buffer.from([1]));
      const late = foreignCall(listener.address, Buffer.from([2]));
      await new Promise((resolve) => setTimeout(resolve, 200));
      const closed = listener.close(Date.now() + 300);
      open();
      expect((await soon).message?.toString()).toBe('done');
      expect((await late).error).toBeDefined();
      await closed;
    });

    it('closes although connections break at that moment', async () => {
      for (let round = 0; round < 12; round++) {
        const config = configs.grpcServer({ transport: serverTransport });
        const listener = await transport.serveGrpc({ config, methods: {} });
        const peers = await Promise.all(Array.from({ length: 4 }, () => RawPeer.client(listener.address)));
        await Promise.all(peers.map((peer) => peer.type(frameType.settings)));
        for (const peer of peers) peer.send(Buffer.alloc(100, 0xff));
        for (let turn = 0; turn < round % 4; turn++) await new Promise((resolve) => void setImmediate(resolve));
        await stop(listener);
      }
    });

    it('says where it could not listen', async () => {
      const address = await serve(async () => bytes(''));
      await expect(serve(async () => bytes(''), { endpoint: address })).rejects.toThrow(address);
    });
  });

  describe('client', () => {
    it('sends message and metadata and gives back the answer', async () => {
      const { address } = await foreignServer((c, done) =>
        done(null, Buffer.from(`${c.request.toString()} ${JSON.stringify(c.metadata.getMap())}`)),
      );
      const auth = { headers: () => ({ Authorization: 'Bearer t' }) };
      const answer = text(
        await call(connect(address, { headers: { 'Dash0-Dataset': 'd' }, user_agent: 'me' }, { auth })),
      );
      expect(answer).toContain('hello');
      expect(answer).toContain('"dash0-dataset":"d"');
      expect(answer).toContain('"authorization":"Bearer t"');
      expect(answer).toMatch(/"user-agent":"me/);
    });

    it.each(
      (implementations as Record<string, { compressions: readonly string[] }>)[implementation]?.compressions.filter(
        (c) => c === 'gzip' || c === 'deflate',
      ) ?? [],
    )('compresses with %s what the other side can read', async (compression) => {
      const { address } = await foreignServer((c, done) => done(null, c.request));
      const body = bytes('a'.repeat(100_000));
      expect(text(await call(connect(address, { compression }), body))).toBe(text(body));
    });

    it('gives back every status, with the wait of its RetryInfo', async () => {
      const { address } = await foreignServer((c, done) => {
        const code = c.request[0] as number;
        const metadata = new Metadata();
        metadata.set(
          'grpc-status-details-bin',
          Buffer.from(encodeRpcStatus({ code, message: 'm', retryAfterMs: 1500 })),
        );
        done({ code, details: 'schade ä', metadata });
      });
      const client = connect(address);
      for (const code of Object.values(rpcCodes)) {
        if (code === rpcCodes.OK) continue;
        expect(await call(client, Uint8Array.of(code))).toEqual({ code, message: 'schade ä', retryAfterMs: 1500 });
      }
    });

    it('ends with DEADLINE_EXCEEDED when the signal aborts', async () => {
      const { address } = await foreignServer(() => {});
      expect(await call(connect(address), bytes('x'), 200)).toMatchObject({ code: rpcCodes.DEADLINE_EXCEEDED });
    });

    it('is UNAVAILABLE while nobody listens, and comes back with the server', async () => {
      const { address, server } = await foreignServer((_c, done) => done(null, Buffer.from('up')));
      const client = connect(address);
      expect(text(await call(client))).toBe('up');
      server.forceShutdown();
      await expect.poll(() => call(client), { timeout: 2000 }).toMatchObject({ code: rpcCodes.UNAVAILABLE });
      await foreignServer((_c, done) => done(null, Buffer.from('back')), Number(address.split(':')[1]));
      await expect.poll(async () => text(await call(client)), { timeout: 8000, interval: 100 }).toBe('back');
    });

    it('reads no answer over 4 MiB', async () => {
      const { address } = await foreignServer((_c, done) => done(null, Buffer.alloc(5 * 1024 * 1024)));
      expect(await call(connect(address))).toMatchObject({ code: rpcCodes.RESOURCE_EXHAUSTED });
    });

    it.each(['http://', 'dns:///'])('takes an endpoint with %s', async (scheme) => {
      const { address } = await foreignServer((_c, done) => done(null, Buffer.from('ok')));
      expect(text(await call(connect(scheme + address)))).toBe('ok');
    });
  });

  it('speaks with itself over a unix socket', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'sluice-grpc-'));
    cleanups.push(() => rmSync(directory, { recursive: true, force: true }));
    const path = join(directory, 'grpc.sock');
    const address = await serve(async ({ message }) => message, { endpoint: `unix://${path}` });
    expect(address).toBe(path);
    expect(text(await call(connect(`unix://${path}`)))).toBe('hello');
  });
});
