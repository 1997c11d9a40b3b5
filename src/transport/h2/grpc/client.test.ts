import { Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rpcCodes } from '../../../plugin/index.ts';
import { sleep } from '../testing.ts';
import { cleanUp, cleanups, leanClient, MiB, never, pass, path } from './testing.ts';

afterEach(cleanUp);

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

  it('sends 64 MiB into windows of 64 KiB, which takes thousands of window updates', async () => {
    respond = async (message) => Buffer.from(String(message.length));
    const message = Buffer.alloc(64 * MiB);
    const answer = await leanClient(address).call({ method: path, message, signal: never });
    expect(Buffer.from(answer as Uint8Array).toString()).toBe(String(64 * MiB));
  });

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
