import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rpcCodes, type GrpcHandler, type GrpcRequest, type Listener } from '../../../plugin/index.ts';
import { sleep } from '../testing.ts';
import { cleanUp, cleanups, MiB, pass, path, serve } from './testing.ts';

afterEach(cleanUp);

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
