import http from 'node:http';
import { constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Client, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import { logsBatch } from 'sluice/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProduct as startAnyProduct, type Product } from './product.ts';
import { callOn, json, protobuf, sendHttp, statusIn } from './senders.ts';

describe.each(['lean', 'node'] as const)('with HTTP by %s', (httpTransport) => {
  const startProduct = (options: Parameters<typeof startAnyProduct>[0] = {}): Promise<Product> =>
    startAnyProduct({ ...options, httpTransport });

  const MiB = 1024 * 1024;
  const small = Buffer.from(logsBatch([{ body: 'a' }]).bytes);
  const large = Buffer.from(logsBatch([{ body: 'x'.repeat(1.5 * MiB) }]).bytes);
  const largeJson = Buffer.from(
    JSON.stringify({
      resourceLogs: [{ scopeLogs: [{ logRecords: [{ body: { stringValue: 'x'.repeat(1.5 * MiB) } }] }] }],
    }),
  );
  const parts = (bytes: Buffer): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / 50_000) }, (_, i) => bytes.subarray(i * 50_000, (i + 1) * 50_000));

  describe('fault 29: a body over the limit', () => {
    describe('over HTTP', () => {
      let product: Product;
      beforeAll(async () => {
        product = await startProduct({ httpOptions: 'max_request_body_size: 1MiB' });
      });
      afterAll(() => product.stop());

      const plain = { 'content-type': protobuf };
      const inJson = { 'content-type': json };
      it.each([
        ['plain, with its length', plain, large],
        ['plain, in chunks', plain, parts(large)],
        ['JSON, with its length', inJson, largeJson],
        ['JSON, in chunks', inJson, parts(largeJson)],
        ['gzip, with its length', { ...plain, 'content-encoding': 'gzip' }, gzipSync(large)],
        ['gzip, in chunks', { ...plain, 'content-encoding': 'gzip' }, [gzipSync(large)]],
        ['gzip that packs nothing', { ...plain, 'content-encoding': 'gzip' }, gzipSync(large, { level: 0 })],
        ['zstd, with its length', { ...plain, 'content-encoding': 'zstd' }, zstdCompressSync(large)],
        ['deflate in JSON, in chunks', { ...inJson, 'content-encoding': 'deflate' }, [deflateSync(largeJson)]],
      ])('%s is 413 with a Status, and the connection goes on', async (_what, headers, body) => {
        const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
        const answer = await sendHttp(product.http, { headers, body, agent });
        expect(answer.status).toBe(413);
        expect(answer.headers['content-type']).toBe(headers['content-type']);
        expect(statusIn(answer)).toMatchObject({ code: 8, message: expect.stringMatching(/./) as string });
        expect(answer.headers['retry-after']).toBeUndefined();
        expect((await sendHttp(product.http, { body: small, agent })).status).toBe(200);
        agent.destroy();
      });

      it('is taken up to the limit', async () => {
        const { bytes } = logsBatch([{ body: 'x'.repeat(MiB - 100) }]);
        expect((await sendHttp(product.http, { body: bytes })).status).toBe(200);
      });
    });

    describe.each(['lean', 'grpc_js'])('over gRPC by %s', (implementation) => {
      let product: Product;
      let client: Client;
      let zipped: Client;
      beforeAll(async () => {
        product = await startProduct({
          grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}, max_recv_msg_size_mib: 1`,
        });
        const options = { 'grpc.use_local_subchannel_pool': 1, 'grpc.max_send_message_length': -1 };
        const gzip = { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip };
        client = new Client(product.grpc, credentials.createInsecure(), options);
        zipped = new Client(product.grpc, credentials.createInsecure(), { ...options, ...gzip });
      });
      afterAll(async () => {
        client.close();
        zipped.close();
        await product.stop();
      });

      it('is RESOURCE_EXHAUSTED without RetryInfo, plain and compressed, and the connection goes on', async () => {
        for (const one of [client, zipped]) {
          expect(await callOn(one, large)).toMatchObject({ code: 8, retryAfterMs: undefined });
          expect(await callOn(one, small)).toMatchObject({ code: 0 });
        }
      });

      it('is taken up to the limit', async () => {
        const { bytes } = logsBatch([{ body: 'x'.repeat(MiB - 100) }]);
        for (const one of [client, zipped]) expect(await callOn(one, bytes)).toMatchObject({ code: 0 });
      });
    });
  });

  describe('fault 30: a small body that inflates to 200 MiB', () => {
    const zeros = Buffer.alloc(200 * MiB);
    const bombs = new Map([
      ['gzip', gzipSync(zeros)],
      ['deflate', deflateSync(zeros)],
      ['zstd', zstdCompressSync(zeros, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })],
    ]);
    const limit = 16 * MiB;

    it.each([...bombs])('in %s is refused, and costs no more than twice the limit', async (encoding, bomb) => {
      const product = await startProduct({ httpOptions: 'max_request_body_size: 16MiB' });
      const before = process.memoryUsage().rss;
      let peak = before;
      const timer = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 1);
      const sendings = Array.from({ length: 5 }, () =>
        sendHttp(product.http, { headers: { 'content-encoding': encoding }, body: bomb }),
      );
      for (const sending of sendings) {
        const answer = await sending;
        expect([answer.status, statusIn(answer)?.code]).toEqual([413, 8]);
      }
      clearInterval(timer);
      expect(bomb.length).toBeLessThan(MiB);
      expect(peak - before).toBeLessThan(5 * 2 * limit);
      expect((await sendHttp(product.http, { body: small })).status).toBe(200);
      await product.stop();
    });

    it('in zstd with a window of 2 GiB is refused', async () => {
      const product = await startProduct();
      // Magic, a frame header without a content size, the window 2^31, one raw block of one byte.
      const wide = Buffer.from('28b52ffd00a809000061', 'hex');
      const answer = await sendHttp(product.http, { headers: { 'content-encoding': 'zstd' }, body: wide });
      expect(answer.status).toBe(400);
      expect(statusIn(answer)).toMatchObject({ code: 3 });
      await product.stop();
    });

    it.each(['lean', 'grpc_js'])('in gzip is refused over gRPC by %s', async (implementation) => {
      const product = await startProduct({
        grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}, max_recv_msg_size_mib: 16`,
      });
      const client = new Client(product.grpc, credentials.createInsecure(), {
        'grpc.use_local_subchannel_pool': 1,
        'grpc.max_send_message_length': -1,
        'grpc.default_compression_algorithm': compressionAlgorithms.gzip,
      });
      expect(await callOn(client, zeros)).toMatchObject({ code: 8, retryAfterMs: undefined });
      expect(await callOn(client, small)).toMatchObject({ code: 0 });
      client.close();
      await product.stop();
    });
  });
});
