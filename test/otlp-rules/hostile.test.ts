import { connect as connectHttp2 } from 'node:http2';
import { connect } from 'node:net';
import { logsBatch } from 'sluice/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { otlpMethods } from '../../src/plugin/index.ts';
import { errorCode, flag, frameType } from '../../src/transport/h2/codes.ts';
import {
  frame,
  headersFrame,
  literalBlock,
  postBlock,
  RawPeer,
  repeated,
  settingsFrame,
  uint32,
} from '../../src/transport/h2/testing.ts';
import { RawClient } from '../../src/transport/http/raw-client.ts';
import { CertificateDirectory, hasOpenssl } from '../../src/transport/tls/test-certificates.ts';
import { startProduct as startAnyProduct, type Product } from './product.ts';
import { callGrpc, sendHttp } from './senders.ts';

describe.each(['lean', 'node'] as const)('with HTTP by %s', (httpTransport) => {
  const startProduct = (options: Parameters<typeof startAnyProduct>[0] = {}): Promise<Product> =>
    startAnyProduct({ ...options, httpTransport });

  const good = logsBatch([{ body: 'a' }]).bytes;
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  });

  async function start(options: Parameters<typeof startProduct>[0]): Promise<Product> {
    const product = await startProduct(options);
    cleanups.push(() => product.stop());
    return product;
  }

  function raw(address: string): RawClient {
    const client = new RawClient(address);
    cleanups.push(() => client.socket.destroy());
    return client;
  }

  describe('fault 34: slow senders', () => {
    it('of headers and of bodies are cut off by the clock, while others are served', async () => {
      const product = await start({ httpOptions: 'read_header_timeout: 300ms, read_timeout: 600ms' });
      const head = 'POST /v1/logs HTTP/1.1\r\nhost: a\r\ncontent-type: application/x-protobuf\r\n';
      const headers = Array.from({ length: 50 }, () => raw(product.http));
      const bodies = Array.from({ length: 50 }, () => raw(product.http));
      const dribble = setInterval(() => {
        for (const { socket } of headers) if (socket.writable) socket.write('x');
        for (const { socket } of bodies) if (socket.writable) socket.write('x');
      }, 100);
      cleanups.push(() => clearInterval(dribble));
      await Promise.all(headers.map((client) => client.write('POST /v1/logs HTTP/1.1\r\nx-slow: ')));
      await Promise.all(bodies.map((client) => client.write(`${head}content-length: 1000\r\n\r\n`)));
      const startedAt = performance.now();
      expect((await sendHttp(product.http, { body: good })).status).toBe(200);
      expect(performance.now() - startedAt).toBeLessThan(300);
      await Promise.all([...headers, ...bodies].map(({ closed }) => closed));
      expect(product.collected).toHaveLength(1);
    });

    it.skipIf(!hasOpenssl)(
      'with TLS handshakes that never begin are cut off by the clock, and others are served',
      { timeout: 30_000 },
      async () => {
        const certificates = new CertificateDirectory();
        cleanups.push(() => certificates.remove());
        const { cert, key } = certificates.sign(certificates.authority('ca'), 'server', 'localhost');
        const tls = `tls: { cert_file: '${cert}', key_file: '${key}' }`;
        const product = await start({ httpOptions: tls, grpcOptions: tls });
        const sockets = [product.http, product.grpc].flatMap((address) =>
          Array.from({ length: 200 }, () => {
            const [host, port] = address.split(':');
            return connect(Number(port), host).on('error', () => {});
          }),
        );
        const closed = sockets.map((socket) => new Promise((resolve) => socket.on('close', resolve).resume()));
        const session = connectHttp2(`https://${product.grpc}`, { rejectUnauthorized: false });
        cleanups.push(() => session.destroy());
        expect(await new Promise((resolve) => session.on('connect', () => resolve('served')))).toBe('served');
        await Promise.all(closed);
      },
    );
  });

  describe.each(['lean', 'grpc_js'])('fault 35: HTTP/2 abused, gRPC by %s', (implementation) => {
    let product: Product;
    beforeAll(async () => {
      product = await startProduct({ grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}` });
    });
    afterAll(() => product.stop());

    const exportBlock = Buffer.concat([
      postBlock.subarray(0, 2),
      literalBlock([
        ':path',
        otlpMethods.logs,
        ':authority',
        'a',
        'content-type',
        'application/grpc',
        'te',
        'trailers',
      ]),
    ]);
    const rst = (id: number): Buffer => frame(frameType.rstStream, 0, id, uint32(errorCode.cancel));
    const floods: [string, () => Buffer][] = [
      [
        'rapid reset',
        () =>
          repeated(20_000, (i) =>
            Buffer.concat([headersFrame(2 * i + 1, exportBlock, flag.endHeaders), rst(2 * i + 1)]),
          ),
      ],
      [
        'a CONTINUATION flood',
        () =>
          Buffer.concat([
            headersFrame(1, exportBlock, 0),
            repeated(20_000, () => frame(frameType.continuation, 0, 1, literalBlock(['x-a', 'y'.repeat(100)]))),
          ]),
      ],
      ['a PING flood', () => repeated(100_000, () => frame(frameType.ping, 0, 0, Buffer.alloc(8)))],
      ['a SETTINGS flood', () => repeated(100_000, () => settingsFrame)],
      [
        'a window of the connection that overflows',
        () => repeated(2, () => frame(frameType.windowUpdate, 0, 0, uint32(0x7fffffff))),
      ],
      ['HPACK that is none', () => headersFrame(1, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]))],
      ['a HEADERS frame of 16 MiB', () => frame(frameType.headers, flag.endHeaders, 1, Buffer.alloc(0xffffff))],
      ['no preface', () => Buffer.alloc(1000)],
    ];

    it.each(floods)('%s ends the connection, in little memory, while others are served', async (_what, make) => {
      const peer = await RawPeer.client(product.grpc);
      cleanups.push(() => peer.socket.destroy());
      const bytes = make();
      const before = process.memoryUsage().rss;
      peer.send(bytes);
      const served = await callGrpc(product.grpc, good);
      expect(served).toMatchObject({ code: 0 });
      expect(await peer.closed(8000), 'the connection is over').toBe(true);
      expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024 + bytes.length);
      expect(await callGrpc(product.grpc, good)).toMatchObject({ code: 0 });
    });
  });

  describe('fault 36: headers beyond measure', () => {
    it('of 64 KiB are 431 over HTTP', async () => {
      const product = await start({});
      const answer = await sendHttp(product.http, { headers: { 'x-large': 'x'.repeat(64 * 1024) }, body: good });
      expect(answer.status).toBe(431);
      const many = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`x-${i}`, 'value']));
      expect((await sendHttp(product.http, { headers: many, body: good })).status).toBe(431);
      expect(product.collected).toEqual([]);
      expect((await sendHttp(product.http, { body: good })).status).toBe(200);
    });

    it.each(['lean', 'grpc_js'])(
      'as 2,000 metadata keys are refused over gRPC by %s, and others are served',
      async (implementation) => {
        const product = await start({
          grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}`,
        });
        const metadata = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`key-${i}`, 'x'.repeat(30)]));
        const answer = await callGrpc(product.grpc, good, { metadata });
        expect(answer.code).not.toBe(0);
        if (implementation === 'lean') expect(answer.code).toBe(8);
        expect(product.collected).toEqual([]);
        expect(await callGrpc(product.grpc, good)).toMatchObject({ code: 0 });
      },
    );
  });
});
