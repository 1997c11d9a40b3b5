import { connect } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, cleanups, leanClient, never, path, quiet, serve } from './testing.ts';

afterEach(cleanUp);

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
