import { afterEach, describe, expect, it } from 'vitest';
import { rpcCodes } from '../../../plugin/index.ts';
import { flag, frameType } from '../codes.ts';
import { frame, headersFrame, literalBlock, postBlock, RawPeer, sleep } from '../testing.ts';
import { cleanUp, inflight, leanClient, MiB, never, path, serve } from './testing.ts';

afterEach(cleanUp);

const call = Buffer.concat([
  postBlock.subarray(0, 2),
  literalBlock([':path', path, 'content-type', 'application/grpc']),
]);
const start = Buffer.from([0, 0, 1, 0, 0]);

describe('the budget of bytes over all servers', () => {
  it('counts what has come of a request that is not whole, and gives it back when the client goes away', async () => {
    const listener = await serve(async ({ message }) => message);
    const peer = await RawPeer.client(listener.address);
    peer.send(
      headersFrame(1, call, flag.endHeaders),
      frame(frameType.data, 0, 1, Buffer.concat([start, Buffer.alloc(10_000)])),
    );
    await sleep(50);
    expect(inflight.held).toBe(10_005);
    peer.socket.destroy();
    await sleep(50);
    expect(inflight.held).toBe(0);
  });

  it('refuses what has no room with UNAVAILABLE and a wait, and takes it later', async () => {
    const listener = await serve(async ({ message }) => message);
    const room = inflight.limit - MiB;
    inflight.take(room);
    const client = leanClient(listener.address);
    const refused = await client.call({ method: path, message: Buffer.alloc(2 * MiB), signal: never });
    expect(refused).toMatchObject({ code: rpcCodes.UNAVAILABLE, retryAfterMs: 1000 });
    inflight.release(room);
    expect(await client.call({ method: path, message: Buffer.alloc(2 * MiB), signal: never })).toBeInstanceOf(
      Uint8Array,
    );
  });

  it('gives back what it held for a message that is refused as too large', async () => {
    const listener = await serve(async ({ message }) => message, { max_recv_msg_size_mib: 1 });
    const client = leanClient(listener.address, { compression: 'gzip' });
    const refused = await client.call({ method: path, message: Buffer.alloc(20 * MiB), signal: never });
    expect(refused).toMatchObject({ code: rpcCodes.RESOURCE_EXHAUSTED });
    expect(inflight.held).toBe(0);
  });
});
