import { connect as connectHttp2 } from 'node:http2';
import { createServer as createHttps } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { rpcCodes } from '../../plugin/index.ts';
import { cleanUp, cleanups, leanClient, never, path } from './grpc/testing.ts';
import { createServer, type Server } from './server.ts';
import { exchange, quick, RawPeer, sleep } from './testing.ts';
import { certificate } from './testing-certificate.ts';

let pair: { key: Buffer; cert: Buffer };
beforeAll(() => {
  pair = certificate();
});
afterEach(cleanUp);

async function start(limits = quick): Promise<{ server: Server; port: number }> {
  const server = createServer({ limits, maxConnections: 1000, tls: pair, open: () => exchange() });
  cleanups.push(() => server.close(0));
  return { server, port: Number((await server.listen({ port: 0, host: '127.0.0.1' })).split(':')[1]) };
}

function raw(port: number): Socket {
  const socket = connect(port, '127.0.0.1');
  cleanups.push(() => socket.destroy());
  return socket;
}

async function get(port: number): Promise<string> {
  const session = connectHttp2(`https://localhost:${port}`, { ca: pair.cert });
  const stream = session.request({ ':path': '/' });
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise((resolve, reject) => stream.on('end', resolve).on('error', reject));
  session.destroy();
  return Buffer.concat(chunks).toString();
}

describe('TLS', () => {
  it('serves a client that asks for h2', async () => {
    const { port } = await start();
    expect(await get(port)).toBe('ok');
  });

  it('cuts off two hundred handshakes that never end, and serves others meanwhile', async () => {
    const { port } = await start({ ...quick, handshakeTimeout: 300 });
    const silent = Array.from({ length: 200 }, () => new RawPeer(raw(port)));
    await sleep(50);
    expect(await get(port)).toBe('ok');
    expect(await Promise.all(silent.map((peer) => peer.closed(5000)))).not.toContain(false);
  });

  it('cuts off a client that is silent after its handshake', async () => {
    const { port } = await start({ ...quick, handshakeTimeout: 200 });
    const socket = connectTls({
      port,
      host: '127.0.0.1',
      ca: pair.cert,
      servername: 'localhost',
      ALPNProtocols: ['h2'],
    });
    expect(await new RawPeer(socket).closed()).toBe(true);
  });

  it('lives on after garbage, and after resets in the middle of handshakes', async () => {
    const { port } = await start();
    for (let index = 0; index < 20; index++) {
      const socket = raw(port);
      socket.on('error', () => {});
      socket.write(index % 2 === 0 ? Buffer.alloc(500, index) : Buffer.from('16030100fa010000f603', 'hex'));
      setTimeout(() => socket.resetAndDestroy(), 10);
    }
    await sleep(50);
    expect(await get(port)).toBe('ok');
  });

  it('verifies the server, and knows one that does not speak HTTP/2', async () => {
    const { port } = await start();
    const call = { method: path, message: Buffer.alloc(1), signal: never };
    const stranger = leanClient(`https://localhost:${port}`, { tls: {} });
    expect(await stranger.call(call)).toMatchObject({
      code: rpcCodes.UNAVAILABLE,
      message: expect.stringContaining('certificate'),
    });
    const https = createHttps(pair);
    await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => https.close());
    const old = leanClient(`https://127.0.0.1:${(https.address() as AddressInfo).port}`, {
      tls: { ca_pem: pair.cert.toString() },
    });
    expect(await old.call(call)).toMatchObject({ code: rpcCodes.UNAVAILABLE });
  });
});
