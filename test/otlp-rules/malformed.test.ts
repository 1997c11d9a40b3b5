import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { logsBatch } from 'sluice/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../src/plugin/index.ts';
import { startProduct as startAnyProduct, type Product } from './product.ts';
import { callGrpc, json, sendHttp, statusIn } from './senders.ts';

describe.each(['lean', 'node'] as const)('with HTTP by %s', (httpTransport) => {
  const startProduct = (options: Parameters<typeof startAnyProduct>[0] = {}): Promise<Product> =>
    startAnyProduct({ ...options, httpTransport });

  let product: Product;
  beforeAll(async () => {
    product = await startProduct();
  });
  afterAll(() => product.stop());
  beforeEach(() => (product.collected as Batch[]).splice(0));

  const good = Buffer.from(logsBatch([{ body: 'a' }]).bytes);
  const fixture = readFileSync(new URL('../fixtures/logs.ascending.pb', import.meta.url));

  /** A field with a length, of a number below 16. */
  function field(number: number, content: Uint8Array): Buffer {
    const size: number[] = [];
    let rest = content.length;
    for (; rest > 0x7f; rest >>= 7) size.push((rest & 0x7f) | 0x80);
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...size, rest]), content]);
  }

  /** A request with one log record of these bytes. */
  const record = (bytes: Uint8Array): Buffer => field(1, field(2, field(2, bytes)));

  async function refused(body: Uint8Array, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    const answer = await sendHttp(product.http, { body, headers });
    expect(answer.status).toBe(400);
    expect(statusIn(answer)).toMatchObject({ code: 3, message: expect.stringMatching(/./) as string });
  }

  describe('fault 31: a value nested 10,000 deep', () => {
    const depth = 10_000;
    /** AnyValue { array_value { values { … } } }, from the inside out. */
    const nested = (): Buffer => {
      let value: Buffer = Buffer.from([0x0a, 1, 0x61]);
      for (let i = 0; i < depth; i++) value = field(5, field(1, value));
      return record(field(5, value));
    };
    const nestedMaps = (): Buffer => {
      let value: Buffer = Buffer.from([0x0a, 1, 0x61]);
      for (let i = 0; i < depth; i++) value = field(6, field(1, field(2, value)));
      return record(field(6, Buffer.concat([field(1, Buffer.from('k')), field(2, value)])));
    };

    it.each([
      ['lists', nested],
      ['maps', nestedMaps],
    ])('in protobuf, of %s, is refused over HTTP and gRPC, and not handed on', async (_what, make) => {
      const body = make();
      await refused(body);
      expect(await callGrpc(product.grpc, body)).toMatchObject({ code: 3, retryAfterMs: undefined });
      expect(product.collected).toEqual([]);
    });

    it.each([
      ['lists', '{"arrayValue":{"values":[', ']}}'],
      ['maps', '{"kvlistValue":{"values":[{"key":"k","value":', '}]}}'],
    ])('in JSON, of %s, is refused, and not handed on', async (_what, open, close) => {
      const value = `${open.repeat(depth)}{"stringValue":"a"}${close.repeat(depth)}`;
      const text = `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${value}}]}]}]}`;
      await refused(Buffer.from(text), { 'content-type': json });
      expect(product.collected).toEqual([]);
    });

    it('in JSON where nobody looks is refused or passed over, and does no harm', async () => {
      const text = `{"unknown":${'['.repeat(depth)}${']'.repeat(depth)}}`;
      const answer = await sendHttp(product.http, { headers: { 'content-type': json }, body: Buffer.from(text) });
      expect([200, 400]).toContain(answer.status);
    });
  });

  describe('fault 32: a request that is malformed', () => {
    it.each([
      ['a truncated one', good.subarray(0, -1)],
      ['a field number of 0', Buffer.concat([good, Buffer.from([0x02, 0])])],
      ['a wire type that is none', Buffer.concat([good, Buffer.from([0x0f])])],
      ['a group that does not end', Buffer.concat([good, Buffer.from([0x0b])])],
      ['a length beyond the end', Buffer.from([0x0a, 0x7f, 1])],
      ['a length of 2^63', Buffer.from([0x0a, 255, 255, 255, 255, 255, 255, 255, 255, 127])],
      ['a varint of eleven bytes', Buffer.from([0x08, ...Array.from({ length: 11 }, () => 0xff), 0])],
      ['a resource of the wrong wire type', Buffer.from([0x08, 1])],
      ['text', Buffer.from('hello, how are you?')],
    ])('%s is 400 with a Status, and INVALID_ARGUMENT', async (_what, body) => {
      await refused(body);
      expect(await callGrpc(product.grpc, body)).toMatchObject({ code: 3, retryAfterMs: undefined });
      expect(product.collected).toEqual([]);
    });

    it.each([
      '{',
      '[]',
      '"a"',
      '1',
      'null',
      '{"resourceLogs":{}}',
      '{"resourceLogs":[1]}',
      '{"resourceLogs":[{]}',
      '\ufeff{}x',
      '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":"soon"}]}]}]}',
    ])('JSON %j is 400 with a Status', async (text) => {
      await refused(Buffer.from(text), { 'content-type': json });
      expect(product.collected).toEqual([]);
    });

    it('a million tiny fields cost less than two seconds, wherever they are', async () => {
      const tiny = Buffer.alloc(2_000_000);
      for (let i = 0; i < tiny.length; i += 2) tiny.set([0x0a, 0], i);
      for (const body of [tiny, field(1, tiny), field(1, field(2, tiny)), record(tiny)]) {
        const startedAt = performance.now();
        const { status } = await sendHttp(product.http, { body });
        expect([200, 400]).toContain(status);
        expect(performance.now() - startedAt).toBeLessThan(2000);
      }
      expect((await sendHttp(product.http, { body: good })).status).toBe(200);
    });

    it('any bytes are answered 200 or 400, and the product serves on', async () => {
      const flips = fc.array(fc.tuple(fc.nat(fixture.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
      const mutated = flips.map((changes) => {
        const bytes = Buffer.from(fixture);
        for (const [at, value] of changes) bytes[at] = value;
        return bytes;
      });
      const bytes = fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
        mutated,
      );
      const property = fc.asyncProperty(bytes, fc.constantFrom(json, 'application/x-protobuf'), async (body, type) => {
        const answer = await sendHttp(product.http, { headers: { 'content-type': type }, body });
        expect([200, 400]).toContain(answer.status);
        if (answer.status === 400) expect(statusIn(answer)).toMatchObject({ code: 3 });
      });
      await fc.assert(property, { numRuns: 400, interruptAfterTimeLimit: 4000 });
      (product.collected as Batch[]).splice(0);
      expect((await sendHttp(product.http, { body: good })).status).toBe(200);
      expect(product.collected).toHaveLength(1);
    });
  });
});
