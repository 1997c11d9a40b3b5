import { readFileSync } from 'node:fs';
import http from 'node:http';
import { promisify } from 'node:util';
import { deflate, gzip, zstdCompress } from 'node:zlib';
import { Client, compressionAlgorithms, credentials } from '@grpc/grpc-js';
import { logsBatch } from 'sluice/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decode, type Batch, type Signal } from '../../src/plugin/index.ts';
import { startProduct as startAnyProduct, type Product } from './product.ts';
import { callGrpc, callOn, json, protobuf, sendHttp, statusIn } from './senders.ts';

describe.each(['lean', 'node'] as const)('with HTTP by %s', (httpTransport) => {
  const startProduct = (options: Parameters<typeof startAnyProduct>[0] = {}): Promise<Product> =>
    startAnyProduct({ ...options, httpTransport });

  /** What a server of OTLP has to take, and how it has to answer. */

  const signals: Signal[] = ['logs', 'traces', 'metrics'];
  const fixture = (name: string): Buffer => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
  const countOf = (batches: readonly Batch[]): number => batches.reduce((sum, { count }) => sum + count, 0);

  describe.each(['lean', 'grpc_js'])('OTLP with gRPC by %s', (implementation) => {
    let product: Product;
    beforeAll(async () => {
      product = await startProduct({ grpcOptions: `transport: ${implementation === 'lean' ? 'tcp' : implementation}` });
    });
    afterAll(() => product.stop());
    beforeEach(() => (product.collected as Batch[]).splice(0));

    it.each(signals)('an empty request for %s is a success, and nothing is handed on', async (signal) => {
      const path = `/v1/${signal}`;
      const empty = await sendHttp(product.http, { path });
      expect([empty.status, empty.headers['content-type'], empty.body.length]).toEqual([200, protobuf, 0]);
      for (const body of ['{}', '{"resourceLogs":[],"resourceSpans":[],"resourceMetrics":[]}', '']) {
        const answer = await sendHttp(product.http, {
          path,
          headers: { 'content-type': json },
          body: Buffer.from(body),
        });
        expect([answer.status, answer.headers['content-type'], answer.body.toString()]).toEqual([200, json, '{}']);
      }
      expect(await callGrpc(product.grpc, Buffer.alloc(0), { signal })).toMatchObject({
        code: 0,
        message: Buffer.alloc(0),
      });
      // A resource without a scope, and a resource with a scope without a record.
      for (const bytes of [Buffer.from([0x0a, 0]), Buffer.from([0x0a, 2, 0x12, 0])])
        expect(await callGrpc(product.grpc, bytes, { signal })).toMatchObject({ code: 0 });
      expect(product.collected).toEqual([]);
    });

    it.each(signals)('%s in protobuf, in either order of fields, and in JSON are the same records', async (signal) => {
      for (const [name, type] of [
        [`${signal}.ascending.pb`, protobuf],
        [`${signal}.collector.pb`, 'application/protobuf'],
        [`${signal}.json`, json],
        [`${signal}.json`, `${json}; charset=UTF-8`],
      ] as const) {
        const answer = await sendHttp(product.http, {
          path: `/v1/${signal}`,
          headers: { 'content-type': type },
          body: fixture(name),
        });
        expect([name, answer.status, answer.headers['content-type']]).toEqual([
          name,
          200,
          type.split(';')[0] === json ? json : protobuf,
        ]);
      }
      expect(await callGrpc(product.grpc, fixture(`${signal}.ascending.pb`), { signal })).toMatchObject({ code: 0 });
      const counts = product.collected.map(({ count }) => count);
      expect(counts).toHaveLength(5);
      expect(new Set(counts).size).toBe(1);
      expect(counts[0]).toBeGreaterThan(0);
    });

    it.each([
      ['gzip', gzip],
      ['deflate', deflate],
      ['zstd', zstdCompress],
    ] as const)('a request in %s is taken over HTTP, and so is an empty one', async (encoding, compress) => {
      const pack = promisify(compress as (input: Buffer, done: (error: Error | null, out: Buffer) => void) => void);
      const headers = { 'content-encoding': encoding };
      const bytes = fixture('logs.ascending.pb');
      expect((await sendHttp(product.http, { headers, body: await pack(bytes) })).status).toBe(200);
      expect((await sendHttp(product.http, { headers, body: [await pack(bytes)] })).status).toBe(200);
      expect(product.collected.map(({ bytes: got }) => Buffer.compare(got, bytes))).toEqual([0, 0]);
      expect((await sendHttp(product.http, { headers, body: await pack(Buffer.alloc(0)) })).status).toBe(200);
    });

    it.each([compressionAlgorithms.gzip, compressionAlgorithms.deflate])(
      'a request in a compression of gRPC is taken, %i',
      async (algorithm) => {
        const options = { 'grpc.default_compression_algorithm': algorithm };
        const bytes = fixture('logs.ascending.pb');
        expect(await callGrpc(product.grpc, bytes, { options })).toMatchObject({ code: 0 });
        expect(product.collected.map(({ bytes: got }) => Buffer.compare(got, bytes))).toEqual([0]);
      },
    );

    it('fields that nobody knows are ignored, and handed on', async () => {
      const known = logsBatch([{ body: 'a' }]).bytes;
      // Field 99 of the request, of every wire type that there is.
      const unknown = Buffer.from('9806019a0602aabb990601020304050607089d0601020304', 'hex');
      expect((await sendHttp(product.http, { body: Buffer.concat([unknown, known, unknown]) })).status).toBe(200);
      expect(await callGrpc(product.grpc, Buffer.concat([known, unknown]))).toMatchObject({ code: 0 });
      const text =
        '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"stringValue":"a"},"fresh":[{"x":1}]}],"y":null}],"z":{}}],"more":1}';
      const headers = { 'content-type': json };
      expect((await sendHttp(product.http, { headers, body: Buffer.from(text) })).status).toBe(200);
      expect(product.collected.map(({ count }) => count)).toEqual([1, 1, 1]);
      const bodies = product.collected.map(
        (batch) => decode(batch as Batch<'logs'>).resources[0]?.scopes[0]?.records[0]?.body,
      );
      expect(bodies).toEqual(['a', 'a', 'a']);
      expect(Buffer.from(product.collected[0]?.bytes ?? []).includes(unknown)).toBe(true);
    });

    it('many requests at the same time are all taken, each once', async () => {
      const agent = new http.Agent({ keepAlive: true, maxSockets: 20 });
      const client = new Client(product.grpc, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
      const sendings = Array.from({ length: 300 }, async (_, i) => {
        const { bytes } = logsBatch([{ body: `record ${i}` }]);
        if (i % 2 === 0) expect((await sendHttp(product.http, { body: bytes, agent })).status).toBe(200);
        else expect(await callOn(client, bytes)).toMatchObject({ code: 0 });
      });
      await Promise.all(sendings);
      agent.destroy();
      client.close();
      const bodies = product.collected.map(
        (batch) => decode(batch as Batch<'logs'>).resources[0]?.scopes[0]?.records[0]?.body,
      );
      expect(countOf(product.collected)).toBe(300);
      expect(new Set(bodies).size).toBe(300);
    });

    it('a request that the sender gives up on is no trouble for others', async () => {
      const { bytes } = logsBatch([{ body: 'a' }]);
      const impatient = await Promise.all(
        Array.from({ length: 20 }, () => callGrpc(product.grpc, bytes, { waitMs: 1 })),
      );
      expect(impatient.every(({ code }) => code === 0 || code === 4)).toBe(true);
      expect(await callGrpc(product.grpc, bytes)).toMatchObject({ code: 0 });
    });
  });

  describe('fault 33: a request that is none', () => {
    let product: Product;
    beforeAll(async () => {
      product = await startProduct();
    });
    afterAll(() => product.stop());

    const body = Buffer.from(logsBatch([{ body: 'a' }]).bytes);
    it.each([
      ['GET', '/v1/logs', {}, 405, 12],
      ['PUT', '/v1/logs', {}, 405, 12],
      ['DELETE', '/v1/logs', {}, 405, 12],
      ['POST', '/v1/nothing', {}, 404, 5],
      ['POST', '/', {}, 404, 5],
      ['POST', '/v1/logs/', {}, 404, 5],
      ['POST', '/v1/../v1/logs', {}, 404, 5],
      ['POST', '/v1/logs', { 'content-type': 'text/plain' }, 415, 3],
      ['POST', '/v1/logs', { 'content-type': 'application/x-protobuffer' }, 415, 3],
      ['POST', '/v1/logs', { 'content-type': '' }, 415, 3],
      ['POST', '/v1/logs', { 'content-type': 'application/json; charset=utf-16' }, 415, 3],
      ['POST', '/v1/logs', { 'content-encoding': 'snappy' }, 415, 3],
      ['POST', '/v1/logs', { 'content-encoding': 'lz4' }, 415, 3],
      ['POST', '/v1/logs', { 'content-encoding': 'gzip, gzip' }, 415, 3],
      ['POST', '/v1/logs', { 'content-encoding': 'gzip' }, 400, 3],
      ['POST', '/v1/logs', { 'content-type': json }, 400, 3],
    ])('%s %s %j is answered with a Status', async (method, path, headers, status, code) => {
      const answer = await sendHttp(product.http, { method, path, headers, body });
      expect(answer.status).toBe(status);
      expect(statusIn(answer)).toMatchObject({ code, message: expect.stringMatching(/./) as string });
      expect(product.collected).toEqual([]);
    });

    it('names the methods of a path', async () => {
      expect((await sendHttp(product.http, { method: 'GET', body })).headers['allow']).toBe('POST');
    });

    it('a path with a query is the path', async () => {
      expect((await sendHttp(product.http, { path: '/v1/logs?a=b', body })).status).toBe(200);
    });
  });
});
