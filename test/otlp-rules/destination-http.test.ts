import { logsBatch } from 'sluice/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startProduct, type Product } from './product.ts';
import { callGrpc, json, protobuf, sendHttp, statusIn, type HttpAnswer } from './senders.ts';
import { httpSink, type Scripted, type Sink } from './sink.ts';

/** What a destination answers over HTTP decides whether the data is sent again, and what the sender hears. */

let sink: Sink<Scripted>;
let product: Product;
beforeAll(async () => {
  sink = await httpSink();
  const retry = 'retry_on_failure: { initial_interval: 10ms, max_interval: 20ms }';
  product = await startProduct({
    exporters: { otlp_http: `{ endpoint: '${sink.url}', compression: none, ${retry} }` },
  });
});
afterAll(async () => {
  await product.stop();
  await sink.stop();
});
afterEach(() => {
  sink.script.length = 0;
  sink.arrivals.length = 0;
});

const two = logsBatch([{ body: 'a' }, { body: 'b' }]).bytes;
const one = logsBatch([{ body: 'a' }]).bytes;
const send = (body = one): Promise<HttpAnswer> => sendHttp(product.http, { body });

describe('OTLP/HTTP: a status that may be sent again', () => {
  it.each([429, 502, 503, 504])(
    '%i is sent again until it is taken, and the sender hears only that',
    async (status) => {
      sink.script.push({ status }, { status });
      expect((await send()).status).toBe(200);
      expect(sink.arrivals).toHaveLength(3);
      expect(new Set(sink.arrivals.map(({ body }) => body.toString('hex'))).size).toBe(1);
    },
  );
});

describe('OTLP/HTTP: all other 4xx and 5xx MUST NOT be sent again', () => {
  const others = [400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 414, 415, 416, 417, 418, 421, 422];
  others.push(423, 424, 425, 426, 428, 431, 451, 500, 501, 505, 506, 507, 508, 510, 511);
  it.each(others)('%i is sent once, and the sender is told that it never goes through', async (status) => {
    const failed = product.count('otelcol_exporter_send_failed_log_records');
    sink.script.push({ status, body: 'because', headers: { 'content-type': 'text/plain' } });
    const answer = await send();
    expect(answer.status).toBe(400);
    expect(statusIn(answer)).toEqual({ code: 3, message: `HTTP ${status}: because` });
    expect(sink.arrivals).toHaveLength(1);
    expect(product.count('otelcol_exporter_send_failed_log_records') - failed).toBe(1);
  });

  it.each([301, 302, 307, 308])('%i is not followed', async (status) => {
    sink.script.push({ status, headers: { location: `${sink.url}/elsewhere` } });
    expect((await send()).status).toBe(400);
    expect(sink.arrivals).toHaveLength(1);
  });
});

describe('OTLP/HTTP: a request that is too large for the destination', () => {
  it('413 is sent in halves, each record once', async () => {
    sink.script.push({ status: 413 });
    expect((await send(two)).status).toBe(200);
    expect(sink.arrivals.map(({ body }) => body.length < two.length)).toEqual([false, true, true]);
  });

  it('413 for a single record is for good', async () => {
    sink.script.push({ status: 413 });
    expect((await send()).status).toBe(400);
    expect(sink.arrivals).toHaveLength(1);
  });
});

describe('OTLP/HTTP: Retry-After', () => {
  it.each([
    [503, () => '1', 950, 2500],
    [429, () => '1', 950, 2500],
    // A date has whole seconds: two seconds ahead is one to two seconds away.
    [503, () => new Date(Date.now() + 2000).toUTCString(), 900, 3500],
  ])('%i with %s is waited for', async (status, value, atLeast, atMost) => {
    sink.script.push({ status, headers: { 'retry-after': value() } });
    expect((await send()).status).toBe(200);
    const [first, second] = sink.arrivals.map(({ at }) => at) as [number, number];
    expect(second - first).toBeGreaterThan(atLeast);
    expect(second - first).toBeLessThan(atMost);
  });

  it.each(['soon', '-1', ''])('%j says nothing, and the usual wait holds', async (value) => {
    sink.script.push({ status: 503, headers: { 'retry-after': value } });
    expect((await send()).status).toBe(200);
    const [first, second] = sink.arrivals.map(({ at }) => at) as [number, number];
    expect(second - first).toBeLessThan(900);
  });
});

describe('OTLP/HTTP: partial success', () => {
  // rejected_log_records: 1, error_message: "old"
  const rejected = Uint8Array.of(0x0a, 7, 0x08, 1, 0x12, 3, 0x6f, 0x6c, 0x64);
  const warning = Uint8Array.of(0x0a, 5, 0x12, 3, 0x6f, 0x6c, 0x64);
  it.each([
    [protobuf, rejected, 1],
    [json, '{"partialSuccess":{"rejectedLogRecords":"1","errorMessage":"old"}}', 1],
    [json, '{"partialSuccess":{"rejectedLogRecords":1,"errorMessage":"old"}}', 1],
    [protobuf, warning, 0],
    [json, '{"partialSuccess":{"errorMessage":"old"}}', 0],
    [json, '{}', 0],
    [protobuf, new Uint8Array(0), 0],
  ])('%s: it MUST NOT be sent again, and what was rejected is counted, %#', async (type, body, expected) => {
    const failed = product.count('otelcol_exporter_send_failed_log_records');
    const sent = product.count('otelcol_exporter_sent_log_records');
    sink.script.push({ status: 200, headers: { 'content-type': type }, body });
    expect((await send(two)).status).toBe(200);
    expect(sink.arrivals).toHaveLength(1);
    expect(product.count('otelcol_exporter_send_failed_log_records') - failed).toBe(expected);
    expect(product.count('otelcol_exporter_sent_log_records') - sent).toBe(2 - expected);
  });
});

it('OTLP/HTTP: an answer of more than it may be is read no further, and is a success all the same', async () => {
  sink.script.push({ status: 200, headers: { 'content-type': protobuf }, body: Buffer.alloc(5 * 1024 * 1024, 0x0a) });
  expect((await send()).status).toBe(200);
  expect(sink.arrivals).toHaveLength(1);
});

it('a sender by gRPC hears INVALID_ARGUMENT for what the destination refuses for good', async () => {
  sink.script.push({ status: 404 });
  expect(await callGrpc(product.grpc, one)).toMatchObject({ code: 3, details: 'HTTP 404', retryAfterMs: undefined });
});
