import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import zlib from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rpcCodes, type GrpcStatus } from '../../../plugin/index.ts';
import { sleep } from '../testing.ts';
import { cleanUp, cleanups, leanClient, never, path, quiet } from './testing.ts';

afterEach(cleanUp);

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
